import { TOKEN_CLASSES } from '@apex/protocol/token-class'

const COUNT = 'UInt32 codec(T64, ZSTD(1))'
const PICO = 'Int64 codec(T64, ZSTD(1))'
const TEXT = 'String codec(ZSTD(1))'
const LABEL = 'LowCardinality(String)'

const COLUMNS: Record<string, string> = {
  organization: LABEL,
  timestamp: "DateTime64(6, 'UTC') codec(DoubleDelta, ZSTD(1))",
  batch: 'UInt64 codec(DoubleDelta, ZSTD(1))',
  row: 'UInt32 codec(DoubleDelta, ZSTD(1))',
  import: LABEL,
  source_id: TEXT,
  project: LABEL,
  environment: LABEL,
  service: LABEL,
  feature: LABEL,
  user: TEXT,
  conversation: TEXT,
  tags: 'Map(LowCardinality(String), String) codec(ZSTD(1))',
  provider: LABEL,
  request_model: LABEL,
  model: LABEL,
  ...Object.fromEntries(TOKEN_CLASSES.map((tokenClass) => [tokenClass, COUNT])),
  semantics: LABEL,
  semantics_by: LABEL,
  usage_state: LABEL,
  // Costs are integer pico-dollars.
  ...Object.fromEntries(TOKEN_CLASSES.map((tokenClass) => [`cost_${tokenClass}`, PICO])),
  cost: PICO,
  cost_state: LABEL,
  unpriced_reason: LABEL,
  price_version: LABEL,
  price_entry: LABEL,
  batch_price: 'Bool',
  latency_ms: 'Nullable(Float64) codec(ZSTD(1))',
  first_chunk_ms: 'Nullable(Float64) codec(ZSTD(1))',
  status: LABEL,
  error_class: LABEL,
  prefix_hashes: 'Array(UInt64) codec(ZSTD(1))',
  prefix_block_tokens: COUNT,
  sample: 'Bool',
  provenance: LABEL,
}

/** Every column of a call, in order. */
export const CALL_COLUMNS = Object.keys(COLUMNS)

/** Statements that bring an empty or current database to the shape this version reads; each may run again. */
export const CALL_DDL = [
  `create table if not exists call (
    ${Object.entries(COLUMNS)
      .map(([name, type]) => `${name} ${type}`)
      .join(',\n    ')}
  )
  engine = MergeTree
  order by (organization, timestamp, batch, row)`,
] as const
