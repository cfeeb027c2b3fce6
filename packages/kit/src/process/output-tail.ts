import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** The last lines a process wrote, for the message when it fails. Hands every line on as it comes. */
export class OutputTail {
  readonly #lines: string[] = []
  readonly #limit: number

  constructor({ limit = 20 }: { limit?: number } = {}) {
    this.#limit = limit
  }

  follow(stream: Readable | null, onLine: (line: string) => void): void {
    if (!stream) return
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
      this.#lines.push(line)
      if (this.#lines.length > this.#limit) this.#lines.shift()
      onLine(line)
    })
  }

  /** The kept lines, oldest first, one per line. */
  text(): string {
    return this.#lines.join('\n')
  }
}
