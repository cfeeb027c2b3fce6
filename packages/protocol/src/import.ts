import { z } from 'zod'
import { CallInput } from './call.ts'
import { DataVersion } from './data-version.ts'
import { Id, Instant } from './id.ts'
import { Text } from './text.ts'

export const ImportFormat = z.enum(['auto', 'generic-csv', 'generic-jsonl', 'azure-llm', 'mooncake'])
export type ImportFormat = z.output<typeof ImportFormat>

/** Maps a column of the file to a field of a call: `{ "Prompt Tokens": "input_tokens" }`; `null` ignores the column. */
export const ColumnMapping = z.record(z.string(), z.enum(Object.keys(CallInput.shape) as [keyof CallInput]).nullable())
export type ColumnMapping = z.output<typeof ColumnMapping>

/** What the file does not say: defaults for every row. `start` is the instant of relative time zero. */
export const ImportOptions = z.object({
  format: ImportFormat.default('auto'),
  fileName: Text.pipe(z.string().max(255)).optional(),
  provider: z.string().max(100).optional(),
  model: z.string().max(200).optional(),
  service: z.string().max(256).optional(),
  project: z.string().max(256).optional(),
  environment: z.string().max(256).optional(),
  start: Instant.optional(),
  map: ColumnMapping.optional(),
})
export type ImportOptions = z.output<typeof ImportOptions>

/** One line that was not taken, by its number in the file (the first line is 1). */
export const Reject = z.object({ line: z.int().positive(), reason: Text, content: Text })
export type Reject = z.output<typeof Reject>

/** The state of one import; its calls become visible together when it is committed. */
export const ImportRecord = z.object({
  id: Id,
  format: z.string(),
  fileName: z.string().nullable(),
  fileHash: z.string().nullable(),
  state: z.enum(['running', 'committed', 'failed', 'retracted']),
  sample: z.boolean(),
  bytesRead: z.number().nonnegative(),
  accepted: z.int().nonnegative(),
  rejected: z.int().nonnegative(),
  duplicates: z.int().nonnegative(),
  unpriced: z.int().nonnegative(),
  /** The first rejects; the rejects file has all of them. */
  rejects: z.array(Reject).max(20),
  options: ImportOptions,
  dataVersion: DataVersion.nullable(),
  error: Text.nullable(),
  startedAt: Instant,
  finishedAt: Instant.nullable(),
})
export type ImportRecord = z.output<typeof ImportRecord>
