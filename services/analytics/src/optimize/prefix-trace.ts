/** Calls with prefix hashes in order of time, as columns; blocks are numbered from 0, apart for each model. */
export type PrefixTrace = {
  calls: number
  timeUs: Float64Array
  inputTokens: Float64Array
  blockTokens: Float64Array
  /** Which group of like price each call belongs to. */
  group: Uint32Array
  /** Where each call's blocks begin in `blocks`; one more than there are calls. */
  offset: Uint32Array
  blocks: Uint32Array
  blockCount: number
  groups: number
}

export type TraceCall = {
  timeUs: number
  inputTokens: number
  blockTokens: number
  group: number
  model: string
  hashes: readonly string[]
}

/** Turns calls, in order, into columns that a simulation can run over many times. */
export class PrefixTraceBuilder {
  readonly #ids = new Map<string, number>()
  readonly #calls: TraceCall[] = []
  #blocks = 0

  add(call: TraceCall): void {
    this.#calls.push(call)
    this.#blocks += call.hashes.length
  }

  build(): PrefixTrace {
    const calls = this.#calls.length
    const trace: PrefixTrace = {
      calls,
      timeUs: Float64Array.from(this.#calls, (call) => call.timeUs),
      inputTokens: Float64Array.from(this.#calls, (call) => call.inputTokens),
      blockTokens: Float64Array.from(this.#calls, (call) => call.blockTokens),
      group: Uint32Array.from(this.#calls, (call) => call.group),
      offset: new Uint32Array(calls + 1),
      blocks: new Uint32Array(this.#blocks),
      blockCount: 0,
      groups: this.#calls.reduce((most, call) => Math.max(most, call.group + 1), 0),
    }
    let at = 0
    for (const [index, call] of this.#calls.entries()) {
      trace.offset[index] = at
      for (const hash of call.hashes) trace.blocks[at++] = this.#idOf(`${call.model}\u0000${hash}`)
    }
    trace.offset[calls] = at
    trace.blockCount = this.#ids.size
    return trace
  }

  #idOf(name: string): number {
    const known = this.#ids.get(name)
    if (known !== undefined) return known
    this.#ids.set(name, this.#ids.size)
    return this.#ids.size - 1
  }
}
