import type { Log } from '@apex/kit/log'
import type { ThreadKey } from '../runs/journal.ts'
import type { Wake } from '../threads/wake.ts'
import { type ReadLog, ThreadFeed } from './thread-feed.ts'

/** A feed in use; it ends when its last user releases it. */
export type FeedLease = { feed: ThreadFeed; release: () => void }

/** The feeds of this node, one for each thread that somebody watches. */
export class ThreadFeeds {
  readonly #options: { wake: Wake; read: ReadLog; log: Log }
  readonly #feeds = new Map<string, { feed: ThreadFeed; users: number }>()

  constructor(options: { wake: Wake; read: ReadLog; log: Log }) {
    this.#options = options
  }

  acquire(thread: ThreadKey): FeedLease {
    const key = `${thread.organizationId}\n${thread.threadId}`
    const entry = this.#feeds.get(key) ?? { feed: new ThreadFeed({ thread, ...this.#options }), users: 0 }
    this.#feeds.set(key, entry)
    entry.users += 1
    let released = false
    return {
      feed: entry.feed,
      release: () => {
        if (released) return
        released = true
        entry.users -= 1
        if (entry.users > 0) return
        entry.feed.close()
        this.#feeds.delete(key)
      },
    }
  }

  /** How many threads are watched on this node. */
  get size(): number {
    return this.#feeds.size
  }
}
