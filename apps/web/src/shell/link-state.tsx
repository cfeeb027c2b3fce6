import type { SessionStatus } from '@apex/client/session-status'
import { useWorkspace } from '../app/app-context.tsx'
import { useStore } from '../app/store.ts'
import { strings } from '../strings.ts'

const DOT: Record<SessionStatus['status'], string> = {
  live: 'ok',
  connecting: '',
  reconnecting: 'warn',
  offline: 'bad',
  ended: 'bad',
}

/** Whether what is on the page is live. */
export function LinkState() {
  const { link } = useWorkspace()
  const { status } = useStore(link)
  const name = status === 'ended' ? strings.link.stopped : strings.link[status]
  return (
    <output className="link-state" data-status={status}>
      <i className={`dot ${DOT[status]}`} aria-hidden="true" />
      {name}
    </output>
  )
}
