import type { Clock } from '@apex/kit/clock'
import { LIMITS } from '@apex/protocol/limits'
import { type GatedPiece, joinPieces } from '../evidence/streaming-gate.ts'
import type { Invocation } from './invocation.ts'
import type { RunContext, StepContext } from './run-context.ts'

/**
 * Writes gated text as text_delta events: at once when nothing was written for a moment, otherwise gathered until the
 * moment has passed or enough has come together.
 */
export class DeltaWriter {
  readonly #context: RunContext
  readonly #step: StepContext
  readonly #clock: Clock
  readonly #invocation: Invocation
  readonly #written: GatedPiece[] = []
  #pending: GatedPiece[] = []
  #lastMs = Number.NEGATIVE_INFINITY

  constructor(context: RunContext, step: StepContext, clock: Clock, invocation: Invocation) {
    this.#context = context
    this.#step = step
    this.#clock = clock
    this.#invocation = invocation
  }

  async write(piece: GatedPiece): Promise<void> {
    if (piece.text === '') return
    this.#pending.push(piece)
    const length = this.#pending.reduce((sum, { text }) => sum + text.length, 0)
    const waitedMs = this.#clock.nowMs() - this.#lastMs
    if (length >= LIMITS.deltaCoalesceBytes || waitedMs >= LIMITS.deltaCoalesceMs) await this.flush()
  }

  async flush(): Promise<void> {
    if (this.#pending.length === 0) return
    if (this.#written.length > 0) this.#context.crashPoint('between-text-deltas')
    const { text, figures } = joinPieces(this.#pending)
    this.#pending = []
    const { agent, id } = this.#invocation
    const messageId = this.#context.facts.replyMessageId
    await this.#step.append([{ type: 'text_delta', payload: { text, figures }, agent, invocationId: id, messageId }])
    this.#written.push({ text, figures })
    this.#lastMs = this.#clock.nowMs()
  }

  /** Everything written so far, as one text. */
  whole(): GatedPiece {
    return joinPieces(this.#written)
  }
}
