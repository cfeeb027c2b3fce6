import { CallInput } from '@apex/protocol/call'

export type CallField = keyof CallInput

/** Every field of a call a column can be mapped to. */
export const CALL_FIELDS = Object.keys(CallInput.shape) as CallField[]

const NUMBERS = new Set<CallField>([
  'input_tokens',
  'input_uncached_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'cache_write_1h_tokens',
  'output_tokens',
  'reasoning_tokens',
  'latency_ms',
  'time_to_first_chunk_ms',
  'prefix_block_tokens',
])

/**
 * The value of a CSV cell for a field; an empty cell is absent. What cannot be read stays text, so that checking the
 * call names it.
 */
export function cellValue(field: CallField, cell: string): unknown {
  const text = cell.trim()
  if (text === '') return undefined
  if (field === 'timestamp') return /^\d+$/.test(text) ? Number(text) : text
  if (NUMBERS.has(field)) return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
  if (field === 'batch') return /^(true|1|yes)$/i.test(text) ? true : /^(false|0|no)$/i.test(text) ? false : text
  if (field === 'status') return text.toLowerCase()
  if (field === 'tags') return parseTags(text)
  if (field === 'prefix_hashes') return parseHashes(text)
  return cell
}

function parseTags(text: string): unknown {
  if (text.startsWith('{')) return parsedOr(text)
  const pairs = text.split(';').map((pair) => pair.trim().split('='))
  return pairs.every((pair) => pair.length === 2) ? Object.fromEntries(pairs) : text
}

function parseHashes(text: string): unknown {
  if (text.startsWith('[')) return parsedOr(text)
  return text.split(/[\s;]+/).map((hash) => (/^\d{1,15}$/.test(hash) ? Number(hash) : hash))
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
