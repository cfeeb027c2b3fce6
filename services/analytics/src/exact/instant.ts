const ISO = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|[+-]\d{2}:?\d{2})?$/i
const EARLIEST_US = Date.UTC(2015, 0, 1) * 1_000
const LATEST_US = Date.UTC(2100, 0, 1) * 1_000

/** Microseconds since 1970 of an ISO 8601 instant, finer digits cut off; text without a zone needs `zone: 'utc'`. */
export function microsOfIso(text: string, { zone }: { zone?: 'utc' } = {}): number | undefined {
  const found = ISO.exec(text)
  if (!found) return undefined
  const [, year, month, day, hour, minute, second = '00', fraction = '', offset] = found
  if (!offset && zone !== 'utc') return undefined
  const whole = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const ms = Date.parse(`${whole}${(offset ?? 'Z').toUpperCase()}`)
  // Date.parse lets the 31st of a short month run into the next one.
  if (Number.isNaN(ms) || Date.parse(`${whole}Z`) !== Date.UTC(+year!, +month! - 1, +day!, +hour!, +minute!, +second))
    return undefined
  if (new Date(Date.UTC(+year!, +month! - 1, +day!)).getUTCDate() !== +day!) return undefined
  return ms * 1_000 + Number(fraction.slice(0, 6).padEnd(6, '0'))
}

/** Microseconds since 1970 of a call's timestamp, or what is wrong with it, for a person. */
export function microsOfTimestamp(timestamp: string | number): number | { problem: string } {
  const micros = typeof timestamp === 'number' ? timestamp * 1_000 : microsOfIso(timestamp)
  if (micros === undefined) {
    return { problem: 'timestamp must be an ISO 8601 instant with its zone, such as 2026-06-01T12:00:00Z' }
  }
  if (micros < EARLIEST_US || micros >= LATEST_US) {
    const hint = typeof timestamp === 'number' ? '; a number counts milliseconds since 1970, not seconds' : ''
    return { problem: `timestamp ${timestamp} lies outside the years 2015 to 2099${hint}` }
  }
  return micros
}

/** Microseconds since 1970 as ISO 8601 in UTC with six digits. */
export function isoOfMicros(micros: number): string {
  const ms = Math.floor(micros / 1_000)
  const rest = String(micros - ms * 1_000).padStart(3, '0')
  return new Date(ms).toISOString().replace('Z', `${rest}Z`)
}
