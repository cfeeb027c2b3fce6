import type { Dimension } from '@apex/protocol/question'
import { AnalysisInput, type AnalysisResult } from '../../agents/analysis.ts'
import type { Intent, TriageResult } from '../../agents/triage.ts'
import type { Evidence } from '../../evidence/claim-book.ts'
import { evidenceOf, type Reply, type Seen, type SeenResult } from './brief-reader.ts'
import { observe } from './observe.ts'
import { sayList } from './say-time.ts'
import { aroundFocus, largestRise } from './trend-rise.ts'

type Call = { tool: string; input: Record<string, unknown> }

const OVER_TIME: readonly Intent[] = ['why_change', 'trend', 'traffic', 'verify_change']
const BY_DEFAULT: readonly Dimension[] = ['model', 'service']
/** Questions that need fewer groups than usual when they stand alone. */
const USUAL: Partial<Record<Intent, readonly Dimension[]>> = {
  errors: [],
  traffic: [],
  trend: [],
  cost_total: [],
  caching: ['model'],
  batch: ['model'],
  model_choice: ['model'],
}
const GROUPS_SHOWN = 10

/** Analysis by rules: totals first, then the breakdowns the question needs, then what stands out. */
export function analysisTurn({ input, results }: Seen): Reply {
  const { triage } = AnalysisInput.parse(input)
  if (results.length === 0) {
    const calls = firstCalls(triage)
    return { say: `Asking for ${sayList([...new Set(calls.map(say))])}.`, calls }
  }
  const closer = callsAroundRise(triage, results)
  if (closer.length > 0) {
    return { say: 'Comparing the time of the change with the time before it.', calls: closer }
  }
  const observations = observe(allEvidence(results), triage)
  const result: AnalysisResult = { observations, summary: observations[0] ?? 'The usage data gave no answer.' }
  return { say: 'Reading what stands out.', result }
}

function firstCalls(triage: TriageResult): Call[] {
  const { scope, intents, bucket, brief } = triage
  const overTime = intents.some((intent) => OVER_TIME.includes(intent))
  return [
    { tool: 'usage_overview', input: { scope } },
    ...dimensionsOf(triage).map((by) => ({ tool: 'usage_breakdown', input: { scope, by, limit: GROUPS_SHOWN } })),
    ...(overTime && !brief ? [{ tool: 'usage_trend', input: { scope, ...(bucket && { bucket }) } }] : []),
  ]
}

/** The dimensions to break down by: those asked for, else by model and by service; failures by their kind. */
function dimensionsOf({ intents, dimensions, brief }: TriageResult): Dimension[] {
  if (brief) return dimensions
  const failures: Dimension[] = intents.includes('errors') ? ['status', 'error_class'] : []
  const about = intents[0] ?? 'where_money'
  const usual = intents.length > 1 ? BY_DEFAULT : (USUAL[about] ?? BY_DEFAULT)
  const asked = dimensions.length > 0 ? dimensions : usual
  const needsModel = intents.includes('cut_cost') || intents.includes('model_choice')
  return [...new Set([...asked, ...(needsModel ? (['model'] as const) : []), ...failures])]
}

/** For "why did it change": the groups of the bucket after the largest rise, and of the one before. */
function callsAroundRise(triage: TriageResult, results: readonly SeenResult[]): Call[] {
  if (triage.intents[0] !== 'why_change') return []
  const rise = aroundFocus(triage.focus) ?? largestRise(evidenceOf(results, 'usage_trend')[0])
  if (!rise || evidenceOf(results, 'usage_breakdown').some((entry) => isAbout(entry, rise.after))) return []
  const filter = triage.scope.filter ? { filter: triage.scope.filter } : {}
  return [rise.before, rise.after].map(({ from, to }) => ({
    tool: 'usage_breakdown',
    input: { scope: { from, to, ...filter }, by: triage.dimensions[0] ?? 'model', limit: GROUPS_SHOWN },
  }))
}

function isAbout({ params }: Evidence, { from, to }: { from: string; to: string }): boolean {
  const scope = (params['scope'] ?? {}) as { from?: string; to?: string }
  return Date.parse(scope.from ?? '') === Date.parse(from) && Date.parse(scope.to ?? '') === Date.parse(to)
}

function allEvidence(results: readonly SeenResult[]): Evidence[] {
  return ['usage_overview', 'usage_breakdown', 'usage_trend'].flatMap((tool) => evidenceOf(results, tool))
}

function say({ tool, input }: Call): string {
  if (tool === 'usage_overview') return 'the totals'
  if (tool === 'usage_trend') return 'the cost over time'
  return `cost by ${String(input['by']).replace('_', ' ')}`
}
