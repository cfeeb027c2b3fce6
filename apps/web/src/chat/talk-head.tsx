import { addDecimals } from '@apex/client/decimal'
import type { ThreadView } from '@apex/client/thread-view'
import { PanelLeft } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { loadPart } from '../app/load-part.ts'
import { formatMoney } from '../format/money.ts'
import { strings } from '../strings.ts'

const words = strings.chat
const ThreadMenu = lazy(async () => ({ default: (await loadPart(() => import('./thread-menu.tsx'))).ThreadMenu }))

/** The thread's title, what it has cost, and what can be done with it. */
export function TalkHead({
  threadId,
  title,
  view,
  onShowThreads,
}: {
  threadId: string
  title: string
  view: ThreadView
  onShowThreads: () => void
}) {
  const cost = threadCost(view)
  return (
    <div className="talk-head">
      <button type="button" className="ghost square only-narrow" aria-label={words.openThreads} onClick={onShowThreads}>
        <PanelLeft className="icon" aria-hidden="true" />
      </button>
      <h1 title={title}>{title}</h1>
      {view.runs.length > 0 && (
        <span className="quiet small nowrap wide">
          {cost === null ? words.run.unknownCost : words.inThread(formatMoney(cost))}
        </span>
      )}
      {view.seq > 0 && (
        <Suspense>
          <ThreadMenu threadId={threadId} title={title} />
        </Suspense>
      )}
    </div>
  )
}

/** What the runs of a thread cost together; null when one of them is not known. */
function threadCost(view: ThreadView): string | null {
  return view.runs.reduce<string | null>(
    (sum, { usage }) => (sum === null || usage.costUsd === null ? null : addDecimals(sum, usage.costUsd)),
    '0',
  )
}
