import { z } from 'zod'

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g
const FORBIDDEN_CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g
const REPLACEMENT = '\uFFFD'

/**
 * Makes any string storable as Postgres text and jsonb: lone surrogates become U+FFFD, control characters other than
 * tab and line feed become U+FFFD, and CR LF or CR becomes LF. Idempotent.
 */
export function normaliseText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(LONE_SURROGATE, REPLACEMENT).replace(FORBIDDEN_CONTROL, REPLACEMENT)
}

/** Any text a person or a model wrote, normalised on the way in. */
export const Text = z.string().transform(normaliseText)
export type Text = z.output<typeof Text>

/** The same normalisation for every string inside a JSON value, keys included; what JSON cannot hold becomes null. */
export function normaliseJson(value: unknown): Json {
  if (typeof value === 'string') return normaliseText(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'boolean' || value === null) return value
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return value.map(normaliseJson)
  if (typeof value !== 'object') return null
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(entries.map(([key, item]) => [normaliseText(key), normaliseJson(item)]))
}

/** A JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** Any JSON value, normalised so that jsonb accepts it. */
export const Json: z.ZodType<Json> = z.unknown().transform(normaliseJson)
