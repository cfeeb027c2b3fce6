import type { SessionStatus } from '@apex/client/session-status'
import { useEffect, useState } from 'react'
import { useWorkspace } from '../app/app-context.tsx'
import { useStore } from '../app/store.ts'
import { formatWait } from '../format/duration.ts'
import { strings } from '../strings.ts'

/** A blip heals before anybody has read a banner, so a lost connection is told only after this time. */
const TELL_AFTER_MS = 1_200

type Down = Extract<SessionStatus, { status: 'reconnecting' | 'offline' | 'ended' }>

/** Says what to expect while the page is not live, with a way to try at once. */
export function LinkBanner() {
  const { link } = useWorkspace()
  const status = useStore(link)
  if (status.status === 'live' || status.status === 'connecting') return null
  // Whoever leaves is told by the sign-in page.
  if (status.status === 'ended' && (status.reason === 'signed-out' || status.reason === 'closed')) return null
  return <LateBanner status={status} />
}

function LateBanner({ status }: { status: Down }) {
  const { link } = useWorkspace()
  const [told, setTold] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setTold(true), TELL_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  if (!told) return null
  return (
    <output className="banner">
      <span>{bannerText(status)}</span>
      {status.status === 'reconnecting' && (
        <>
          <Countdown until={status.nextTryAtMs} />
          <button type="button" className="plain" onClick={() => link.reconnectNow()}>
            {strings.link.reconnectNow}
          </button>
        </>
      )}
      {status.status === 'ended' && (
        <button type="button" className="plain" onClick={() => window.location.reload()}>
          {status.reason === 'too-many-sockets' ? strings.link.hereInstead : strings.link.reload}
        </button>
      )}
    </output>
  )
}

function bannerText(status: Down): string {
  if (status.status === 'offline') return strings.link.offlineBanner
  if (status.status === 'reconnecting') return strings.link.reconnectingBanner
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
