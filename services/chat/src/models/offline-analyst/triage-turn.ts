import type { Dimension, Filter, Scope } from '@apex/protocol/question'
import { TriageInput, type TriageResult } from '../../agents/triage.ts'
import { evidenceOf, type Reply, type Seen, type SeenResult } from './brief-reader.ts'
import { type Mention, matchValues } from './find-mentions.ts'
import { groupsOf } from './read-evidence.ts'
import { sayList, saySpan } from './say-time.ts'
import { titleOf } from './title.ts'
import { type Understanding, understandQuestion } from './understand-question.ts'
import { unknownsOf } from './unknowns.ts'

const LOOKUP_LIMIT = 50
const ANYWHERE: readonly Dimension[] = ['service', 'feature', 'project']
const DAY_MS = 86_400_000
const WEEK_MS = 7 * DAY_MS

/** Triage by rules: reads the question, looks up the names it uses, and checks the data of that scope. */
export function triageTurn({ input, results }: Seen): Reply {
  const { question, history, now } = TriageInput.parse(input)
  const whole = evidenceOf(results, 'data_sufficiency')[0]
  const covered =
    whole?.coverage.from && whole.coverage.to ? { from: whole.coverage.from, to: whole.coverage.to } : null
  const earlier = history.filter(({ author }) => author === 'user').map(({ text }) => text)
  const understood = understandQuestion(question, { earlier, now: new Date(now), covered })
  const hasData = (whole?.coverage.calls ?? 0) > 0
  const lookups = hasData ? lookupsOf(understood).filter((by) => !wasLookedUp(results, by)) : []
  if (lookups.length > 0) {
    return {
      say: `Looking up which ${sayList(lookups)} the question means.`,
      calls: lookups.map((by) => ({ tool: 'usage_breakdown', input: { by, limit: LOOKUP_LIMIT } })),
    }
  }
  const { filter, missing } = resolveNames(understood, results)
  const scope = scopeOf(understood, filter)
  const checks = results.filter(({ tool }) => tool === 'data_sufficiency')
  if (hasData && Object.keys(scope).length > 0 && checks.length < 2) {
    return {
      say: 'The question is about part of the data; checking whether that part is enough.',
      calls: [{ tool: 'data_sufficiency', input: { scope } }],
    }
  }
  return giveTriage({ question, understood, scope, missing, results })
}

function giveTriage(found: {
  question: string
  understood: Understanding
  scope: Scope
  missing: Mention[]
  results: readonly SeenResult[]
}): Reply {
  const { question, understood, scope, missing, results } = found
  const { intents, goal, keepModels, keepLatency, dimensions, bucket, brief } = understood
  const checked = evidenceOf(results, 'data_sufficiency').at(-1)
  const result: TriageResult = {
    intents,
    scope,
    goal,
    keepModels,
    keepLatency,
    dimensions,
    bucket,
    models: modelsOf(understood),
    focus: focusOf(understood),
    brief,
    title: titleOf(understood, scope),
    unknowns: unknownsOf(question, understood, missing, checked?.coverage),
    summary: summaryOf(checked),
  }
  return { say: 'The question is clear; handing it to the supervisor.', result }
}

function lookupsOf({ mentions, models, intents }: Understanding): Dimension[] {
  const dimensions = mentions.flatMap(({ dimension }) => (dimension ? [dimension] : ANYWHERE))
  const byModel = models.named.length > 0 && !intents.includes('out_of_scope')
  return [...new Set([...dimensions, ...(byModel ? (['model'] as const) : [])])]
}

function wasLookedUp(results: readonly SeenResult[], by: Dimension): boolean {
  return results.some(({ tool, input }) => tool === 'usage_breakdown' && input['by'] === by)
}

/** The filter the named things come to, and the names the data does not know. */
function resolveNames(
  understood: Understanding,
  results: readonly SeenResult[],
): { filter: Filter; missing: Mention[] } {
  const breakdowns = evidenceOf(results, 'usage_breakdown')
  const valuesOf = (by: Dimension) => groupsOf(breakdowns.find(({ params }) => params['by'] === by))
  const filter: Filter = {}
  const missing: Mention[] = []
  for (const mention of understood.mentions) {
    const tried = mention.dimension ? [mention.dimension] : ANYWHERE
    const by = tried.find((dimension) => matchValues(mention.name, valuesOf(dimension)).length > 0)
    if (mention.guess && !valuesOf(by ?? 'service').includes(mention.name)) continue
    if (by) filter[by] = [...(filter[by] ?? []), ...matchValues(mention.name, valuesOf(by))]
    else missing.push(mention)
  }
  const source = modelsOf(understood).from
  if (source && !understood.intents.includes('model_choice')) {
    const models = understood.models.named.flatMap((name) => matchValues(name, valuesOf('model')).slice(0, 1))
    if (models.length > 0) filter.model = [...new Set(models)]
    else missing.push({ name: source, dimension: 'model' })
  }
  return { filter, missing }
}

function modelsOf({ models, intents }: Understanding): { from: string | null; to: string | null } {
  const to = intents.includes('model_choice') ? models.to : null
  return { from: models.named.find((name) => name !== to) ?? null, to }
}

/** The time a question about a change asks about. */
function focusOf({ range, intents }: Understanding): { from: string; to: string } | null {
  return intents[0] === 'why_change' && range?.from && range.to ? { from: range.from, to: range.to } : null
}

/** For a change the range is widened to both sides, so that the time asked about is not at its cut ends. */
function scopeOf({ range, intents }: Understanding, filter: Filter): Scope {
  const widen = intents[0] === 'why_change' && range?.from !== undefined
  const from = widen && range.from ? new Date(Date.parse(range.from) - WEEK_MS).toISOString() : range?.from
  const to = widen && range.to ? new Date(Date.parse(range.to) + DAY_MS).toISOString() : range?.to
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(Object.keys(filter).length > 0 && { filter }),
  }
}

function summaryOf(checked: ReturnType<typeof evidenceOf>[number] | undefined): string {
  if (!checked) return 'The question is understood; whether the data is sufficient could not be checked.'
  const { sufficiency, coverage } = checked
  if (!coverage.from || !coverage.to) return 'The question is understood; there are no calls to answer it from.'
  const word = sufficiency === 'insufficient' ? 'not sufficient' : (sufficiency ?? 'unknown')
  return `The data is ${word}, from ${saySpan(coverage.from, coverage.to)}.`
}
