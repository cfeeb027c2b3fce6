import type { TriageResult } from '../../agents/triage.ts'
import type { Evidence } from '../../evidence/claim-book.ts'
import { observeRise, observeTrend } from './observe-trend.ts'
import { answerTo, groupKey, groupLabel, groupName, groupsOf, param, quote, valueOf } from './read-evidence.ts'
import { saySpan } from './say-time.ts'

/** What the evidence shows, the answer to the question first; figures as `{{id}}`. */
export function observe(evidence: readonly Evidence[], triage: TriageResult): string[] {
  const overview = answerTo(evidence, 'overview')
  const main = triage.intents[0]
  const observations = [
    ...(main === 'why_change' ? observeRise(evidence, triage) : []),
    ...(main === 'errors' ? observeErrors(overview, evidence) : []),
    ...(main === 'traffic' || main === 'trend' || main === 'verify_change' ? observeTrend(evidence) : []),
    ...(main === 'where_money'
      ? [[...observeTotal(overview), ...observeGroups(evidence)].join(' ')]
      : observeTotal(overview)),
    ...(triage.brief ? [] : observeTokens(overview)),
    ...(triage.brief || main === 'where_money' ? [] : observeGroups(evidence)),
    ...observeCoverage(overview),
    ...(main !== 'errors' && triage.intents.includes('errors') ? observeErrors(overview, evidence) : []),
  ]
  return [...new Set(observations)].filter((observation) => observation !== '').slice(0, 10)
}

function observeTotal(overview: Evidence | undefined): string[] {
  const [cost, calls, perCall] = [
    quote(overview, 'total-cost'),
    quote(overview, 'calls'),
    quote(overview, 'cost-per-call'),
  ]
  if (!calls) return []
  const { from, to } = overview?.coverage ?? {}
  const when = from && to ? `, ${saySpan(from, to)}` : ''
  if (!cost) return [`There are ${calls}${when}, and no price is known for any of them, so their cost is unknown.`]
  return [`The cost is ${cost} over ${calls}${when}${perCall ? `, which is ${perCall}` : ''}.`]
}

function observeTokens(overview: Evidence | undefined): string[] {
  const [input, output] = [quote(overview, 'input-cost-share'), quote(overview, 'output-cost-share')]
  const [reads, writes] = [quote(overview, 'input-tokens-per-call'), quote(overview, 'output-tokens-per-call')]
  const cached = quote(overview, 'cache-read-share')
  const isCached = (valueOf(overview, 'cache-read-share') ?? 0) > 0
  return [
    ...(input && output ? [`By cost, ${input} is input and ${output} is output.`] : []),
    ...(reads && writes ? [`Average input is ${reads}, average output ${writes}.`] : []),
    ...(cached && isCached ? [`${cached} of the input is read from a cache.`] : []),
  ]
}

function observeGroups(evidence: readonly Evidence[]): string[] {
  return evidence.flatMap((entry) => {
    if (entry.question !== 'breakdown' || isOneOfTwoTimes(entry, evidence)) return []
    const by = param(entry, 'by').replace('_', ' ')
    if (by === 'status' || by === 'error class') return []
    const groups = groupsOf(entry)
    const [top] = groups
    // That nobody names the dimension is a gap, which is said with what is not known.
    if (top === undefined) return []
    if (groups.length === 1 && entry.rows.length === 1) return [`All of it is on one ${by}, ${groupLabel(entry, top)}.`]
    const [first] = entry.rows
    const share = first && quote(entry, `share:${groupKey(entry, first)}`)
    return share && groupName(entry, first) === top
      ? [`The largest ${by} is ${groupLabel(entry, top)} with ${share} of the cost.`]
      : []
  })
}

function observeCoverage(overview: Evidence | undefined): string[] {
  const [unpriced, share] = [quote(overview, 'unpriced-calls'), quote(overview, 'unpriced-share')]
  const models = overview?.coverage.unpricedModels ?? []
  if (!unpriced || (overview?.coverage.unpricedCalls ?? 0) === 0) return []
  const which = models.length > 0 && models.length <= 5 ? ` (${models.join(', ')})` : ''
  return [
    `For ${unpriced}${which}${share ? `, ${share} of all,` : ''} no price is known; their cost is unknown and not in the total.`,
  ]
}

function observeErrors(overview: Evidence | undefined, evidence: readonly Evidence[]): string[] {
  const [errors, share] = [quote(overview, 'errors'), quote(overview, 'error-share')]
  if (!errors) return ['The calls do not say whether they failed, so failures cannot be counted.']
  const byStatus = answerTo(evidence, 'breakdown', 'status')
  const cost = quote(byStatus, 'cost:error')
  if ((valueOf(overview, 'errors') ?? 0) === 0) {
    return ['No call in the data is marked as failed, so failures cost nothing that is known.']
  }
  return [
    `${errors} failed${share ? `, ${share} of all calls` : ''}; ${cost ? `they cost ${cost}` : 'what they cost is unknown'}.`,
    ...mostFrequentKind(answerTo(evidence, 'breakdown', 'error_class')),
  ]
}

function mostFrequentKind(byKind: Evidence | undefined): string[] {
  const rows = (byKind?.rows ?? []).filter((row) => groupName(byKind, row) !== '')
  const [top] = rows.sort((a, b) => Number(b['calls'] ?? 0) - Number(a['calls'] ?? 0))
  const calls = top && quote(byKind, `calls:${groupKey(byKind, top)}`)
  return top && calls ? [`The most frequent kind is ${groupLabel(byKind, groupName(byKind, top))} with ${calls}.`] : []
}

/** A pair of breakdowns of two times is compared elsewhere. */
function isOneOfTwoTimes(entry: Evidence, evidence: readonly Evidence[]): boolean {
  const same = evidence.filter(
    ({ question, params }) => question === 'breakdown' && params['by'] === entry.params['by'],
  )
  return same.length > 1 && same[0] !== entry
}
