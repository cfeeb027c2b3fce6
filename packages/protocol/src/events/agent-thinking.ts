import { z } from 'zod'
import { Text } from '../text.ts'

/** What an agent is doing now, in one sentence; the newest replaces the one before. */
export const AgentThinking = z.object({
  type: z.literal('agent_thinking'),
  payload: z.object({ text: Text }),
})
export type AgentThinking = z.output<typeof AgentThinking>
