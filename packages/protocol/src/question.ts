import { z } from 'zod'
import { DataVersion } from './data-version.ts'
import { Figure } from './figure.ts'
import { Instant } from './id.ts'
import { Json, Text } from './text.ts'

/** What calls can be grouped and filtered by. `model` is the response model, by which calls are priced. */
export const Dimension = z.enum([
  'provider',
  'model',
  'request_model',
  'project',
  'environment',
  'service',
  'feature',
  'user',
  'conversation',
  'status',
  'error_class',
  'import',
])
export type Dimension = z.output<typeof Dimension>

/** What can be measured over calls. Costs are USD, tokens are counts, latency is seconds. */
export const Measure = z.enum([
  'calls',
  'cost',
  'tokens',
  'input_tokens',
  'output_tokens',
  'input_uncached',
  'cache_read',
  'cache_write_5m',
  'cache_write_1h',
  'output_text',
  'output_reasoning',
  'errors',
  'unpriced_calls',
  'unknown_usage_calls',
  'latency_p50',
  'latency_p95',
])
export type Measure = z.output<typeof Measure>

/** Keeps calls whose dimension has one of the values; an empty string means "not given". */
export const Filter = z.partialRecord(Dimension, z.array(z.string().max(256)).min(1).max(200))
export type Filter = z.output<typeof Filter>

/** Which calls a question is about: a half-open time range (both ends optional) and a filter. */
export const Scope = z.object({
  from: Instant.optional(),
  to: Instant.optional(),
  filter: Filter.optional(),
})
export type Scope = z.output<typeof Scope>

export const Bucket = z.enum(['minute', 'hour', 'day', 'week', 'month'])
export type Bucket = z.output<typeof Bucket>

const Ratio = z.number().gt(0).max(1)

/** Free table: measures by dimensions and time bucket, ordered by the first measure, largest first. */
export const UsageParams = z.object({
  scope: Scope.default({}),
  measures: z.array(Measure).min(1).max(8),
  groupBy: z.array(Dimension).max(3).default([]),
  bucket: Bucket.optional(),
  limit: z.int().min(1).max(1000).default(100),
})

/** Is there enough data, of which kind, and what is missing? */
export const DataSufficiencyParams = z.object({ scope: Scope.default({}) })

/** Totals: cost, calls, tokens by class, cost by class, range, coverage. */
export const OverviewParams = z.object({ scope: Scope.default({}) })

/** Cost, calls and tokens by one dimension, largest first, the rest as "other". */
export const BreakdownParams = z.object({
  scope: Scope.default({}),
  by: Dimension,
  limit: z.int().min(1).max(50).default(10),
})

/** Cost and calls over time buckets, with the largest rise between neighbouring buckets. */
export const TrendParams = z.object({ scope: Scope.default({}), bucket: Bucket.optional() })

/** What the same tokens cost on another model; candidates from the price book when `to` is absent. */
export const ModelSwapParams = z.object({
  scope: Scope.default({}),
  from: z.string().max(200),
  to: z.string().max(200).optional(),
  /** Share of total cost to save; asks how much of the traffic would have to move. */
  goal: Ratio.optional(),
})

/** Prompt caching simulated on own arrival times and prefix hashes under a provider's rule. */
export const CacheSimulationParams = z.object({
  scope: Scope.default({}),
  model: z.string().max(200).optional(),
  rules: z.array(z.string().max(60)).max(8).optional(),
})

/** Cost of what could wait for a batch at the provider's batch rate, by the group that could move. */
export const BatchEligibilityParams = z.object({
  scope: Scope.default({}),
  by: Dimension.optional(),
  goal: Ratio.optional(),
})

/** The joint counterfactual of several levers on the same calls, never the sum of the levers. */
export const SavingsPlanParams = z.object({
  scope: Scope.default({}),
  goal: Ratio.optional(),
  /** The person asked to keep the models they use. */
  keepModels: z.boolean().default(false),
  /** The person asked not to make anything slower, so batch is left out. */
  keepLatency: z.boolean().default(false),
})

