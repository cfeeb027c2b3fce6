import { RunAbortedError } from '../errors.ts'

/** The runs this process works on, each with the signal that ends its work. */
export class ActiveRuns {
  readonly #controllers = new Map<string, Set<AbortController>>()
  readonly #waiters: (() => void)[] = []
  #closing = false

  /** True once the process is ending: work is left for the next start instead of being failed. */
  get closing(): boolean {
    return this.#closing
  }

  enter(runId: string): AbortController {
    const controller = new AbortController()
    if (this.#closing) controller.abort(new RunAbortedError(runId, 'shutdown'))
    const controllers = this.#controllers.get(runId) ?? new Set()
    this.#controllers.set(runId, controllers.add(controller))
    return controller
  }

  leave(runId: string, controller: AbortController): void {
    const controllers = this.#controllers.get(runId)
    controllers?.delete(controller)
    if (controllers?.size === 0) this.#controllers.delete(runId)
    this.#settle()
  }

  /** Ends the work on a run that has ended in the log. */
  abort(runId: string): void {
    for (const controller of this.#controllers.get(runId) ?? []) controller.abort(new RunAbortedError(runId, 'ended'))
  }

  ids(): string[] {
    return [...this.#controllers.keys()]
  }

  /**
   * Lets go of a run's work in a process that is ending. The promise never settles: whatever it settled with would be
   * taken for the outcome of the work, which the next start takes up again instead.
   */
  forsake(runId: string): Promise<never> {
    this.#controllers.delete(runId)
    this.#settle()
    return new Promise(() => undefined)
  }

  /** Resolves when nothing is in work, or after `waitMs`. */
  async idle(waitMs: number): Promise<void> {
    if (this.#controllers.size === 0) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs)
      this.#waiters.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  /** Interrupts all work without ending its runs; resolves when it has let go, or after `waitMs`. */
  async close(waitMs: number): Promise<void> {
    this.#closing = true
    for (const [runId, controllers] of this.#controllers) {
      for (const controller of controllers) controller.abort(new RunAbortedError(runId, 'shutdown'))
    }
    await this.idle(waitMs)
  }

  #settle(): void {
    if (this.#controllers.size > 0) return
    for (const wake of this.#waiters.splice(0)) wake()
  }
}
