/** A half-open time range with how it was worded. */
export type TimeRange = { from?: string; to?: string; words: string }

const DAY_MS = 86_400_000
const MONTHS = 'january february march april may june july august september october november december'.split(' ')
const WEEKDAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ')
const MONTH_WORD = `(?:${MONTHS.join('|')})`
const UNIT_DAYS: Record<string, number> = { hour: 1 / 24, day: 1, week: 7, month: 30 }
const COUNT_WORDS: Record<string, number> = { two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, ten: 10 }

/**
 * The time range a mended question names, in UTC. Relative words count from `now`; a month or weekday without a year is
 * the latest one that the data (`covered`) reaches, else the latest before now.
 */
export function findTimeRange(
  question: string,
  now: Date,
  covered: { from: string; to: string } | null,
): TimeRange | null {
  return (
    explicitDates(question) ??
    relativeDays(question, now) ??
    calendarUnits(question, now) ??
    namedDay(question, now, covered) ??
    namedMonth(question, now, covered) ??
    namedWeekday(question, now, covered)
  )
}

function explicitDates(question: string): TimeRange | null {
  const dates = [...question.matchAll(/\b(20\d\d-[01]\d-[0-3]\d)\b/g)].map((match) => match[1] ?? '')
  const [first, second] = dates
  if (first === undefined || Number.isNaN(Date.parse(first))) return null
  const start = Date.parse(first)
  if (second !== undefined && !Number.isNaN(Date.parse(second))) {
    return range(start, Date.parse(second) + DAY_MS, `${first} to ${second}`)
  }
  if (/\bsince\b|\bafter\b|\bfrom\b/.test(question)) return { from: iso(start), words: `since ${first}` }
  if (/\bbefore\b|\buntil\b/.test(question)) return { to: iso(start), words: `before ${first}` }
  return range(start, start + DAY_MS, first)
}

function relativeDays(question: string, now: Date): TimeRange | null {
  const match =
    /\b(?:last|past|previous)\s+(\d{1,3}|two|three|four|five|six|seven|ten)\s+(hour|day|week|month)s?\b/.exec(question)
  if (match) {
    const count = COUNT_WORDS[match[1] ?? ''] ?? Number(match[1])
    const days = count * (UNIT_DAYS[match[2] ?? ''] ?? 1)
    return range(now.getTime() - days * DAY_MS, now.getTime(), match[0])
  }
  if (/\b(?:last|past)\s+(?:24\s+hours|day)\b/.test(question))
    return range(now.getTime() - DAY_MS, now.getTime(), 'last day')
  return null
}

function calendarUnits(question: string, now: Date): TimeRange | null {
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate())
  const monday = today - ((now.getUTCDay() + 6) % 7) * DAY_MS
  const month = (offset: number) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1)
  const year = (offset: number) => Date.UTC(now.getUTCFullYear() + offset, 0, 1)
  const units: [RegExp, number, number][] = [
    [/\byesterday(?:'s)?\b/, today - DAY_MS, today],
    [/\btoday(?:'s)?\b/, today, today + DAY_MS],
    [/\blast\s+week(?:'s)?\b/, monday - 7 * DAY_MS, monday],
    [/\bthis\s+week(?:'s)?\b/, monday, monday + 7 * DAY_MS],
    [/\blast\s+month(?:'s)?\b/, month(-1), month(0)],
    [/\bthis\s+month(?:'s)?\b/, month(0), month(1)],
    [/\blast\s+year(?:'s)?\b/, year(-1), year(0)],
    [/\bthis\s+year(?:'s)?\b/, year(0), year(1)],
  ]
  for (const [pattern, from, to] of units) {
    const match = pattern.exec(question)
    if (match) return range(from, to, match[0])
  }
  return null
}

function namedMonth(question: string, now: Date, covered: { from: string; to: string } | null): TimeRange | null {
  // "may" and "march" are also verbs, so a month needs a word that leads to it or a year behind it.
  const match =
    new RegExp(`\\b(in|since|during|for|of|from|until|before)\\s+(${MONTH_WORD})\\b(?:\\s+(20\\d\\d))?`).exec(
      question,
    ) ?? new RegExp(`\\b()(${MONTH_WORD})\\s+(20\\d\\d)\\b`).exec(question)
  if (!match) return null
  const index = MONTHS.indexOf(match[2] ?? '')
  const year = match[3] ? Number(match[3]) : yearOfMonth(index, now, covered)
  const from = Date.UTC(year, index, 1)
  if (match[1] === 'since' || match[1] === 'from') return { from: iso(from), words: match[0] }
  if (match[1] === 'until' || match[1] === 'before') return { to: iso(from), words: match[0] }
  return range(from, Date.UTC(year, index + 1, 1), match[0])
}

/** `16 june`, `on june 16 2026`. */
function namedDay(question: string, now: Date, covered: { from: string; to: string } | null): TimeRange | null {
  const match =
    new RegExp(
      `\\b(?<day>[0-3]?\\d)(?:st|nd|rd|th)?\\s+(?:of\\s+)?(?<month>${MONTH_WORD})\\b(?:\\s+(?<year>20\\d\\d))?`,
    ).exec(question) ??
    new RegExp(`\\b(?<month>${MONTH_WORD})\\s+(?<day>[0-3]?\\d)(?:st|nd|rd|th)?\\b(?:,?\\s+(?<year>20\\d\\d))?`).exec(
      question,
    )
  const { day, month, year } = match?.groups ?? {}
  const index = MONTHS.indexOf(month ?? '')
  if (!match || index === -1) return null
  const from = Date.UTC(year ? Number(year) : yearOfMonth(index, now, covered), index, Number(day))
  if (/\bsince\b/.test(question)) return { from: iso(from), words: match[0] }
  return range(from, from + DAY_MS, match[0])
}

function yearOfMonth(index: number, now: Date, covered: { from: string; to: string } | null): number {
  const latest = now.getUTCMonth() >= index ? now.getUTCFullYear() : now.getUTCFullYear() - 1
  if (!covered) return latest
  for (let year = latest; year > latest - 10; year--) {
    const begins = Date.UTC(year, index, 1)
    const ends = Date.UTC(year, index + 1, 1)
    if (begins <= Date.parse(covered.to) && ends > Date.parse(covered.from)) return year
  }
  return latest
}

function namedWeekday(question: string, now: Date, covered: { from: string; to: string } | null): TimeRange | null {
  const match = new RegExp(`\\b(?:on|since|last)\\s+(?:last\\s+)?(${WEEKDAYS.join('|')})\\b`).exec(question)
  if (!match) return null
  const nowMs = now.getTime()
  const end = covered && Date.parse(covered.to) < nowMs ? new Date(covered.to) : now
  const endDay = Date.UTC(end.getUTCFullYear(), end.getUTCMonth(), end.getUTCDate())
  const back = (end.getUTCDay() - WEEKDAYS.indexOf(match[1] ?? '') + 7) % 7
  const from = endDay - back * DAY_MS
  if (match[0].startsWith('since')) return { from: iso(from), words: match[0] }
  return range(from, from + DAY_MS, match[0])
}

function range(fromMs: number, toMs: number, words: string): TimeRange {
  return { from: iso(fromMs), to: iso(toMs), words }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
