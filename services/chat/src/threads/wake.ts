import type { ThreadKey, UserKey } from '../runs/journal.ts'

/** A thread has events up to `seq`, or has been deleted. */
export type ThreadWake = ThreadKey & { epoch: number; seq: number; deleted: boolean }

/** Something a person's thread list shows has changed. */
export type UserWake = UserKey & { threadId: string }

/** Tells readers that there is something to read; it may be lost or repeated, and carries no content. */
export type Wake = {
  announceThread(wake: ThreadWake): void
  announceUser(wake: UserWake): void
  /** Calls back on each wake of the thread until the returned function is called. */
  onThread(thread: ThreadKey, listener: (wake: ThreadWake) => void): () => void
  onUser(user: UserKey, listener: (wake: UserWake) => void): () => void
  watchedThreads(): ThreadKey[]
  watchedUsers(): UserKey[]
}

/** Wakes within this process; what other nodes append is noticed by `HeadPoll`. */
export function createWake(): Wake {
  const threads = new Topics<ThreadKey, ThreadWake>((key) => `${key.organizationId}\n${key.threadId}`)
  const users = new Topics<UserKey, UserWake>((key) => `${key.organizationId}\n${key.userId}`)
  return {
    announceThread: (wake) => threads.announce(wake, wake),
    announceUser: (wake) => users.announce(wake, wake),
    onThread: (thread, listener) => threads.listen(thread, listener),
    onUser: (user, listener) => users.listen(user, listener),
    watchedThreads: () => threads.watched(),
    watchedUsers: () => users.watched(),
  }
}

class Topics<Key, Message> {
  readonly #nameOf: (key: Key) => string
  readonly #topics = new Map<string, { key: Key; listeners: Set<(message: Message) => void> }>()

  constructor(nameOf: (key: Key) => string) {
    this.#nameOf = nameOf
  }

  announce(key: Key, message: Message): void {
    for (const listener of this.#topics.get(this.#nameOf(key))?.listeners ?? []) listener(message)
  }

  listen(key: Key, listener: (message: Message) => void): () => void {
    const name = this.#nameOf(key)
    const topic = this.#topics.get(name) ?? { key, listeners: new Set() }
    this.#topics.set(name, topic)
    topic.listeners.add(listener)
    return () => {
      topic.listeners.delete(listener)
      if (topic.listeners.size === 0 && this.#topics.get(name) === topic) this.#topics.delete(name)
    }
  }

  watched(): Key[] {
    return [...this.#topics.values()].map((topic) => topic.key)
  }
}
