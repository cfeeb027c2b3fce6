import { useSyncExternalStore } from 'react'

const MINUTE_MS = 60_000

function minute(): number {
  return Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS
}

function subscribe(listener: () => void): () => void {
  const timer = setInterval(listener, MINUTE_MS / 4)
  return () => clearInterval(timer)
}

/** The present minute, so that what is called today stays today. */
export function useMinute(): Date {
  return new Date(useSyncExternalStore(subscribe, minute, minute))
}
