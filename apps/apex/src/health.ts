import type { Clock } from '@apex/kit/clock'

/** What `/health` tells: alive at all, and each part by name. */
export type HealthReport = {
  status: 'starting' | 'ok' | 'degraded' | 'stopping'
  version: string
  time: string
  services: Record<string, string>
}

/** One part of the product: resolves to its state, `ready` or `running` when all is well. */
export type Part = () => Promise<string>

const answerWithinMs = 2_000
const freshForMs = 1_000
const well = new Set(['ready', 'running', 'external'])

/** Asks every part how it is, at most once a second however often it is asked itself. */
export class Health {
  readonly #version: string
  readonly #clock: Clock
  readonly #parts = new Map<string, Part>()
  #phase: 'starting' | 'running' | 'stopping' = 'starting'
  #asked: { atMs: number; states: Promise<Record<string, string>> } | undefined

  constructor({ version, clock }: { version: string; clock: Clock }) {
    this.#version = version
    this.#clock = clock
  }

  add(name: string, part: Part): void {
    this.#parts.set(name, part)
    this.#asked = undefined
  }

  enter(phase: 'running' | 'stopping'): void {
    this.#phase = phase
  }

  async report(): Promise<HealthReport> {
    const services = await this.#states()
    const allWell = Object.values(services).every((state) => well.has(state))
    const running = allWell ? 'ok' : 'degraded'
    return {
      status: this.#phase === 'running' ? running : this.#phase,
      version: this.#version,
      time: new Date(this.#clock.nowMs()).toISOString(),
      services,
    }
  }

  /** The parts that are not well, by name; null when requests can be served. */
  async unready(): Promise<string[] | null> {
    const { status, services } = await this.report()
    if (status === 'ok') return null
    const unwell = Object.entries(services).filter(([, state]) => !well.has(state))
    return unwell.length > 0 ? unwell.map(([name, state]) => `${name} is ${state}`) : [`the process is ${status}`]
  }

  #states(): Promise<Record<string, string>> {
    const nowMs = this.#clock.nowMs()
    if (!this.#asked || nowMs - this.#asked.atMs > freshForMs) this.#asked = { atMs: nowMs, states: this.#ask() }
    return this.#asked.states
  }

  async #ask(): Promise<Record<string, string>> {
    const asked = [...this.#parts].map(async ([name, part]) => [name, await this.#stateOf(part)] as const)
    return Object.fromEntries(await Promise.all(asked))
  }

  async #stateOf(part: Part): Promise<string> {
    const tooLate = new AbortController()
    const silent = this.#clock.sleep(answerWithinMs, tooLate.signal).then(() => 'silent')
    try {
      return await Promise.race([part(), silent])
    } catch {
      return 'unavailable'
    } finally {
      tooLate.abort()
      silent.catch(() => undefined)
    }
  }
}
