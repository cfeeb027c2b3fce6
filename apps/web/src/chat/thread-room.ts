import type { Commands, PendingMessage } from '@apex/client/commands'
import { ApiError, UnreachableError } from '@apex/client/errors'
import type { Session } from '@apex/client/session'
import type { ReadEvents } from '@apex/client/stream-reader'
import { activeRun, applyEvents, createThreadView, type ThreadView } from '@apex/client/thread-view'
import { createStore, type Readable } from '../app/store.ts'
import type { Drafts } from './drafts.ts'

/** A thread as this page knows it: its log, and what the person did that is not in the log yet. */
export type RoomState = {
  /** `absent`: not there, or not this person's. */
  phase: 'loading' | 'ready' | 'absent'
  view: ThreadView
  /** Messages of this thread that its log does not show yet. */
  outgoing: readonly PendingMessage[]
  /** Texts that are sent one after the other when the present run has ended. */
  held: readonly string[]
  /** Runs that have been told to stop. */
  stopping: readonly string[]
}

/** What a room needs of the world. */
export type RoomWorld = {
  commands: Commands
  session: Pick<Session, 'follow' | 'status'>
  readEvents: ReadEvents
  drafts: Drafts
  /** Texts held back in this tab; another tab must not send them too. */
  heldTexts: Drafts
}

/** Without a live socket the log is read over plain HTTP, again and again after this time. */
const FALLBACK_EVERY_MS = 2_000

/**
 * One thread: follows its log, sends messages and stops runs. Everything shown as said comes from the log, or is marked
 * as on its way.
 */
export class ThreadRoom implements Readable<RoomState> {
  readonly threadId: string
  readonly #world: RoomWorld
  readonly #store
  readonly #leave: (() => void)[] = []
  #following = false
  /** Messages to be stopped as soon as their run is known. */
  readonly #stopOnceKnown = new Set<string>()

