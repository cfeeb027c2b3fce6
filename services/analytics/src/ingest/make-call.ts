import type { CallInput } from '@apex/protocol/call'
import { TOKEN_CLASSES, type TokenClass } from '@apex/protocol/token-class'
import { microsOfTimestamp } from '../exact/instant.ts'
import type { PriceBook } from '../price-book/price-book.ts'
import { type CallPrice, priceCall } from '../price-book/price-call.ts'
import type { CallRow } from '../store/call-row.ts'
import { classifyTokens, type Usage } from './classify-tokens.ts'
import { prefixHash } from './prefix-hash.ts'

/** What the source as a whole says where a row is silent. */
export type CallDefaults = Partial<Pick<CallInput, 'provider' | 'model' | 'service' | 'project' | 'environment'>>

export type MakeCallOptions = {
  book: PriceBook
  defaults: CallDefaults
  provenance: string
  sample: boolean
  row: number
}

/** Turns a valid call of a source into a stored row: tokens in classes, priced at its time; or says what is wrong. */
export function makeCall(given: CallInput, options: MakeCallOptions): CallRow | { problem: string } {
  const { book, row, sample, provenance } = options
  const input = onOneLine({ ...options.defaults, ...given })
  const timestampUs = microsOfTimestamp(input.timestamp)
  if (typeof timestampUs === 'object') return timestampUs
  const model = input.model ?? input.request_model
  const provider = input.provider ?? (model ? book.inferProvider(model) : undefined)
  const usage = classifyTokens(input, provider)
  if ('problem' in usage) return usage
  const tokens = usage.state === 'unknown' ? undefined : usage.tokens
  const timestampMs = Math.floor(timestampUs / 1_000)
  const price = priceCall(book, { provider, model, timestampMs, tokens, batch: input.batch ?? false })
  return {
    row,
    timestampUs,
    sourceId: input.id ?? '',
    ...labelsOf(input),
    provider: provider ?? '',
    requestModel: input.request_model ?? '',
    model: model ?? '',
    ...usageColumns(usage),
    ...priceColumns(price, book.version),
    batchPrice: input.batch ?? false,
    latencyMs: input.latency_ms ?? null,
    firstChunkMs: input.time_to_first_chunk_ms ?? null,
    status: input.status ?? (input.error_class ? 'error' : 'ok'),
    errorClass: input.error_class ?? '',
    prefixHashes: (input.prefix_hashes ?? []).map(prefixHash),
    prefixBlockTokens: input.prefix_block_tokens ?? 0,
    sample,
    provenance,
  }
}

// Names are repeated in reports, where a line break in one would begin a paragraph or a heading of its own.
function onOneLine(input: CallInput): CallInput {
  return Object.fromEntries(
    Object.entries(input).map(([field, value]) => [field, typeof value === 'string' ? oneLine(value) : value]),
  ) as CallInput
}

function oneLine(text: string): string {
  return /\s/.test(text) ? text.replace(/\s+/g, ' ').trim() : text
}

type Labels = 'project' | 'environment' | 'service' | 'feature' | 'user' | 'conversation' | 'tags'

function labelsOf(input: CallInput): Pick<CallRow, Labels> {
  const { project = '', environment = '', service = '', feature = '', user = '', conversation = '', tags = {} } = input
  return { project, environment, service, feature, user, conversation, tags }
}

function usageColumns(usage: Usage): Pick<CallRow, 'tokens' | 'semantics' | 'semanticsBy' | 'usageState'> {
  return { tokens: usage.tokens, semantics: usage.semantics, semanticsBy: usage.determinedBy, usageState: usage.state }
}

type PriceColumn = 'costs' | 'cost' | 'costState' | 'unpricedReason' | 'priceVersion' | 'priceEntry'

function priceColumns(price: CallPrice, priceVersion: string): Pick<CallRow, PriceColumn> {
  if (price.state === 'unpriced') {
    const costs = Object.fromEntries(TOKEN_CLASSES.map((each) => [each, 0n])) as Record<TokenClass, bigint>
    return { costs, cost: 0n, costState: 'unpriced', unpricedReason: price.reason, priceVersion, priceEntry: '' }
  }
  const priceEntry = `${price.entry.provider}/${price.entry.model}`
  return { costs: price.costs, cost: price.total, costState: 'priced', unpricedReason: '', priceVersion, priceEntry }
}
