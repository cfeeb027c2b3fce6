import { createHash } from 'node:crypto'
import { BusyError } from '@apex/kit/app-error'
import type { CallRow } from '../store/call-row.ts'
import type { Reservation } from '../versions/batches.ts'

/**
 * The calls whose own id was not delivered before, in this delivery or an earlier one; calls without an id all pass.
 * Throws `BusyError` while another delivery of the same ids is under way, because it may still fail.
 */
export async function dropDuplicates(
  calls: readonly CallRow[],
  reserve: (identities: readonly Buffer[]) => Promise<Reservation>,
): Promise<CallRow[]> {
  const identities = new Map<string, Buffer>()
  for (const { sourceId } of calls) if (sourceId) identities.set(sourceId, identityOf(sourceId))
  if (identities.size === 0) return [...calls]
  const { fresh, contested } = await reserve([...identities.values()])
  if (contested) {
    throw new BusyError(
      'The same calls are being delivered by another request at this moment. Nothing was added; try again in a moment.',
    )
  }
  return calls.filter(({ sourceId }) => {
    const identity = identities.get(sourceId)
    identities.delete(sourceId)
    return sourceId === '' || (identity !== undefined && fresh.has(identity.toString('hex')))
  })
}

function identityOf(sourceId: string): Buffer {
  return createHash('sha256').update(sourceId).digest().subarray(0, 16)
}
