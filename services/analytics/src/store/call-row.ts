import type { CostState, InputSemantics, TokenClass, UsageState } from '@apex/protocol/token-class'
import type { TokenCounts } from '../price-book/price-call.ts'

/** One LLM request as it is stored; costs in pico-dollars, instants in microseconds since 1970. */
export type CallRow = {
  /** Position in its batch: the row of a file or the index in a request, from 1. */
  row: number
  sourceId: string
  timestampUs: number
  project: string
  environment: string
  service: string
  feature: string
  user: string
  conversation: string
  tags: Record<string, string>
  provider: string
  requestModel: string
  model: string
  tokens: TokenCounts
  semantics: InputSemantics
  semanticsBy: string
  usageState: UsageState
  costs: Record<TokenClass, bigint>
  cost: bigint
  costState: CostState
  unpricedReason: string
  priceVersion: string
  /** The entry of the price book, as `provider/model`. */
  priceEntry: string
  batchPrice: boolean
  latencyMs: number | null
  firstChunkMs: number | null
  status: 'ok' | 'error'
  errorClass: string
  prefixHashes: bigint[]
  prefixBlockTokens: number
  sample: boolean
  /** Which way the call came in, such as `file:azure-llm` or `api`. */
  provenance: string
}
