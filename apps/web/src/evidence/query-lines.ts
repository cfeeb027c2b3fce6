import type { Json } from '@apex/protocol/text'
import { strings } from '../strings.ts'

/** One line of a query as people read it: what it sets, and to what. */
export type QueryLine = { key: string; value: string }

type Params = Readonly<Record<string, Json>>

/** A question and its parameters in reading order; the time range is told by `describeRange`. */
export function queryLines(question: string, params: Params): QueryLine[] {
  const { scope, by, measures, groupBy, ...rest } = params
  const filter = isRecord(scope) && isRecord(scope['filter']) ? scope['filter'] : {}
  return [
    { key: 'ask', value: question.replaceAll('_', ' ') },
    ...(measures === undefined ? [] : [{ key: 'measure', value: readable(measures) }]),
    ...Object.entries(filter).map(([dimension, values]) => ({
      key: 'where',
      value: `${dimension} = ${readable(values)}`,
    })),
    ...(by === undefined ? [] : [{ key: 'by', value: readable(by) }]),
    ...(groupBy === undefined || isEmpty(groupBy) ? [] : [{ key: 'by', value: readable(groupBy) }]),
    ...Object.entries(rest)
      .filter(([, value]) => !isEmpty(value))
      .map(([key, value]) => ({ key: words(key), value: readable(value) })),
  ]
}

/** The half-open time range a question was asked over, in UTC. */
export function describeRange(params: Params): string {
  const scope = isRecord(params['scope']) ? params['scope'] : {}
  const from = typeof scope['from'] === 'string' ? utcText(scope['from']) : undefined
  const to = typeof scope['to'] === 'string' ? utcText(scope['to']) : undefined
  if (from && to) return strings.evidence.between(from, to)
  if (from) return strings.evidence.from(from)
  return to ? strings.evidence.until(to) : strings.evidence.allTime
}

/** An instant as a query would have it: the day alone at midnight, to the minute or finer only where it matters. */
function utcText(instant: string): string {
  const text = new Date(instant).toISOString()
  return text
    .replace(/T00:00:00\.000Z$/, '')
    .replace('T', ' ')
    .replace(/(:00)?\.000Z$/, '')
    .replace(/Z$/, '')
}

/** A machine's name as words: `input_uncached` and `keepModels` become `input uncached` and `keep models`. */
export function words(name: string): string {
  return name
    .replaceAll(/[_-]+/g, ' ')
    .replaceAll(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
    .trim()
}

function readable(value: Json): string {
  if (value === '') return strings.evidence.notGiven
  if (Array.isArray(value)) return value.map(readable).join(', ')
  if (isRecord(value)) {
    return Object.entries(value)
      .map(([key, item]) => `${words(key)} ${readable(item)}`)
      .join(', ')
  }
  return String(value)
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0)
}

function isRecord(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
