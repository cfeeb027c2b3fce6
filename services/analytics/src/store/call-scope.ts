import type { Dimension, Scope } from '@apex/protocol/question'
import { microsOfIso } from '../exact/instant.ts'
import type { Visibility } from '../versions/visibility.ts'
import { CALL_COLUMNS } from './call-ddl.ts'

/** Which calls a statement reads: those of one organisation, visible at one data version, inside a scope. */
export type CallScope = { visibility: Visibility; scope: Scope }

/** The column of each dimension. */
export const DIMENSION_COLUMNS: Record<Dimension, string> = {
  provider: 'provider',
  model: 'model',
  request_model: 'request_model',
  project: 'project',
  environment: 'environment',
  service: 'service',
  feature: 'feature',
  user: 'user',
  conversation: 'conversation',
  status: 'status',
  error_class: 'error_class',
  import: 'import',
}

export type Bound = { sql: string; params: Record<string, unknown> }

/** Thrown for a statement that names no organisation: a fault of ours, never run. */
export class UnscopedStatementError extends Error {
  override readonly name = 'UnscopedStatementError'
  readonly code = 'unscoped_statement'
}

/** The calls of a scope as a subquery; every value is a bound parameter and the organisation is always among them. */
export function scopedCalls({ visibility, scope }: CallScope): Bound {
  if (visibility.organizationId === '') throw new UnscopedStatementError('a statement without an organisation')
  const conditions = [
    'organization = {organization:String}',
    'batch <= {max_batch:UInt64}',
    'not has({hidden_batches:Array(UInt64)}, batch)',
  ]
  const params: Record<string, unknown> = {
    organization: visibility.organizationId,
    max_batch: visibility.maxBatch,
    hidden_batches: [...visibility.hidden],
  }
  for (const [name, operator] of [
    ['from', '>='],
    ['to', '<'],
  ] as const) {
    const micros = scope[name] === undefined ? undefined : microsOfIso(scope[name])
    if (micros === undefined) continue
    conditions.push(`timestamp ${operator} fromUnixTimestamp64Micro({scope_${name}:Int64}, 'UTC')`)
    params[`scope_${name}`] = String(micros)
  }
  for (const [dimension, values] of Object.entries(scope.filter ?? {}) as [Dimension, string[]][]) {
    conditions.push(`has({filter_${dimension}:Array(String)}, ${DIMENSION_COLUMNS[dimension]})`)
    params[`filter_${dimension}`] = values
  }
  return { sql: `(select ${CALL_COLUMNS.join(', ')} from call where ${conditions.join(' and ')})`, params }
}
