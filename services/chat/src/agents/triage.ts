import { Instant } from '@apex/protocol/id'
import { Bucket, Dimension, Scope } from '@apex/protocol/question'
import { Text } from '@apex/protocol/text'
import { z } from 'zod'
import { dataSufficiency } from '../tools/data-sufficiency.ts'
import { usageBreakdown } from '../tools/usage-breakdown.ts'
import type { AgentDefinition } from './agent.ts'
import { HOUSE_RULES, RESULT_RULES } from './house-rules.ts'

/** What a person can want; a question may have several, the main one first. */
export const Intent = z.enum([
  'where_money',
  'cost_total',
  'cut_cost',
  'why_change',
  'trend',
  'model_choice',
  'caching',
  'batch',
  'errors',
  'traffic',
  'verify_change',
  'conversation_cost',
  'data_help',
  'greeting',
  'about',
  'out_of_scope',
])
export type Intent = z.output<typeof Intent>

export const Turn = z.object({ author: z.enum(['user', 'assistant']), text: Text })
export const TriageInput = z.object({
  question: Text,
  history: z.array(Turn),
  /** When the run started; relative times in the question count from here. */
  now: z.string(),
})
export type TriageInput = z.output<typeof TriageInput>

/** The question, understood. */
export const TriageResult = z.object({
  intents: z.array(Intent).min(1).max(5),
  /** What the question restricts the calls to; empty for all. */
  scope: Scope.default({}),
  /** The share of cost to save, as a fraction, with the person's own words for it. */
  goal: z
    .object({ share: z.number().gt(0).max(1), words: Text })
    .nullable()
    .default(null),
  keepModels: z.boolean().default(false),
  keepLatency: z.boolean().default(false),
  /** Dimensions the question asks to see, most wanted first. */
  dimensions: z.array(Dimension).max(4).default([]),
  bucket: Bucket.nullable().default(null),
  models: z.object({ from: z.string().nullable(), to: z.string().nullable() }).default({ from: null, to: null }),
  /** The time a question about a change asks about, when the scope is wider so that both sides are seen. */
  focus: z.object({ from: Instant, to: Instant }).nullable().default(null),
  /** Whether one fact is asked for, so that a few sentences answer it. */
  brief: z.boolean().default(false),
  /** A heading for the answer, without figures. */
  title: Text,
  /** What the question needs and the data cannot give, one sentence each. */
  unknowns: z.array(Text).max(8).default([]),
  summary: Text,
})
export type TriageResult = z.output<typeof TriageResult>

/** Understands the question and finds out whether the data can answer it. */
export const triage: AgentDefinition<TriageInput, TriageResult> = {
  name: 'triage',
  purpose: 'Works out what is asked and whether the data is sufficient to answer it.',
  prompt: `${HOUSE_RULES}

You are triage. Read the question with the earlier turns and decide what the person wants. The sufficiency of all data was already checked; it is in \`observed\`.
- If the question names a service, feature, user, project, environment or model, look the exact value up with usage_breakdown and put it into \`scope.filter\`; never invent a value.
- If the question names a time range, put it into \`scope.from\` and \`scope.to\` (half-open, UTC), relative times counted from \`now\`. For "why did it change", leave the range wide enough to see both sides of the change and put the time asked about into \`focus\`.
- With a scope, ask data_sufficiency again for that scope.
- "Without slowing down" is keepLatency; "without changing models" is keepModels. "Cut by 30 %" is a goal with share 0.3 and words "30 %".
- A question that has nothing to do with the organisation's use of language models is out_of_scope; a greeting is greeting; "what can you do" is about.
- A follow-up such as "only the checkout service" keeps the intent of the turn before.

${RESULT_RULES}`,
  tools: [dataSufficiency, usageBreakdown],
  input: TriageInput,
  output: TriageResult,
  opening: [{ tool: dataSufficiency.name, arguments: {} }],
  firstThought: 'Reading the question and checking whether the data can answer it.',
}
