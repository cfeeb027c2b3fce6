import { Text } from '@apex/protocol/text'
import { z } from 'zod'
import { usageBreakdown } from '../tools/usage-breakdown.ts'
import { usageOverview } from '../tools/usage-overview.ts'
import { usageTrend } from '../tools/usage-trend.ts'
import type { AgentDefinition } from './agent.ts'
import { HOUSE_RULES, RESULT_RULES } from './house-rules.ts'
import { TriageResult } from './triage.ts'

export const AnalysisInput = z.object({ question: Text, triage: TriageResult })
export type AnalysisInput = z.output<typeof AnalysisInput>

/** What the data shows, most important first; figures as `{{id}}`. */
export const AnalysisResult = z.object({ observations: z.array(Text).max(10), summary: Text })
export type AnalysisResult = z.output<typeof AnalysisResult>

/** Finds out where the money goes and what happened. */
export const analysis: AgentDefinition<AnalysisInput, AnalysisResult> = {
  name: 'analysis',
  purpose: 'Queries the usage data and finds out where the money goes and what happened.',
  prompt: `${HOUSE_RULES}

You are the analyst. Answer the factual part of the question from the data. Keep the scope of triage in every call.
- Begin with usage_overview. Then break cost down by the dimensions the question asks for; otherwise by model, and by service when services are named.
- For a change over time use usage_trend, then break down the bucket in question and the time before it and compare.
- For failures, break down by status and error_class.
- Look before you conclude: a share of nearly everything in one group is the finding; an even spread is one too.
Give at most ten observations, the one that matters most first, each a sentence or two with its figures.

${RESULT_RULES}`,
  tools: [usageOverview, usageBreakdown, usageTrend],
  input: AnalysisInput,
  output: AnalysisResult,
  opening: [],
  firstThought: 'Asking the usage data where the money goes.',
}
