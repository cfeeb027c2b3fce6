import type { Clock } from '@apex/kit/clock'
import { transaction } from '@apex/kit/transaction'
import type { Sql } from 'postgres'
import type { PriceBook } from '../price-book/price-book.ts'
import type { CallRow } from '../store/call-row.ts'
import type { CallTable } from '../store/call-table.ts'
import type { Batches } from '../versions/batches.ts'
import { dropDuplicates } from './drop-duplicates.ts'
import { makeCall } from './make-call.ts'
import { checkCall } from './read-file.ts'

export type AddCallsOptions = { sql: Sql; calls: CallTable; batches: Batches; book: PriceBook; clock: Clock }

export type AddedCalls = {
  accepted: number
  duplicates: number
  rejected: { index: number; reason: string }[]
  unpriced: number
  watermark: number
}

/** Adds a request's calls as one batch; each is checked by itself, and one whose id came before is a duplicate. */
export async function addCalls(
  given: AddCallsOptions,
  { organizationId, calls }: { organizationId: string; calls: readonly unknown[] },
): Promise<AddedCalls> {
  const { good, rejected } = checkAll(given.book, calls)
  const unchanged = { accepted: 0, duplicates: 0, rejected, unpriced: 0 }
  if (good.length === 0) return { ...unchanged, watermark: (await given.batches.visibility(organizationId)).watermark }
  const batch = await given.batches.openForRequest(organizationId)
  try {
    const fresh = await dropDuplicates(good, (identities) => given.batches.reserve(batch, identities))
    const duplicates = good.length - fresh.length
    if (fresh.length === 0) {
      await given.batches.abort(batch)
      return { ...unchanged, duplicates, watermark: (await given.batches.visibility(organizationId)).watermark }
    }
    await given.calls.insert({ ...batch, importId: '' }, fresh)
    const watermark = await transaction(given.sql, (sql) => given.batches.commit(sql, batch, fresh.length))
    const unpriced = fresh.filter((call) => call.costState === 'unpriced').length
    return { accepted: fresh.length, duplicates, rejected, unpriced, watermark }
  } catch (error) {
    await given.batches.abort(batch)
    throw error
  }
}

function checkAll(book: PriceBook, calls: readonly unknown[]): { good: CallRow[]; rejected: AddedCalls['rejected'] } {
  const good: CallRow[] = []
  const rejected: AddedCalls['rejected'] = []
  for (const [index, value] of calls.entries()) {
    const input = checkCall(value)
    const call =
      'call' in input
        ? makeCall(input.call, { book, defaults: {}, provenance: 'api', sample: false, row: index + 1 })
        : { problem: input.reason }
    if ('problem' in call) rejected.push({ index, reason: call.problem })
    else good.push(call)
  }
  return { good, rejected }
}
