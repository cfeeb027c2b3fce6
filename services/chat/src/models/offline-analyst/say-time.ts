const MONTHS = 'January February March April May June July August September October November December'.split(' ')

/** A span of time in words: `16 November 2023, 18:15 to 19:14 UTC`, `1 to 30 June 2026`. */
export function saySpan(from: string, to: string): string {
  const [start, end] = [new Date(from), new Date(to)]
  if (sayDay(start) === sayDay(end)) return `${sayDay(start)}, ${sayTime(start)} to ${sayTime(end)} UTC`
  return `${sayDay(start)} to ${sayDay(end)}`
}

/** `16 November 2023`. */
export function sayDay(date: Date): string {
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ''} ${date.getUTCFullYear()}`
}

/** `18:15`. */
export function sayTime(date: Date): string {
  return date.toISOString().slice(11, 16)
}

/** `a`, `a and b`, `a, b and c`. */
export function sayList(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? ''
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}
