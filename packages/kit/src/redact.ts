// Singular on purpose: `inputTokens` is a count and stays, `accessToken` is a credential and goes.
const secretKey = /(?:password|secret|authorization|cookie|api_?key|private_?key|token|ticket|jwt)$/i
const maxDepth = 6

/** Hides credentials inside free text: JWTs, bearer values and the password of a connection URL. */
export function redactText(text: string): string {
  return text
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[jwt]')
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, '$1 [redacted]')
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*):[^\s/@"\\]+@/gi, '$1:[redacted]@')
}

/** A copy of log fields without credentials; token counts, which are this product's subject, stay. */
export function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
  return redactObject(fields, 0)
}

function redactObject(fields: object, depth: number): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(fields)) result[key] = redactEntry(key, value, depth)
  return result
}

function redactEntry(key: string, value: unknown, depth: number): unknown {
  if (secretKey.test(key) && typeof value === 'string') return '[redacted]'
  return redactValue(value, depth + 1)
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (depth > maxDepth) return '[deep]'
  if (value instanceof Date) return value
  if (value instanceof Error) return describeError(value, depth)
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1))
  return redactObject(value, depth)
}

function describeError(error: Error, depth: number): Record<string, unknown> {
  // `query` and `parameters` of a database error may hold user data, so only chosen facts are logged.
  const { code, detail, constraint_name } = error as { code?: unknown; detail?: unknown; constraint_name?: unknown }
  return {
    type: error.name,
    message: redactText(error.message),
    ...(error.stack ? { stack: redactText(error.stack) } : {}),
    ...(code === undefined ? {} : { code }),
    ...(typeof detail === 'string' ? { detail: redactText(detail) } : {}),
    ...(constraint_name === undefined ? {} : { constraint: constraint_name }),
    ...(error.cause === undefined ? {} : { cause: redactValue(error.cause, depth + 1) }),
  }
}
