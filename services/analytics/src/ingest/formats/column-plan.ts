import type { ColumnMapping } from '@apex/protocol/import'
import { CALL_FIELDS, type CallField } from './call-fields.ts'
import { nearestName } from './nearest-name.ts'

/** Which field of a call each column feeds; `null` ignores the column, undefined is a column nobody knows. */
export type ColumnPlan = {
  fieldOf(column: string): CallField | null | undefined
  unknown(columns: readonly string[]): UnknownColumn[]
}

export type UnknownColumn = { column: string; nearest: string | undefined }

/** The plan for a file: what the mapping says, else the field of the same name. */
export function planColumns(map: ColumnMapping = {}): ColumnPlan {
  const mapped = new Map(Object.entries(map).map(([column, field]) => [column.trim(), field]))
  const fieldOf = (column: string): CallField | null | undefined => {
    const name = column.trim()
    if (mapped.has(name)) return mapped.get(name)
    const lower = name.toLowerCase() as CallField
    return CALL_FIELDS.includes(lower) ? lower : undefined
  }
  return {
    fieldOf,
    unknown: (columns) =>
      columns
        .filter((column) => fieldOf(column) === undefined)
        .map((column) => ({ column, nearest: nearestName(column, CALL_FIELDS) })),
  }
}

/** What to do about a column nobody knows, for a person. */
export function unknownColumnText({ column, nearest }: UnknownColumn): string {
  const name = JSON.stringify(column)
  const meant = nearest
    ? `the nearest field is ${nearest}: map it as {${name}: "${nearest}"}`
    : 'no field is near it: map it to one'
  return `the column ${name} is not a field of a call; ${meant}, or ignore it with {${name}: null}`
}
