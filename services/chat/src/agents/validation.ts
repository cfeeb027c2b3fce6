import { Text } from '@apex/protocol/text'
import { z } from 'zod'
import type { AgentDefinition } from './agent.ts'
import { HOUSE_RULES, RESULT_RULES } from './house-rules.ts'

export const ValidationInput = z.object({ question: Text })
export type ValidationInput = z.output<typeof ValidationInput>

export const ValidationResult = z.object({ summary: Text })
export type ValidationResult = z.output<typeof ValidationResult>

/** The name of the tool through which every figure is asked for again; made per run for the claims of that run. */
export const CHECK_FIGURES = 'check_figures'

/** Checks every figure before it may be published. */
export const validation: AgentDefinition<ValidationInput, ValidationResult> = {
  name: 'validation',
  purpose: 'Asks the question behind every figure again before it may be published, and withdraws what differs.',
  prompt: `${HOUSE_RULES}

You are validation. The figures were asked for again; the comparison is in \`observed\` and has already been applied: a figure that differs is withdrawn, newer data is taken over. Say in one sentence what it showed. Do not repeat values.

${RESULT_RULES}`,
  tools: [],
  input: ValidationInput,
  output: ValidationResult,
  opening: [{ tool: CHECK_FIGURES, arguments: {} }],
  firstThought: 'Asking the question behind every figure a second time.',
}
