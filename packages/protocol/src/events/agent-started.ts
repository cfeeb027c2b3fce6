import { z } from 'zod'
import { Text } from '../text.ts'

/** An agent begins one invocation. */
export const AgentStarted = z.object({
  type: z.literal('agent_started'),
  payload: z.object({
    purpose: Text,
    /** The invocation that called it; absent for the supervisor. */
    parentInvocationId: z.string().optional(),
  }),
})
export type AgentStarted = z.output<typeof AgentStarted>
