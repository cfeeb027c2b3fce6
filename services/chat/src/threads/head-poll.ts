import type { Clock } from '@apex/kit/clock'
import type { Log } from '@apex/kit/log'
import type { Sql } from 'postgres'
import { listRecentChanges, readHeads } from './thread-store.ts'
import type { Wake } from './wake.ts'

export type HeadPollOptions = { sql: Sql; wake: Wake; clock: Clock; log: Log; intervalMs?: number }

/**
 * Looks where watched threads and thread lists stand, so that a lost wake-up or another node's append is noticed within
 * half a second. Costs nothing while nobody watches.
 */
export class HeadPoll implements AsyncDisposable {
  readonly #options: HeadPollOptions
  readonly #stop = new AbortController()
  #versions = new Map<string, string>()
  #failing = false
  #loop: Promise<void> | undefined

  constructor(options: HeadPollOptions) {
    this.#options = options
  }

  start(): void {
    this.#loop ??= this.#run()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#loop
  }

  async #run(): Promise<void> {
    const { clock, intervalMs = 400, log } = this.#options
    while (!this.#stop.signal.aborted) {
      try {
        await Promise.all([this.#pollThreads(), this.#pollLists()])
        this.#failing = false
      } catch (error) {
        if (!this.#failing) log.warn({ error }, 'heads cannot be read; trying again')
        this.#failing = true
      }
      await clock.sleep(intervalMs, this.#stop.signal).catch(() => undefined)
    }
  }

  async #pollThreads(): Promise<void> {
    const { sql, wake } = this.#options
    const watched = wake.watchedThreads()
    if (watched.length === 0) return
    for (const { lastSeq, ...head } of await readHeads(sql, watched)) wake.announceThread({ ...head, seq: lastSeq })
  }

  async #pollLists(): Promise<void> {
    const { sql, wake } = this.#options
    const watched = wake.watchedUsers()
    const versions = new Map<string, string>()
    if (watched.length > 0) {
      for (const { version, ...change } of await listRecentChanges(sql, watched)) {
        versions.set(change.threadId, version)
        if (this.#versions.get(change.threadId) !== version) wake.announceUser(change)
      }
    }
    this.#versions = versions
  }
}
