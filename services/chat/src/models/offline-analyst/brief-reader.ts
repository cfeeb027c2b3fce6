import type { LanguageModelV4CallOptions } from '@ai-sdk/provider'
import { z } from 'zod'
import type { Evidence } from '../../evidence/claim-book.ts'

/** A tool call of the conversation with what came back. */
export type SeenResult = { tool: string; input: Record<string, unknown>; result: unknown; failed: boolean }

/** What a rule-based agent sees: who it is, what it was given, and what its calls returned so far. */
export type Seen = { agent: string; input: unknown; results: SeenResult[] }

/** What it does in one turn: calls tools, hands over a result, or writes text. */
export type Reply =
  | { say: string; calls: { tool: string; input: unknown }[] }
  | { say: string; result: unknown }
  | { text: string }

const BriefText = z.object({
  agent: z.string(),
  input: z.unknown(),
  observed: z.array(z.object({ tool: z.string(), arguments: z.record(z.string(), z.unknown()), result: z.unknown() })),
})

/** Reads a model call the way the agents write it: the brief first, then tool calls and their results. */
export function readBrief({ prompt }: LanguageModelV4CallOptions): Seen {
  const first = prompt.find(({ role }) => role === 'user')
  const part = first?.role === 'user' ? first.content[0] : undefined
  const brief = BriefText.parse(JSON.parse(part?.type === 'text' ? part.text : ''))
  const results: SeenResult[] = brief.observed.map(({ tool, result, ...call }) => ({
    tool,
    input: call.arguments,
    result,
    failed: isError(result),
  }))
  const inputs = new Map<string, Record<string, unknown>>()
  for (const message of prompt) {
    if (message.role !== 'assistant' && message.role !== 'tool') continue
    for (const piece of message.content) {
      if (piece.type === 'tool-call') inputs.set(piece.toolCallId, piece.input as Record<string, unknown>)
      if (piece.type !== 'tool-result' || message.role !== 'tool') continue
      const { output } = piece
      const result = 'value' in output ? output.value : null
      const failed = output.type === 'error-json' || output.type === 'error-text'
      results.push({ tool: piece.toolName, input: inputs.get(piece.toolCallId) ?? {}, result, failed })
    }
  }
  return { agent: brief.agent, input: brief.input, results }
}

/** The evidence among what a tool returned, in the order it came. */
export function evidenceOf(results: readonly SeenResult[], tool: string): Evidence[] {
  return results.flatMap((seen) => (seen.tool === tool && !seen.failed ? [seen.result as Evidence] : []))
}

function isError(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'error' in result
}
