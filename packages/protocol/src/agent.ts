import { z } from 'zod'
import { Text } from './text.ts'

export const AGENT_NAMES = [
  'supervisor',
  'triage',
  'data-helper',
  'analysis',
  'apex-optimizer',
  'reporter',
  'search',
  'research',
  'validation',
  'supply-researcher',
  'corpus-admin',
] as const
export const AgentName = z.enum(AGENT_NAMES)
export type AgentName = z.output<typeof AgentName>

/** One entry of the agent registry as the outside sees it. */
export const AgentInfo = z.object({
  name: AgentName,
  purpose: Text,
  available: z.boolean(),
  /** Why it is not available and what to use meanwhile; absent when it is. */
  unavailableReason: Text.optional(),
  tools: z.array(z.object({ name: z.string(), purpose: Text })),
})
export type AgentInfo = z.output<typeof AgentInfo>

/** Tokens and money of one model call; null cost means no rate is known. `offline-analyst` costs 0 by nature. */
export const ModelUsage = z.object({
  provider: z.string(),
  model: z.string(),
  inputTokens: z.int().nonnegative().nullable(),
  outputTokens: z.int().nonnegative().nullable(),
  costUsd: z.string().nullable(),
})
export type ModelUsage = z.output<typeof ModelUsage>
