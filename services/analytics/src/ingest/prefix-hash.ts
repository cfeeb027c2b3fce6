import { createHash } from 'node:crypto'

/** A block hash of any source as 64 bits: whole numbers as they are, text by its SHA-256. */
export function prefixHash(hash: number | string): bigint {
  if (typeof hash === 'number') return BigInt(hash)
  return createHash('sha256').update(hash).digest().readBigUInt64BE(0)
}
