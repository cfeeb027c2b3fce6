import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider'
import type { LanguageModel } from '../../models/language-model.ts'

/** One turn of a script: words, tool calls, text in pieces, or a failure after some text. */
export type ScriptedTurn = {
  text?: string[]
  calls?: { tool: string; input: unknown }[]
  /** Raw arguments, for a model that writes garbage. */
  raw?: { tool: string; input: string }[]
  fails?: Error
}

/** A model that says what its script says and fails on a turn the script does not have. */
export class ScriptedModel implements LanguageModel {
  readonly specificationVersion = 'v4'
  readonly provider = 'scripted'
  readonly modelId = 'scripted-model'
  readonly supportedUrls = {}
  readonly prompts: LanguageModelV4CallOptions[] = []
  readonly #turns: ScriptedTurn[]

  constructor(turns: ScriptedTurn[]) {
    this.#turns = [...turns]
  }

  /** Throws when turns of the script were never taken. */
  assertFinished(): void {
    if (this.#turns.length > 0) throw new Error(`${this.#turns.length} scripted turns were not taken`)
  }

  async doGenerate(): Promise<never> {
    throw new Error('agents stream')
  }

  async doStream(options: LanguageModelV4CallOptions) {
    this.prompts.push(options)
    const turn = this.#turns.shift()
    if (!turn) throw new UnscriptedTurnError(this.prompts.length)
    return { stream: streamTurn(turn, this.prompts.length) }
  }
}

/** The model was asked once more than its script allows. */
export class UnscriptedTurnError extends Error {
  override readonly name = 'UnscriptedTurnError'

  constructor(turn: number) {
    super(`the script has no turn ${turn}`)
  }
}

function streamTurn(turn: ScriptedTurn, number: number): ReadableStream<LanguageModelV4StreamPart> {
  const calls = [
    ...(turn.calls ?? []).map(({ tool, input }) => ({ tool, input: JSON.stringify(input) })),
    ...(turn.raw ?? []),
  ]
  const parts: LanguageModelV4StreamPart[] = [
    { type: 'stream-start', warnings: [] },
    ...(turn.text ? [{ type: 'text-start' as const, id: 't' }] : []),
    ...(turn.text ?? []).map((delta) => ({ type: 'text-delta' as const, id: 't', delta })),
    ...(turn.text ? [{ type: 'text-end' as const, id: 't' }] : []),
    ...calls.map(({ tool, input }, index) => ({
      type: 'tool-call' as const,
      toolCallId: `model-call-${number}-${index}`,
      toolName: tool,
      input,
    })),
  ]
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part)
    },
    pull(controller) {
      if (turn.fails) return controller.error(turn.fails)
      controller.enqueue({
        type: 'finish',
        finishReason: { unified: calls.length > 0 ? 'tool-calls' : 'stop', raw: undefined },
        usage: {
          inputTokens: { total: 10, noCache: 10, cacheRead: 0, cacheWrite: 0 },
          outputTokens: { total: 5, text: 5, reasoning: 0 },
        },
      })
      controller.close()
    },
  })
}
