import type { LanguageModelV4CallOptions, LanguageModelV4FunctionTool, LanguageModelV4Message } from '@ai-sdk/provider'
import type { Json } from '@apex/protocol/text'
import { z } from 'zod'
import type { ModelTurn } from '../models/read-turn.ts'
import type { Tool } from '../tools/tool.ts'
import type { AgentDefinition } from './agent.ts'
import { GIVE_RESULT } from './house-rules.ts'

/** A tool call the harness made, with what came back. */
export type Observed = { tool: string; arguments: Record<string, Json>; result: Json }

/** What every agent's first message is, as JSON: models of any kind read it, the offline analyst by its fields. */
export const Brief = z.object({
  agent: z.string(),
  input: z.unknown(),
  observed: z.array(z.object({ tool: z.string(), arguments: z.record(z.string(), z.unknown()), result: z.unknown() })),
})
export type Brief = z.output<typeof Brief>

/** The conversation with which an agent begins. */
export function openingMessages(
  definition: AgentDefinition,
  input: unknown,
  observed: readonly Observed[],
): LanguageModelV4Message[] {
  const brief = JSON.stringify({ agent: definition.name, input, observed })
  return [
    { role: 'system', content: definition.prompt },
    { role: 'user', content: [{ type: 'text', text: brief }] },
  ]
}

/** What the model said, as it has to be given back to it. */
export function assistantMessage(turn: ModelTurn): LanguageModelV4Message {
  return {
    role: 'assistant',
    content: turn.parts.map((part) => {
      const options = part.providerOptions ? { providerOptions: part.providerOptions } : {}
      if (part.type !== 'tool-call') return { type: part.type, text: part.text, ...options }
      const { toolCallId, toolName } = part
      return { type: 'tool-call', toolCallId, toolName, input: parsedOrText(part.input), ...options }
    }),
  }
}

/** The results of a turn's tool calls, in their order. */
export function toolMessage(
  results: readonly { toolCallId: string; toolName: string; result: Json; failed: boolean }[],
): LanguageModelV4Message {
  return {
    role: 'tool',
    content: results.map(({ toolCallId, toolName, result, failed }) => ({
      type: 'tool-result',
      toolCallId,
      toolName,
      output: { type: failed ? 'error-json' : 'json', value: result },
    })),
  }
}

/** A nudge for a model that answered in words where a tool call is due. */
export function nudge(text: string): LanguageModelV4Message {
  return { role: 'user', content: [{ type: 'text', text }] }
}

/** A model call with an agent's tools and the tool that takes its result; the model must call one of them. */
export function callWithTools(
  definition: AgentDefinition,
  messages: LanguageModelV4Message[],
): LanguageModelV4CallOptions {
  const giveResult: LanguageModelV4FunctionTool = {
    type: 'function',
    name: GIVE_RESULT,
    description: 'Hands over your result and ends your work. Call it once, when you are done.',
    inputSchema: schemaOf(definition.output),
  }
  return {
    prompt: messages,
    tools: [...definition.tools.map(functionTool), giveResult],
    toolChoice: { type: 'required' },
  }
}

function functionTool({ name, description, input }: Tool): LanguageModelV4FunctionTool {
  return { type: 'function', name, description, inputSchema: schemaOf(input) }
}

function schemaOf(schema: z.ZodType): LanguageModelV4FunctionTool['inputSchema'] {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as LanguageModelV4FunctionTool['inputSchema']
}

function parsedOrText(input: string): unknown {
  try {
    return JSON.parse(input === '' ? '{}' : input)
  } catch {
    return input
  }
}
