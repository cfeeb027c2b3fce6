import type { Coverage, Scope } from '@apex/protocol/question'
import type { QuestionContext } from './question.ts'

/** What a scope holds: the coverage of the wire, and what helps to judge it. */
export type ScopeFacts = Coverage & {
  fromUs: number
  toUs: number
  /** Calls with each label, and with prefix hashes and latency. */
  given: Record<'service' | 'feature' | 'user' | 'conversation' | 'prefixHashes' | 'latency', number>
  priceVersions: string[]
}

type Row = {
  calls: string
  priced: string
  estimated: string
  unknown_usage: string
  from_us: string
  to_us: string
  unpriced_models: string[]
  sample: string
  with_service: string
  with_feature: string
  with_user: string
  with_conversation: string
  with_prefix_hashes: string
  with_latency: string
  price_versions: string[]
}

const SQL = `
  select count() as calls,
    countIf(cost_state = 'priced') as priced,
    countIf(usage_state = 'estimated') as estimated,
    countIf(usage_state = 'unknown') as unknown_usage,
    toUnixTimestamp64Micro(min(timestamp)) as from_us,
    toUnixTimestamp64Micro(max(timestamp)) as to_us,
    arraySort(groupUniqArrayIf(50)(model, unpriced_reason not in ('', 'unknown-usage'))) as unpriced_models,
    countIf(sample) as sample,
    countIf(service != '') as with_service,
    countIf(feature != '') as with_feature,
    countIf(user != '') as with_user,
    countIf(conversation != '') as with_conversation,
    countIf(notEmpty(prefix_hashes)) as with_prefix_hashes,
    countIf(latency_ms is not null) as with_latency,
    arraySort(groupUniqArray(20)(price_version)) as price_versions
  from {calls}`

/** Counts what a scope covers; one pass over its calls. */
export async function readFacts(context: QuestionContext, scope: Scope): Promise<ScopeFacts> {
  const [row] = await context.read<Row>(scope, { sql: SQL })
  const calls = Number(row?.calls ?? 0)
  const instant = (us: string | undefined): string | null =>
    calls > 0 ? new Date(Number(us) / 1_000).toISOString() : null
  return {
    calls,
    pricedCalls: Number(row?.priced ?? 0),
    unpricedCalls: calls - Number(row?.priced ?? 0),
    estimatedUsageCalls: Number(row?.estimated ?? 0),
    unknownUsageCalls: Number(row?.unknown_usage ?? 0),
    from: instant(row?.from_us),
    to: instant(row?.to_us),
    unpricedModels: row?.unpriced_models ?? [],
    containsSampleData: Number(row?.sample ?? 0) > 0,
    fromUs: Number(row?.from_us ?? 0),
    toUs: Number(row?.to_us ?? 0),
    given: {
      service: Number(row?.with_service ?? 0),
      feature: Number(row?.with_feature ?? 0),
      user: Number(row?.with_user ?? 0),
      conversation: Number(row?.with_conversation ?? 0),
      prefixHashes: Number(row?.with_prefix_hashes ?? 0),
      latency: Number(row?.with_latency ?? 0),
    },
    priceVersions: row?.price_versions ?? [],
  }
}

/** The part of the facts the wire's coverage has. */
export function coverageOf(facts: ScopeFacts): Coverage {
  const { calls, pricedCalls, unpricedCalls, estimatedUsageCalls, unknownUsageCalls } = facts
  const { from, to, unpricedModels, containsSampleData } = facts
  return {
    calls,
    pricedCalls,
    unpricedCalls,
    estimatedUsageCalls,
    unknownUsageCalls,
    from,
    to,
    unpricedModels,
    containsSampleData,
  }
}
