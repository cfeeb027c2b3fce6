/** A line as a JSON object, or what is wrong with it in words for a person. */
export function parseObject(text: string): { value: Record<string, unknown> } | { reason: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const hint = /\bNaN\b|\bInfinity\b/.test(text) ? '; NaN and Infinity are not JSON numbers' : ''
    return { reason: `the line is not valid JSON${hint}: ${(error as Error).message}` }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { reason: 'the line is not a JSON object' }
  }
  return { value: value as Record<string, unknown> }
}
