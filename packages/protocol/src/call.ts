import { z } from 'zod'
import { Text } from './text.ts'
import { InputSemantics } from './token-class.ts'

/** The largest token count of one class in one call that is believed; more is rejected as a mistake. */
export const MAX_TOKENS = 100_000_000

const Tokens = z.int().min(0, 'must not be negative').max(MAX_TOKENS, `must be at most ${MAX_TOKENS}`)
const Label = Text.pipe(z.string().max(256, 'must be at most 256 characters'))

/**
 * One LLM request as a source may report it: the generic CSV/JSONL row and the JSON batch item.
 * Either `input_tokens` (a total, read by `input_semantics`) or `input_uncached_tokens`; absent counts are unknown.
 */
export const CallInput = z.strictObject({
  /** ISO 8601 instant, or milliseconds since 1970. */
  timestamp: z.union([z.iso.datetime({ offset: true }), z.int().positive()]),
  /** The source's own id of the call; makes a repeated delivery a duplicate. */
  id: z.string().min(1).max(200).optional(),
  provider: Label.optional(),
  /** The model that answered (gen_ai.response.model); priced by it. */
  model: Label.optional(),
  request_model: Label.optional(),
  input_tokens: Tokens.optional(),
  input_semantics: InputSemantics.optional(),
  input_uncached_tokens: Tokens.optional(),
  cache_read_tokens: Tokens.optional(),
  /** Cache writes of the default (5 minute) lifetime. */
  cache_write_tokens: Tokens.optional(),
  cache_write_1h_tokens: Tokens.optional(),
  /** All output, reasoning included. */
  output_tokens: Tokens.optional(),
  reasoning_tokens: Tokens.optional(),
  project: Label.optional(),
  environment: Label.optional(),
  service: Label.optional(),
  feature: Label.optional(),
  user: Label.optional(),
  conversation: Label.optional(),
  tags: z.record(z.string().max(64), Label).optional(),
  latency_ms: z.number().nonnegative().max(86_400_000).optional(),
  time_to_first_chunk_ms: z.number().nonnegative().max(86_400_000).optional(),
  status: z.enum(['ok', 'error']).optional(),
  error_class: Label.optional(),
  /** Hashes of whole leading prompt blocks, each covering everything before it. */
  prefix_hashes: z
    .array(z.union([z.int().nonnegative(), z.string().max(64)]))
    .max(4096)
    .optional(),
  prefix_block_tokens: z.int().min(1).max(65_536).optional(),
  batch: z.boolean().optional(),
})
export type CallInput = z.output<typeof CallInput>
