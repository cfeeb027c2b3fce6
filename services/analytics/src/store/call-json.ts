import { TOKEN_CLASSES } from '@apex/protocol/token-class'
import type { CallRow } from './call-row.ts'

export type CallOrigin = { organizationId: string; batch: number; importId: string }

/** A call as a JSON object of the table's columns; 64-bit integers travel as text. */
export function callJson(call: CallRow, origin: CallOrigin): Record<string, unknown> {
  const counts: Record<string, unknown> = {}
  for (const tokenClass of TOKEN_CLASSES) {
    counts[tokenClass] = call.tokens[tokenClass]
    counts[`cost_${tokenClass}`] = call.costs[tokenClass].toString()
  }
  return {
    organization: origin.organizationId,
    timestamp: clickhouseInstant(call.timestampUs),
    batch: origin.batch,
    row: call.row,
    import: origin.importId,
    source_id: call.sourceId,
    project: call.project,
    environment: call.environment,
    service: call.service,
    feature: call.feature,
    user: call.user,
    conversation: call.conversation,
    tags: call.tags,
    provider: call.provider,
    request_model: call.requestModel,
    model: call.model,
    ...counts,
    semantics: call.semantics,
    semantics_by: call.semanticsBy,
    usage_state: call.usageState,
    cost: call.cost.toString(),
    cost_state: call.costState,
    unpriced_reason: call.unpricedReason,
    price_version: call.priceVersion,
    price_entry: call.priceEntry,
    batch_price: call.batchPrice,
    latency_ms: call.latencyMs,
    first_chunk_ms: call.firstChunkMs,
    status: call.status,
    error_class: call.errorClass,
    prefix_hashes: call.prefixHashes.map(String),
    prefix_block_tokens: call.prefixBlockTokens,
    sample: call.sample,
    provenance: call.provenance,
  }
}

function clickhouseInstant(micros: number): string {
  const ms = Math.floor(micros / 1_000)
  const iso = new Date(ms).toISOString()
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}${String(micros - ms * 1_000).padStart(3, '0')}`
}
