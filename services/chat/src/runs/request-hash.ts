import { createHash } from 'node:crypto'

/** SHA-256 over kind and request, independent of the order of keys: tells a repeat from another request. */
export function requestHash(kind: string, request: unknown): Buffer {
  return createHash('sha256')
    .update(canonicalJson([kind, request]))
    .digest()
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (isRecord(item) ? sortKeys(item) : item))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sortKeys(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}
