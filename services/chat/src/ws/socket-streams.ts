import type { ServerFrame } from '@apex/protocol/frame'
import type { StreamState } from '@apex/protocol/frames/welcome'
import type { SocketContext } from './socket-context.ts'
import { type SubscriptionOutlet, ThreadSubscription } from './thread-subscription.ts'
import type { Viewer } from './viewer.ts'

type Wanted = { stream: string; epoch: number; seq: number }

export type SocketStreamsOptions = {
  context: Pick<SocketContext, 'feeds' | 'findThread' | 'limits' | 'wake'>
  outlet: { isWritable: () => boolean; send: (frame: ServerFrame) => void; sendReady: (frame: string) => void }
}

/** The streams one socket follows. What a person may not read is the same as what is not there: denied. */
export class SocketStreams {
  readonly #options: SocketStreamsOptions
  readonly #outlet: SubscriptionOutlet
  readonly #threads = new Map<string, ThreadSubscription>()
  readonly #users = new Map<string, () => void>()
  #closed = false

  constructor(options: SocketStreamsOptions) {
    this.#options = options
    const { isWritable, send, sendReady } = options.outlet
    this.#outlet = {
      get writable() {
        return isWritable()
      },
      send,
      sendReady,
    }
  }

  /** Whether these could be followed beside what is followed already. */
  fits(wanted: readonly Wanted[]): boolean {
    const names = new Set([...this.#threads.keys(), ...this.#users.keys(), ...wanted.map((each) => each.stream)])
    return names.size <= this.#options.context.limits.streamsPerSocket
  }

  /** Opens each stream at its position, anew if it was open; nothing is sent before `pump`. */
  async open(viewer: Viewer, wanted: readonly Wanted[]): Promise<StreamState[]> {
    const states: StreamState[] = []
    for (const each of wanted) {
      states.push(each.stream.startsWith('user:') ? this.#openUser(viewer, each) : await this.#openThread(viewer, each))
    }
    return states
  }

  drop(streams: readonly string[]): void {
    for (const stream of streams) {
      this.#threads.get(stream)?.end()
      this.#threads.delete(stream)
      this.#users.get(stream)?.()
      this.#users.delete(stream)
    }
  }

  pump(): void {
    for (const subscription of this.#threads.values()) void subscription.pump()
  }

  heads(): { stream: string; seq: number }[] {
    return [...this.#threads.values()].map(({ stream, head }) => ({ stream, seq: head }))
  }

  close(): void {
    this.#closed = true
    this.drop([...this.#threads.keys(), ...this.#users.keys()])
  }

  #openUser(viewer: Viewer, { stream }: Wanted): StreamState {
    if (stream !== `user:${viewer.userId}`) return denied(stream)
    this.drop([stream])
    const { wake } = this.#options.context
    const { send } = this.#options.outlet
    const unlisten = wake.onUser(viewer, ({ threadId }) => send({ kind: 'user_changed', stream, threadId }))
    this.#users.set(stream, unlisten)
    if (this.#closed) this.drop([stream])
    return { stream, epoch: 1, head: 0, state: 'ok' }
  }

  async #openThread(viewer: Viewer, { stream, epoch, seq }: Wanted): Promise<StreamState> {
    const { feeds, findThread } = this.#options.context
    const threadId = stream.slice('thread:'.length)
    this.drop([stream])
    // Listening comes before looking: what is appended in between is announced.
    const lease = feeds.acquire({ threadId, organizationId: viewer.organizationId })
    try {
      const thread = isId(threadId) ? await findThread(viewer, threadId) : undefined
      if (!thread) {
        lease.release()
        return denied(stream)
      }
      lease.feed.observe({ epoch: thread.epoch, seq: thread.lastSeq })
      const head = { stream, epoch: thread.epoch, head: thread.lastSeq }
      const unknown = epoch === 0 && seq === 0
      if (!unknown && (epoch !== thread.epoch || seq > lease.feed.head.seq)) {
        lease.release()
        return { ...head, state: 'reset' }
      }
      this.#follow(new ThreadSubscription({ stream, lease, outlet: this.#outlet, after: seq }))
      return { ...head, state: 'ok' }
    } catch (error) {
      lease.release()
      throw error
    }
  }

  #follow(subscription: ThreadSubscription): void {
    // The stream may have been named twice, and the socket may have closed meanwhile.
    this.drop([subscription.stream])
    if (this.#closed) return subscription.end()
    this.#threads.set(subscription.stream, subscription)
  }
}

function denied(stream: string): StreamState {
  return { stream, epoch: 0, head: 0, state: 'denied' }
}

function isId(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
}
