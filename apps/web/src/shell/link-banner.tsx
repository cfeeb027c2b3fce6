import type { SessionStatus } from '@apex/client/session-status'
import { useEffect, useState } from 'react'
import { useWorkspace } from '../app/app-context.tsx'
import { useStore } from '../app/store.ts'
import { formatWait } from '../format/duration.ts'
import { strings } from '../strings.ts'

/** A blip heals before anybody has read a banner, so a lost connection is told only after this time. */
const TELL_AFTER_MS = 1_200

/** Says what to expect while the page is not live, with a way to try at once. */
export function LinkBanner() {
  const { link } = useWorkspace()
  const status = useStore(link)
  const told = useTold(status)
  if (!told) return null
  return (
    <div className="banner" role="status">
      <span>{bannerText(status)}</span>
      {status.status === 'reconnecting' && (
        <>
          <Countdown until={status.nextTryAtMs} />
          <button type="button" className="plain" onClick={link.reconnectNow}>
            {strings.link.reconnectNow}
          </button>
        </>
      )}
      {status.status === 'ended' && (
        <button type="button" className="plain" onClick={() => window.location.reload()}>
          {status.reason === 'too-many-sockets' ? strings.link.useHere : strings.link.reload}
        </button>
      )}
    </div>
  )
}

function useTold(status: SessionStatus): boolean {
  const [told, setTold] = useState(false)
  const down = status.status !== 'live' && status.status !== 'connecting'
  const leaving = status.status === 'ended' && (status.reason === 'signed-out' || status.reason === 'closed')
  useEffect(() => {
    if (!down || leaving) return setTold(false)
    const timer = setTimeout(() => setTold(true), TELL_AFTER_MS)
    return () => clearTimeout(timer)
  }, [down, leaving])
  return told && down && !leaving
}

function bannerText(status: SessionStatus): string {
  if (status.status === 'offline') return strings.link.offlineBanner
  if (status.status !== 'ended') return strings.link.reconnectingBanner
  return status.reason === 'too-many-sockets' ? strings.link.tooManySockets : strings.link.stoppedBanner
}

function Countdown({ until }: { until: number | null }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  const seconds = until === null ? 0 : Math.ceil((until - now) / 1000)
  return (
    <span className="second" aria-hidden="true">
      {seconds > 0 ? strings.link.nextTry(formatWait(seconds)) : strings.link.trying}
    </span>
  )
}
