import { ClickHouseException } from './clickhouse-exception.ts'

/** Lets a number of tasks run at once and the next ones wait in order; refuses when too many wait. */
export class Gate {
  readonly #waiting: (() => void)[] = []
  readonly #waitingLimit: number
  #free: number

  constructor({ parallel, waiting }: { parallel: number; waiting: number }) {
    this.#free = parallel
    this.#waitingLimit = waiting
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1
    else await this.#place()
    try {
      return await task()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free += 1
    }
  }

  #place(): Promise<void> {
    if (this.#waiting.length >= this.#waitingLimit) {
      throw new ClickHouseException(
        202,
        'TOO_MANY_SIMULTANEOUS_QUERIES',
        `${this.#waitingLimit} statements already wait`,
      )
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