  constructor(threadId: string, world: RoomWorld) {
    this.threadId = threadId
    this.#world = world
    this.#store = createStore<RoomState>({
      phase: 'loading',
      view: createThreadView(threadId),
      outgoing: [],
      held: [],
      stopping: [],
    })
    this.#returnHeld()
  }

  get = (): RoomState => this.#store.get()
  subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener)

  /** Begins to follow the log; a thread that does not exist yet is followed from its first message on. */
  open(options: { isNew: boolean }): void {
    if (this.#leave.length === 0) this.#leave.push(this.#world.commands.subscribe(() => this.#readOutbox()))
    if (options.isNew || this.get().outgoing.length > 0) this.#patch({ phase: 'ready' })
    else this.#follow()
  }

  /** Stops following; what is known stays, and following goes on from there. */
  close(): void {
    for (const leave of this.#leave.splice(0)) leave()
    this.#following = false
  }

  /** Posts a text and starts its run. Blank text is nothing. */
  send(text: string): void {
    if (text.trim() === '') return
    const { threadId } = this
    const parentMessageId = this.#lastMessageId()
    void this.#watchDelivery(this.#world.commands.startRun({ threadId, text, parentMessageId }))
  }

  /** Tries a message again as the same message. */
  retry(messageId: string): void {
    void this.#watchDelivery(this.#world.commands.retry(messageId))
  }

  /** Gives up a message that failed. */
  discard(messageId: string): void {
    this.#world.commands.forget([messageId])
  }

  /** Keeps a text back until the present run has ended. */
  hold(text: string): void {
    if (text.trim() !== '') this.#setHeld([...this.get().held, text])
  }

  /** Takes a held text out again and returns it. */
  release(index: number): string {
    const { held } = this.get()
    this.#setHeld(held.filter((_, at) => at !== index))
    return held[index] ?? ''
  }

  /** The connection is back: what failed for want of it goes out by itself. */
  wake(): void {
    for (const message of this.get().outgoing) {
      if (message.state === 'failed' && message.error instanceof UnreachableError) this.retry(message.messageId)
    }
  }

  /** Whether a run is under way or about to be. */
  isBusy(): boolean {
    const { view, outgoing } = this.get()
    return activeRun(view) !== null || outgoing.some(({ state }) => state !== 'failed')
  }

  /** Stops what runs here; what is still being sent, once its run is known. */
  stop(): void {
    const run = activeRun(this.get().view)
    if (run) void this.#stopRun(run.runId)
    for (const { messageId, state } of this.get().outgoing) if (state !== 'failed') this.#stopOnceKnown.add(messageId)
    // Tells the button at once.
    this.#patch({ stopping: [...this.get().stopping] })
  }

  /** Whether the person has asked to stop and it has not happened yet. */
  isStopping(): boolean {
    const { outgoing, stopping } = this.get()
    return stopping.length > 0 || outgoing.some(({ messageId }) => this.#stopOnceKnown.has(messageId))
  }

  async #watchDelivery(delivery: ReturnType<Commands['startRun']>): Promise<void> {
    this.#patch({ phase: 'ready' })
    try {
      const { run } = await delivery
      this.#follow()
      this.#settle()
      if (this.#stopOnceKnown.delete(run.messageId)) await this.#stopRun(run.id)
    } catch {
      // The outbox shows why, with a way to try again.
      this.#stopOnceKnown.clear()
    }
  }

  async #stopRun(runId: string): Promise<void> {
    if (this.get().stopping.includes(runId)) return
    this.#patch({ stopping: [...this.get().stopping, runId] })
    try {
      await this.#world.commands.stopRun(runId)
    } catch {
      // The button comes back and can be pressed again; the run's own state says the rest.
      this.#patch({ stopping: this.get().stopping.filter((id) => id !== runId) })
    }
  }

  #follow(): void {
    if (this.#following) return
    this.#following = true
    const { view } = this.get()
    const from = view.seq > 0 ? { epoch: view.epoch, seq: view.seq } : null
    const leave = this.#world.session.follow(`thread:${this.threadId}`, from, {
      events: (events) => this.#apply(events),
      caughtUp: () => this.#patch({ phase: 'ready' }),
      reset: () => this.#patch({ view: createThreadView(this.threadId) }),
      denied: () => this.#patch({ phase: 'absent' }),
    })
    const timer = setInterval(() => void this.#readWithoutSocket(), FALLBACK_EVERY_MS)
    this.#leave.push(leave, () => clearInterval(timer))
  }

  #apply(events: Parameters<typeof applyEvents>[1]): void {
    this.#patch({ view: applyEvents(this.get().view, events), phase: 'ready' })
    this.#settle()
  }

  #readOutbox(): void {
    const outgoing = this.#world.commands.outbox().filter(({ threadId }) => threadId === this.threadId)
    const before = this.get().outgoing
    const same = outgoing.length === before.length && outgoing.every((message, at) => message === before[at])
    if (!same) this.#patch({ outgoing })
  }

  /** Drops what the log now tells itself, and sends the next held text once nothing runs. */
  #settle(): void {
    const { view, outgoing, stopping, held } = this.get()
    const told = new Set(view.questions.map(({ messageId }) => messageId))
    this.#world.commands.forget(outgoing.map(({ messageId }) => messageId).filter((id) => told.has(id)))
    const running = stopping.filter((id) => view.runs.find(({ runId }) => runId === id)?.state !== 'finished')
    if (running.length < stopping.length) this.#patch({ stopping: running })
    if (held.length > 0 && !this.isBusy()) this.send(this.release(0))
  }

  async #readWithoutSocket(): Promise<void> {
    const { session, readEvents } = this.#world
    const { status } = session.status()
    if (status === 'live' || status === 'offline' || this.get().phase === 'absent') return
    try {
      this.#apply((await readEvents(this.threadId, this.get().view.seq)).events)
    } catch (error) {
      if (error instanceof ApiError && error.code === 'not_found') this.#patch({ phase: 'absent' })
    }
  }

  #lastMessageId(): string | null {
    const { view, outgoing } = this.get()
    return outgoing.at(-1)?.messageId ?? view.runs.at(-1)?.replyMessageId ?? view.questions.at(-1)?.messageId ?? null
  }

  /** After a reload nobody waits any more: what was held back stands in the message box again, for a person to send. */
  #returnHeld(): void {
    const { drafts, heldTexts } = this.#world
    const left = heldTexts.read(this.threadId)
    if (left === '') return
    heldTexts.write(this.threadId, '')
    drafts.write(this.threadId, [drafts.read(this.threadId), left].filter(Boolean).join('\n\n'))
  }

  #setHeld(held: readonly string[]): void {
    this.#patch({ held })
    this.#world.heldTexts.write(this.threadId, held.join('\n\n'))
  }

  #patch(change: Partial<RoomState>): void {
    this.#store.set({ ...this.get(), ...change })
  }
}
