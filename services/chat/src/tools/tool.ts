import type { Answer, QuestionName } from '@apex/protocol/question'
import { QUESTIONS } from '@apex/protocol/question'
import type { Json } from '@apex/protocol/text'
import type { z } from 'zod'
import type { AnalyticsPort } from './analytics-port.ts'

/** All a tool may touch: a client, the organisation it works for and a signal. */
export type ToolContext = { analytics: AnalyticsPort; organisation: string; signal: AbortSignal }

/**
 * What a tool gives back: a line for the timeline, and either an answer with figures or what the model is `told`, with
 * `data` for whoever called the agent.
 */
export type ToolResult = { summary: string; rowCount?: number; answer?: Answer; told?: Json; data?: Json }

/** Something an agent can do; `input` parses the arguments a model wrote. */
export type Tool = {
  name: string
  description: string
  input: z.ZodType
  /** Called with arguments that `input` has parsed. */
  run(input: unknown, context: ToolContext): Promise<ToolResult>
}

/** A tool that asks analytics one typed question. */
export function questionTool(options: {
  name: string
  question: QuestionName
  description: string
  /** One line for the timeline; a figure in it is the answer's own, exactly as displayed. */
  summarise: (answer: Answer) => string
}): Tool {
  const { name, question, description, summarise } = options
  const input = QUESTIONS[question]
  return {
    name,
    description,
    input,
    async run(params, { analytics, signal }) {
      const parsed = { question, params: input.parse(params) } as Parameters<AnalyticsPort['ask']>[0]
      const answer = await analytics.ask(parsed, signal)
      return { summary: summarise(answer), rowCount: answer.rows.length, answer }
    },
  }
}
