import type { ClientFrame } from '@apex/protocol/frame'
import type { ThreadEvent } from '@apex/protocol/thread-event'
import { Session, type SessionOptions } from '../session.ts'
import { ManualTimers, settle } from './manual-timers.ts'
import { SimulatedServer } from './simulated-server.ts'
import { posted, ThreadLog, uuid } from './thread-log.ts'

/** The stream of a staged session. */
export const SESSION_THREAD = `thread:${uuid(1)}`

/** A session with a simulated server, a clock and a log to follow. */
export function stageSession(options: Partial<SessionOptions> & { random?: () => number } = {}) {
  const server = new SimulatedServer()
  const timers = new ManualTimers()
  const log = new ThreadLog(uuid(1))
  server.host(log)
  const session = new Session({
    openSocket: server.openSocket,
    ticket: server.ticket,
    readEvents: server.readEvents,
    clientId: 'client',
    tabId: 'tab',
    timers,
    random: () => 0.5,
    ...options,
  })
  const seen: ThreadEvent[] = []
  const resets: number[] = []
  const follow = (from: { epoch: number; seq: number } | null = null) =>
    session.follow(SESSION_THREAD, from, {
      events: (events) => void seen.push(...events),
      reset: (epoch) => {
        seen.length = 0
        resets.push(epoch)
      },
    })
  const write = (count = 1) => {
    for (let n = 0; n < count; n++) log.append(posted(`message ${n}`), { messageId: uuid(0x500 + log.events.length) })
    server.flush()
  }
  const sent = <K extends ClientFrame['kind']>(kind: K) =>
    server.sockets
      .flatMap(({ received }) => received)
      .filter((frame): frame is Extract<ClientFrame, { kind: K }> => frame.kind === kind)
  return { server, timers, log, session, seen, resets, follow, write, sent }
}

/** A stage whose session is live on the thread. */
export async function liveSession(options: Partial<SessionOptions> = {}) {
  const set = stageSession(options)
  set.follow()
  set.session.start()
  await settle()
  if (set.session.status().status !== 'live') throw new Error('The session did not get live.')
  return set
}
