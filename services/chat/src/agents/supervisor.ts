import { Text } from '@apex/protocol/text'
import { z } from 'zod'
import type { AgentDefinition } from './agent.ts'
import { HOUSE_RULES, RESULT_RULES } from './house-rules.ts'
import { TriageResult } from './triage.ts'

/** Agents the supervisor can send the question to after triage. */
export const RoutableAgent = z.enum(['data-helper', 'analysis', 'apex-optimizer', 'validation', 'reporter'])
export type RoutableAgent = z.output<typeof RoutableAgent>

export const Sufficiency = z.enum(['sufficient', 'partial', 'insufficient', 'unknown'])
export type Sufficiency = z.output<typeof Sufficiency>

export const SupervisorInput = z.object({
  question: Text,
  triage: TriageResult,
  sufficiency: Sufficiency,
  /** The agents that may be called now, in the order in which they run. */
  allowed: z.array(RoutableAgent),
})
export type SupervisorInput = z.output<typeof SupervisorInput>

export const SupervisorResult = z.object({ agents: z.array(RoutableAgent), summary: Text })
export type SupervisorResult = z.output<typeof SupervisorResult>

/** Decides which agents work on the question and sees that an answer comes out. */
export const supervisor: AgentDefinition<SupervisorInput, SupervisorResult> = {
  name: 'supervisor',
  purpose: 'Decides which agents work on the question and sees that an answer comes out.',
  prompt: `${HOUSE_RULES}

You are the supervisor. Triage has understood the question. Choose from \`allowed\` the agents that are needed, in that order.
- analysis finds out where the money goes and what happened; it is needed for every question about the data.
- apex-optimizer is needed when the person wants to spend less, or asks about models, caching or batch.
- validation is needed whenever analysis or apex-optimizer runs.
- data-helper is needed when the data is insufficient or the person asks how to connect data.
- reporter always runs, last.

${RESULT_RULES}`,
  tools: [],
  input: SupervisorInput,
  output: SupervisorResult,
  opening: [],
  firstThought: 'Taking the question and asking triage what it needs.',
}
