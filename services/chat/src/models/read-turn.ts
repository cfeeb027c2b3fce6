import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart, SharedV4ProviderMetadata } from '@ai-sdk/provider'
import type { ModelUsage } from '@apex/protocol/agent'
import { type LanguageModel, modelUsage } from './language-model.ts'

/** A part of what a model said in one turn, in order; provider metadata goes back to the model unchanged. */
export type TurnPart =
  | { type: 'text' | 'reasoning'; text: string; providerOptions?: SharedV4ProviderMetadata }
  | {
      type: 'tool-call'
      toolCallId: string
      toolName: string
      input: string
      providerOptions?: SharedV4ProviderMetadata
    }

/** Everything a model said in one turn. */
export type ModelTurn = { parts: TurnPart[]; usage: ModelUsage; finish: string }

/** The model did not finish its turn: refused, cut, out of time or silent. */
export class ModelFailedError extends Error {
  override readonly name = 'ModelFailedError'
  readonly code = 'unavailable'
  readonly model: string

  constructor(model: string, cause: unknown) {
    super(`The model ${model} did not finish its answer. Another model can take over, or the run can be tried again.`, {
      cause,
    })
    this.model = model
  }
}

type OpenParts = Map<string, Extract<TurnPart, { type: 'text' | 'reasoning' }>>

/**
 * Streams one turn of a model and returns it whole; `onText` and `onReasoning` get the pieces as they come. Throws
 * ModelFailedError for anything the model or its connection did, the signal's reason when aborted, and what a handler
 * throws as it is.
 */
export async function readTurn(options: {
  model: LanguageModel
  call: LanguageModelV4CallOptions
  signal: AbortSignal
  stepMs: number
  onText?: (delta: string) => Promise<void>
}): Promise<ModelTurn> {
  const { model, signal } = options
  const limit = AbortSignal.any([signal, AbortSignal.timeout(options.stepMs)])
  const turn: ModelTurn = { parts: [], usage: modelUsage(model, undefined), finish: 'other' }
  const open: OpenParts = new Map()
  for await (const part of streamParts(model, { ...options.call, abortSignal: limit }, signal)) {
    if (part.type === 'error') throw new ModelFailedError(model.modelId, part.error)
    takePart(turn, open, part, model)
    if (part.type === 'text-delta' && options.onText) await options.onText(part.delta)
  }
  if (turn.finish === 'error' || turn.finish === 'interrupted') {
    throw new ModelFailedError(model.modelId, new Error(turn.finish))
  }
  return turn
}

async function* streamParts(
  model: LanguageModel,
  call: LanguageModelV4CallOptions,
  signal: AbortSignal,
): AsyncGenerator<LanguageModelV4StreamPart> {
  let finished = false
  try {
    const { stream } = await model.doStream(call)
    const reader = stream.getReader()
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        finished ||= next.value.type === 'finish'
        yield next.value
      }
    } finally {
      // Leaving early must also end the request; a stream that has ended or failed ignores it.
      await reader.cancel().catch(() => undefined)
    }
  } catch (error) {
    signal.throwIfAborted()
    throw new ModelFailedError(model.modelId, error)
  }
  if (!finished) throw new ModelFailedError(model.modelId, new Error('the stream ended without a finish'))
}

function takePart(turn: ModelTurn, open: OpenParts, part: LanguageModelV4StreamPart, model: LanguageModel): void {
  if (part.type === 'text-start' || part.type === 'reasoning-start') {
    const type = part.type === 'text-start' ? 'text' : 'reasoning'
    const opened = { type, text: '', ...keep(part.providerMetadata) } as const
    open.set(part.id, opened)
    turn.parts.push(opened)
  } else if (part.type === 'text-delta' || part.type === 'reasoning-delta') {
    const opened = open.get(part.id)
    if (opened) opened.text += part.delta
  } else if (part.type === 'text-end' || part.type === 'reasoning-end') {
    const opened = open.get(part.id)
    if (opened && part.providerMetadata) opened.providerOptions = part.providerMetadata
  } else if (part.type === 'tool-call' && !part.providerExecuted) {
    const { toolCallId, toolName, input, providerMetadata } = part
    turn.parts.push({ type: 'tool-call', toolCallId, toolName, input, ...keep(providerMetadata) })
  } else if (part.type === 'finish') {
    turn.usage = modelUsage(model, part.usage)
    turn.finish = part.finishReason.unified
  }
}

function keep(metadata: SharedV4ProviderMetadata | undefined): { providerOptions?: SharedV4ProviderMetadata } {
  return metadata ? { providerOptions: metadata } : {}
}
