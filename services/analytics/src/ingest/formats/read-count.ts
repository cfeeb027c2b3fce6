import { MAX_TOKENS } from '@apex/protocol/call'

/** A token count of a file, or what is wrong with it in words for a person. */
export function readCount(name: string, value: unknown): number | { reason: string } {
  if (value === undefined || value === null || value === '') return { reason: `${name} is missing` }
  const shown = JSON.stringify(value)
  if (typeof value === 'string' ? !/^-?\d+$/.test(value) : !Number.isInteger(value)) {
    return { reason: `${name} must be a whole number of tokens, not ${shown}` }
  }
  const count = Number(value)
  if (count < 0) return { reason: `${name} must not be negative: ${shown}` }
  if (count > MAX_TOKENS)
    return { reason: `${name} is larger than any call: ${shown}; the most accepted is ${MAX_TOKENS}` }
  return count
}
