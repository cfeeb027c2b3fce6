import { z } from 'zod'
import { Text } from '../text.ts'

/** An agent ended its invocation. */
export const AgentCompleted = z.object({
  type: z.literal('agent_completed'),
  payload: z.object({
    outcome: z.enum(['completed', 'failed', 'unavailable']),
    summary: Text,
    durationMs: z.number().nonnegative(),
  }),
})
export type AgentCompleted = z.output<typeof AgentCompleted>
