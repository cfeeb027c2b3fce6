import type { ChildProcess } from 'node:child_process'
import { type Backoff, backoffDelayMs } from '../backoff.ts'
import { type Clock, systemClock } from '../clock.ts'
import type { Log } from '../log.ts'
import { type ChildExit, childExit, describeExit } from './child-exit.ts'

export type SupervisedProcessOptions = {
  name: string
  log: Log
  /** Starts one process and resolves once it serves; rejects, leaving nothing running, when it cannot. */
  launch: (signal: AbortSignal) => Promise<ChildProcess>
  /** Ends a serving process in an orderly way. */
  end: (child: ChildProcess) => Promise<void>
  backoff?: Backoff
  clock?: Clock
}

export type SupervisedState = 'stopped' | 'starting' | 'running' | 'restarting'

const defaultBackoff: Backoff = { baseMs: 100, capMs: 5_000 }
/** A process that served this long starts the back-off afresh when it dies. */
const settledMs = 10_000

/**
 * Keeps one process running until disposed:
 *
 *   stopped -> starting -> running -> restarting -> running ... -> stopped
 *
 * The first start must succeed or `start()` rejects; after that a death is logged and followed by a new start, for ever,
 * with a back-off.
 */
export class SupervisedProcess implements AsyncDisposable {
  /** Resolves when the process has ended for good, after disposal. */
  readonly exited: Promise<void>
  readonly #options: SupervisedProcessOptions
  readonly #clock: Clock
  readonly #stop = new AbortController()
  readonly #resolveExited: () => void
  #child: ChildProcess | undefined
  #state: SupervisedState = 'stopped'
  #watching: Promise<void> = Promise.resolve()

  constructor(options: SupervisedProcessOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    const { promise, resolve } = Promise.withResolvers<void>()
    this.exited = promise
    this.#resolveExited = resolve
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  get state(): SupervisedState {
    return this.#state
  }

  async start(): Promise<void> {
    this.#state = 'starting'
    try {
      const child = await this.#options.launch(this.#stop.signal)
      this.#running(child)
      this.#watching = this.#watch(child)
    } catch (error) {
      this.#state = 'stopped'
      this.#resolveExited()
      throw error
    }
  }

  /** Kills the process at once; it is started again as after any death. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#child?.kill(signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stop.signal.aborted) return this.exited
    this.#stop.abort()
    const child = this.#child
    if (child) await this.#options.end(child)
    await this.#watching
    this.#state = 'stopped'
    this.#resolveExited()
  }

  async #watch(first: ChildProcess): Promise<void> {
    let child = first
    let attempt = 0
    while (!this.#stop.signal.aborted) {
      const startedMs = this.#clock.nowMs()
      const exit = await childExit(child)
      this.#child = undefined
      if (this.#stop.signal.aborted) return
      this.#died(exit)
      if (this.#clock.nowMs() - startedMs > settledMs) attempt = 0
      const next = await this.#relaunch(attempt)
      if (!next) return
      attempt = next.attempt
      child = next.child
    }
  }

  async #relaunch(firstAttempt: number): Promise<{ child: ChildProcess; attempt: number } | undefined> {
    const { name, log, launch, end, backoff = defaultBackoff } = this.#options
    for (let attempt = firstAttempt; ; attempt += 1) {
      try {
        await this.#clock.sleep(attempt === 0 ? 0 : backoffDelayMs(attempt, backoff), this.#stop.signal)
        const child = await launch(this.#stop.signal)
        if (this.#stop.signal.aborted) {
          await end(child)
          return undefined
        }
        this.#running(child)
        log.info({ process: name, pid: child.pid }, 'process restarted')
        return { child, attempt: attempt + 1 }
      } catch (error) {
        if (this.#stop.signal.aborted) return undefined
        log.error({ process: name, attempt, error }, 'process could not be restarted, will try again')
      }
    }
  }

  #running(child: ChildProcess): void {
    this.#child = child
    this.#state = 'running'
  }

  #died(exit: ChildExit): void {
    this.#state = 'restarting'
    this.#options.log.error({ process: this.#options.name, exit: describeExit(exit) }, 'process died, restarting it')
  }
}
