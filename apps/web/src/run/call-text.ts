/** The arguments of a tool call in one line, as in code: `by: model, limit: 10`; what is empty says nothing. */
export function callArguments(given: Readonly<Record<string, unknown>>): string {
  return Object.entries(given)
    .map(([key, value]) => [key, shortValue(value)] as const)
    .filter(([, text]) => text !== '')
    .map(([key, text]) => (key === 'question' && !text.includes(' ') ? text : `${key}: ${text}`))
    .join(', ')
}

/** A tool call as it can be pasted elsewhere. */
export function callText(tool: string, given: Readonly<Record<string, unknown>>): string {
  return `${tool}(${JSON.stringify(given, null, 2)})`
}

function shortValue(value: unknown): string {
  if (value === null || value === undefined || value === '') return ''
  if (Array.isArray(value)) {
    const items = value.map(shortValue).filter(Boolean)
    return items.length > 3 ? `${items.slice(0, 3).join(' ')} +${items.length - 3}` : items.join(' ')
  }
  if (typeof value === 'object') {
    const inner = callArguments(value as Record<string, unknown>)
    return inner === '' ? '' : `{${inner}}`
  }
  if (typeof value === 'string') return value.replace(/T00:00:00(\.000)?Z$/, '')
  return JSON.stringify(value)
}
