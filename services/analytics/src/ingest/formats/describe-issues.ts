import type { z } from 'zod'
import { CALL_FIELDS } from './call-fields.ts'
import { nearestName } from './nearest-name.ts'

type Issue = z.core.$ZodIssue

/** What is wrong with a row in one sentence for a person, naming each field and the value it has. */
export function describeIssues(issues: readonly Issue[], value: unknown): string {
  const sentences = issues.slice(0, 4).map((issue) => describe(issue, value))
  const more = issues.length > 4 ? `; and ${issues.length - 4} more` : ''
  return sentences.join('; ') + more
}

function describe(issue: Issue, root: unknown): string {
  const name = issue.path.map(String).join('.')
  const value = valueAt(root, issue.path)
  if (issue.code === 'unrecognized_keys') return issue.keys.map(unknownKey).join('; ')
  if (name === '') return issue.message
  if (value === undefined) return `${name} is missing`
  const shown = shorten(JSON.stringify(value) ?? 'nothing')
  if (name === 'timestamp') {
    return `timestamp must be an ISO 8601 instant with its zone, such as 2026-06-01T12:00:00Z, or milliseconds since 1970, not ${shown}`
  }
  if (issue.code === 'invalid_type') return `${name} must be ${wanted(issue.expected)}, not ${shown}`
  if (issue.code === 'invalid_value')
    return `${name} must be one of ${issue.values.map(String).join(', ')}, not ${shown}`
  if (issue.message.startsWith('must ')) return `${name} ${issue.message}: ${shown}`
  return `${name}: ${issue.message} (${shown})`
}

function unknownKey(key: string): string {
  const nearest = nearestName(key, CALL_FIELDS)
  return `${JSON.stringify(key)} is not a field of a call${nearest ? `; the nearest is ${nearest}` : ''}`
}

function wanted(expected: string): string {
  if (expected === 'int') return 'a whole number'
  if (expected === 'number') return 'a number'
  if (expected === 'boolean') return 'true or false'
  if (expected === 'array') return 'a list'
  if (expected === 'record') return 'an object'
  return expected === 'string' ? 'text' : `a ${expected}`
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], root)
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
