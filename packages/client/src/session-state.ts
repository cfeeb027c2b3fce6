import { CLOSE_CODES, type CloseAction } from '@apex/protocol/close-code'
import { LIMITS } from '@apex/protocol/limits'
import { backoffMs } from './backoff.ts'

/*
 *                      caught-up            goaway
 *  idle ─start─▶ connecting ─────▶ live ───────────▶ handover ─caught-up─▶ live
 *                 ▲    │             │                 │   │
 *       due,retry │    │ lost        │ lost            │   │ replaced-lost: connecting, or waiting
 *                 │    ▼             ▼                 ▼ lost: opens the successor again
 *                waiting ◀───────────┘              handover
 *                 │  ▲
 *         offline │  │          any state but ended: offline ─▶ offline ─online, retry─▶ connecting
 *                 ▼  │          any state: end, or a loss whose action is stop ─▶ ended
 *                offline
 *
 * Two sockets exist only in handover: the replaced one delivers until its successor has caught up.
 */

/** Why a session is over: the last thing to tell the person. */
export type EndReason = 'closed' | 'version' | 'protocol' | 'forbidden' | 'signed-out' | 'too-many-sockets' | 'tickets'

/** How many tries have failed since the last stable time, and how many in a row for their ticket. */
type Tries = { failures: number; badTickets: number; everLive: boolean }

export type SessionState =
  | { name: 'idle' }
  | ({ name: 'connecting' } & Tries)
  | ({ name: 'waiting'; retryAtMs: number } & Tries)
  | ({ name: 'live'; sinceMs: number } & Tries)
  /** `retryAtMs` until the successor is being opened, null from then on. */
  | ({ name: 'handover'; sinceMs: number; retryAtMs: number | null } & Tries)
  | ({ name: 'offline' } & Tries)
  | { name: 'ended'; reason: EndReason }

/** Why a connection is gone and what its close code asks for. */
export type Loss = { action: CloseAction; code: number; retryAfterMs?: number }

export type SessionInput =
  | { type: 'start' }
  /** The newest connection has replayed every stream. */
  | { type: 'caught-up' }
  /** The newest connection is gone, or could not be made. */
  | { type: 'lost'; loss: Loss }
  /** In a handover: the connection that is being replaced is gone. */
  | { type: 'replaced-lost'; loss: Loss }
  /** The server closes after `delayMs`; clients move within the window. */
  | { type: 'goaway'; delayMs: number; windowMs: number }
  /** The waiting time is over. */
  | { type: 'due' }
  /** A person wants the next try now. */
  | { type: 'retry' }
  | { type: 'offline' }
  | { type: 'online' }
  | { type: 'end' }

/** What the driver has to do, in order. */
export type SessionEffect = 'open' | 'wait' | 'close-all' | 'close-replaced' | 'drop-ticket' | 'drop-positions'

export type Transition = { state: SessionState; effects: readonly SessionEffect[] }

/** What a transition may know of the world. */
export type SessionWorld = { nowMs: number; random: () => number }

type Name = SessionState['name']
type StateOf<N extends Name> = Extract<SessionState, { name: N }>
type InputOf<T extends SessionInput['type']> = Extract<SessionInput, { type: T }>
type Row<N extends Name> = {
  [T in SessionInput['type']]: (state: StateOf<N>, input: InputOf<T>, world: SessionWorld) => Transition
}

const BAD_TICKETS_ALLOWED = 3

/** The state after an input, and what to do; the input of a state that has no use for it changes nothing. */
export function transition(state: SessionState, input: SessionInput, world: SessionWorld): Transition {
  // The table is complete by its type; only the pairing of a row with its own state is beyond the compiler.
  const step = TABLE[state.name][input.type] as (s: SessionState, i: SessionInput, w: SessionWorld) => Transition
  return step(state, input, world)
}

