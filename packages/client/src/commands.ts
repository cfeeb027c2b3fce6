import { StartRun } from '@apex/protocol/endpoints/chat/start-run'
import { StopRun } from '@apex/protocol/endpoints/chat/stop-run'
import type { Run } from '@apex/protocol/run'
import { backoffMs } from './backoff.ts'
import { ApiError, isRetryable } from './errors.ts'
import type { HttpClient } from './http-client.ts'
import type { Timers } from './timers.ts'

/** A message on its way. It stays until its thread shows it, or until it is discarded after a failure. */
export type PendingMessage = {
  commandId: string
  messageId: string
  threadId: string
  parentMessageId: string | null
  text: string
  state: 'sending' | 'waiting' | 'sent' | 'failed'
  /** Why it waits or failed. */
  error: Error | null
}

/** What a command gave: the run, and the position in the log from which its story is told. */
export type CommandResult = { run: Run; seq: number }

type Draft = { threadId: string; text: string; parentMessageId?: string | null }

/** How long a command is tried again before it fails and waits for a person. */
const PATIENCE_MS = 60_000

/**
 * Starts and stops runs so that one intent has one effect: ids are made before the first try and every further try
 * repeats them. Messages are kept in an outbox in memory, in the order they were written.
 */
export class Commands {
  readonly #http: HttpClient
  readonly #newId: () => string
  readonly #timers: Timers
  readonly #random: () => number
  readonly #patienceMs: number
  readonly #listeners = new Set<() => void>()
  readonly #waiting = new Set<() => void>()
  #outbox: readonly PendingMessage[] = []

  constructor(options: {
    http: HttpClient
    /** Makes a UUID of version 7. */
    newId: () => string
    timers: Timers
    random: () => number
    patienceMs?: number
  }) {
    this.#http = options.http
    this.#newId = options.newId
    this.#timers = options.timers
    this.#random = options.random
    this.#patienceMs = options.patienceMs ?? PATIENCE_MS
  }

  /** Messages that their threads do not show yet; a new array with every change. */
  outbox(): readonly PendingMessage[] {
    return this.#outbox
  }

  /** Calls back after each change of the outbox; the returned function ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Posts a message and starts its run; rejects with the error that it failed with. */
  startRun(draft: Draft): Promise<CommandResult> {
    const { threadId, text, parentMessageId = null } = draft
    const ids = { commandId: this.#newId(), messageId: this.#newId() }
    const message: PendingMessage = { ...ids, threadId, text, parentMessageId, state: 'sending', error: null }
    this.#replace([...this.#outbox, message])
    return this.#send(message)
  }

  /** Sends a failed message again, as the same message. */
  retry(messageId: string): Promise<CommandResult> {
    const message = this.#outbox.find((pending) => pending.messageId === messageId && pending.state === 'failed')
    if (!message) return Promise.reject(new Error(`No failed message ${messageId} is in the outbox.`))
    return this.#send(message)
  }

  /** Takes messages out of the outbox: those a thread shows by now, or one that is given up. */
  forget(messageIds: Iterable<string>): void {
    const gone = new Set(messageIds)
    const kept = this.#outbox.filter(({ messageId }) => !gone.has(messageId))
    if (kept.length < this.#outbox.length) this.#replace(kept)
  }

  /** Stops a run; a run that has ended stays as it ended. */
  stopRun(runId: string, signal?: AbortSignal): Promise<CommandResult> {
    const body = { commandId: this.#newId() }
    return this.#patiently(() => this.#http.call(StopRun, { params: { runId }, body, ...(signal && { signal }) }))
  }

  /** Ends the waiting times, as when the network is back. */
  retryNow(): void {
    for (const go of this.#waiting) go()
  }

  async #send({ messageId, commandId, threadId, parentMessageId, text }: PendingMessage): Promise<CommandResult> {
    this.#update(messageId, { state: 'sending', error: null })
    try {
      const result = await this.#patiently(
        () => {
          this.#update(messageId, { state: 'sending' })
          const body = { commandId, messageId, parentMessageId, text }
          return this.#http.call(StartRun, { params: { threadId }, body })
        },
        (error) => this.#update(messageId, { state: 'waiting', error }),
      )
      this.#update(messageId, { state: 'sent', error: null })
      return result
    } catch (error) {
      this.#update(messageId, { state: 'failed', error: error instanceof Error ? error : new Error(String(error)) })
      throw error
    }
  }

  async #patiently<T>(attempt: () => Promise<T>, onWait?: (error: Error) => void): Promise<T> {
    const giveUpAtMs = this.#timers.now() + this.#patienceMs
    for (let failures = 0; ; failures++) {
      try {
        return await attempt()
      } catch (error) {
        const askedMs = error instanceof ApiError ? (error.retryAfter ?? 0) * 1000 : 0
        const delayMs = Math.max(askedMs, backoffMs(failures, this.#random))
        if (!isRetryable(error) || this.#timers.now() + delayMs > giveUpAtMs) throw error
        onWait?.(error as Error)
        await this.#wait(delayMs)
      }
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        cancel()
        this.#waiting.delete(go)
        resolve()
      }
      const cancel = this.#timers.after(ms, go)
      this.#waiting.add(go)
    })
  }

  #update(messageId: string, change: Partial<PendingMessage>): void {
    this.#replace(
      this.#outbox.map((message) => (message.messageId === messageId ? { ...message, ...change } : message)),
    )
  }

  #replace(outbox: readonly PendingMessage[]): void {
    this.#outbox = outbox
    for (const listener of this.#listeners) listener()
  }
}
