import type { EndReason, SessionState } from './session-state.ts'

/** What a person is told about the connection. Times in milliseconds since 1970. */
export type SessionStatus =
  | { status: 'connecting' }
  | { status: 'live' }
  /** `nextTryAtMs` is null while a try is under way. */
  | { status: 'reconnecting'; nextTryAtMs: number | null; failures: number }
  | { status: 'offline' }
  | { status: 'ended'; reason: EndReason }

/** The status of a state; a handover is live, since events keep coming. */
export function statusOf(state: SessionState): SessionStatus {
  switch (state.name) {
    case 'live':
    case 'handover':
      return { status: 'live' }
    case 'connecting':
      if (!state.everLive && state.failures === 0) return { status: 'connecting' }
      return { status: 'reconnecting', nextTryAtMs: null, failures: state.failures }
    case 'waiting':
      return { status: 'reconnecting', nextTryAtMs: state.retryAtMs, failures: state.failures }
    case 'offline':
      return { status: 'offline' }
    case 'ended':
      return { status: 'ended', reason: state.reason }
    case 'idle':
      break
  }
  return { status: 'connecting' }
}