const TABLE: { [N in Name]: Row<N> } = {
  idle: {
    start: () => ({ state: connecting({ failures: 0, badTickets: 0, everLive: false }), effects: ['open'] }),
    'caught-up': stay,
    lost: stay,
    'replaced-lost': stay,
    goaway: stay,
    due: stay,
    retry: stay,
    offline: stay,
    online: stay,
    end: close,
  },
  connecting: {
    start: stay,
    'caught-up': goLive,
    lost: giveWay,
    'replaced-lost': stay,
    goaway: (state, input, world) => ({
      state: { ...state, name: 'waiting', retryAtMs: moveAt(input, world) },
      effects: ['close-all', 'wait'],
    }),
    due: stay,
    retry: stay,
    offline: goOffline,
    online: stay,
    end: close,
  },
  waiting: {
    start: stay,
    'caught-up': stay,
    lost: stay,
    'replaced-lost': stay,
    goaway: stay,
    due: reconnect,
    retry: reconnect,
    offline: goOffline,
    online: reconnect,
    end: close,
  },
  live: {
    start: stay,
    'caught-up': stay,
    lost: giveWay,
    'replaced-lost': stay,
    goaway: (state, input, world) => ({
      state: { ...state, name: 'handover', retryAtMs: moveAt(input, world) },
      effects: ['wait'],
    }),
    due: stay,
    retry: stay,
    offline: goOffline,
    online: stay,
    end: close,
  },
  handover: {
    start: stay,
    'caught-up': (state, input, world) => {
      if (state.retryAtMs !== null) return stay(state)
      const next = goLive(state, input, world)
      return { ...next, effects: ['close-replaced', ...next.effects] }
    },
    lost: (state, { loss }, world) => {
      const next = giveWay(state, { type: 'lost', loss }, world)
      if (next.state.name !== 'waiting' || loss.action === 'reset') return next
      return { ...next, state: { ...next.state, name: 'handover', sinceMs: state.sinceMs } }
    },
    'replaced-lost': (state, { loss }, world) => {
      if (loss.action !== 'reconnect') return giveWay(state, { type: 'lost', loss }, world, ['close-all'])
      const { retryAtMs, sinceMs: _, ...tries } = state
      if (retryAtMs === null) return { state: connecting(tries), effects: [] }
      return { state: { ...tries, name: 'waiting', retryAtMs }, effects: [] }
    },
    goaway: stay,
    due: (state) => ({ state: { ...state, retryAtMs: null }, effects: state.retryAtMs === null ? [] : ['open'] }),
    retry: stay,
    offline: goOffline,
    online: stay,
    end: close,
  },
  offline: {
    start: stay,
    'caught-up': stay,
    lost: stay,
    'replaced-lost': stay,
    goaway: stay,
    due: stay,
    retry: reconnect,
    offline: stay,
    online: reconnect,
    end: close,
  },
  ended: {
    start: stay,
    'caught-up': stay,
    lost: stay,
    'replaced-lost': stay,
    goaway: stay,
    due: stay,
    retry: stay,
    offline: stay,
    online: stay,
    end: stay,
  },
}

function stay(state: SessionState): Transition {
  return { state, effects: [] }
}

function connecting(tries: Tries): SessionState {
  const { failures, badTickets, everLive } = tries
  return { name: 'connecting', failures, badTickets, everLive }
}

function goLive(state: SessionState & Tries, _input: unknown, world: SessionWorld): Transition {
  const { failures } = state
  return { state: { name: 'live', sinceMs: world.nowMs, failures, badTickets: 0, everLive: true }, effects: [] }
}

/** When to open the successor: spread over the window, and while the present connection still lives if it does. */
function moveAt({ delayMs, windowMs }: InputOf<'goaway'>, world: SessionWorld): number {
  const spreadMs = delayMs > 0 ? Math.min(windowMs, delayMs * 0.8) : windowMs
  return world.nowMs + world.random() * spreadMs
}

function reconnect(state: SessionState & Tries): Transition {
  return { state: connecting(state), effects: ['open'] }
}

function goOffline(state: SessionState): Transition {
  const tries = 'failures' in state ? state : { failures: 0, badTickets: 0, everLive: false }
  const { failures, badTickets, everLive } = tries
  return { state: { name: 'offline', failures, badTickets, everLive }, effects: ['close-all'] }
}

function close(): Transition {
  return { state: { name: 'ended', reason: 'closed' }, effects: ['close-all'] }
}

/** After a loss: stop, or try again after a random time that grows with each failure since the last stable time. */
function giveWay(
  state: SessionState & Tries & { sinceMs?: number },
  { loss }: { type: 'lost'; loss: Loss },
  world: SessionWorld,
  first: readonly SessionEffect[] = [],
): Transition {
  const badTickets = loss.code === CLOSE_CODES.ticketInvalid ? state.badTickets + 1 : 0
  const reason = badTickets >= BAD_TICKETS_ALLOWED ? 'tickets' : endReason(loss)
  if (reason) return { state: { name: 'ended', reason }, effects: ['close-all'] }
  const stable = state.sinceMs !== undefined && world.nowMs - state.sinceMs >= LIMITS.stableLiveMs
  const failures = stable ? 0 : state.failures
  const delayMs = Math.max(backoffMs(failures, world.random), loss.retryAfterMs ?? 0)
  const cleanUp: SessionEffect[] = []
  if (loss.action === 'new-ticket' || loss.action === 'reset') cleanUp.push('drop-ticket')
  if (loss.action === 'reset') cleanUp.push('close-all', 'drop-positions')
  return {
    state: {
      name: 'waiting',
      failures: failures + 1,
      badTickets,
      everLive: state.everLive,
      retryAtMs: world.nowMs + delayMs,
    },
    effects: [...first, ...cleanUp, 'wait'],
  }
}

const STOP_REASONS: Record<number, EndReason> = {
  [CLOSE_CODES.frameTooLarge]: 'protocol',
  [CLOSE_CODES.unsupportedVersion]: 'version',
  [CLOSE_CODES.protocolViolation]: 'protocol',
  [CLOSE_CODES.forbidden]: 'forbidden',
  [CLOSE_CODES.sessionEnded]: 'signed-out',
  [CLOSE_CODES.identityChanged]: 'signed-out',
  [CLOSE_CODES.tooManySockets]: 'too-many-sockets',
}

function endReason(loss: Loss): EndReason | null {
  if (loss.action === 'none') return 'closed'
  return loss.action === 'stop' ? (STOP_REASONS[loss.code] ?? 'forbidden') : null
}