/** Every question by name with the schema of its parameters. */
export const QUESTIONS = {
  usage: UsageParams,
  data_sufficiency: DataSufficiencyParams,
  overview: OverviewParams,
  breakdown: BreakdownParams,
  trend: TrendParams,
  model_swap: ModelSwapParams,
  cache_simulation: CacheSimulationParams,
  batch_eligibility: BatchEligibilityParams,
  savings_plan: SavingsPlanParams,
} as const
export type QuestionParams = { [Name in keyof typeof QUESTIONS]: z.output<(typeof QUESTIONS)[Name]> }

export const QuestionName = z.enum(Object.keys(QUESTIONS) as [keyof typeof QUESTIONS])
export type QuestionName = keyof typeof QUESTIONS

/** A question as asked over the wire. */
export const Question = z.discriminatedUnion('question', [
  z.object({ question: z.literal('usage'), params: UsageParams }),
  z.object({ question: z.literal('data_sufficiency'), params: DataSufficiencyParams }),
  z.object({ question: z.literal('overview'), params: OverviewParams }),
  z.object({ question: z.literal('breakdown'), params: BreakdownParams }),
  z.object({ question: z.literal('trend'), params: TrendParams }),
  z.object({ question: z.literal('model_swap'), params: ModelSwapParams }),
  z.object({ question: z.literal('cache_simulation'), params: CacheSimulationParams }),
  z.object({ question: z.literal('batch_eligibility'), params: BatchEligibilityParams }),
  z.object({ question: z.literal('savings_plan'), params: SavingsPlanParams }),
])
export type Question = z.output<typeof Question>

/** How much of the asked calls the answer covers; calls without price or usage are counted, never zero. */
export const Coverage = z.object({
  calls: z.int().nonnegative(),
  pricedCalls: z.int().nonnegative(),
  unpricedCalls: z.int().nonnegative(),
  estimatedUsageCalls: z.int().nonnegative(),
  unknownUsageCalls: z.int().nonnegative(),
  /** First and last call inside the scope; null when there is none. */
  from: Instant.nullable(),
  to: Instant.nullable(),
  /** Models among the calls for which no rate is known. */
  unpricedModels: z.array(z.string()),
  /** Whether any of the calls is generated sample data. */
  containsSampleData: z.boolean(),
})
export type Coverage = z.output<typeof Coverage>

/** What is missing for a better answer: effect on the answer and exactly how to supply it. */
export const Gap = z.object({ code: z.string(), what: Text, effect: Text, how: Text })
export type Gap = z.output<typeof Gap>

/**
 * A finding in words with the figures it rests on; `verdict` says whether to act. Its texts quote figures only as
 * `{{figure-key}}`, never as numerals, so that whoever prints them binds each to its evidence.
 */
export const Finding = z.object({
  code: z.string(),
  verdict: z.enum(['saves', 'loses', 'neutral', 'not_enough_evidence', 'info']),
  title: Text,
  detail: Text,
  figureKeys: z.array(z.string()),
  risk: Text.optional(),
  /** How to apply it, in steps. */
  apply: z.array(Text).default([]),
  /** How to see afterwards whether it worked. */
  verify: Text.optional(),
})
export type Finding = z.output<typeof Finding>

/** The answer to any question. `rows` is the table; figures are the numbers that may be quoted. */
export const Answer = z.object({
  question: QuestionName,
  /** The parameters with their defaults filled in; asking them again is the re-run. */
  params: z.record(z.string(), Json),
  dataVersion: DataVersion,
  coverage: Coverage,
  columns: z.array(z.object({ key: z.string(), label: z.string(), unit: z.string() })),
  rows: z.array(z.record(z.string(), Json)),
  figures: z.array(Figure),
  findings: z.array(Finding),
  gaps: z.array(Gap),
  /** For data_sufficiency; absent elsewhere. */
  sufficiency: z.enum(['sufficient', 'partial', 'insufficient']).optional(),
  elapsedMs: z.number().nonnegative(),
})
export type Answer = z.output<typeof Answer>
