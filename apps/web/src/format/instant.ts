/** Time of day: `09:41`. */
export function formatTime(instant: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(new Date(instant))
}

/** Day and time of day: `2 Jul 2026, 09:41`. */
export function formatDateTime(instant: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(instant))
}

/** The day alone: `2 Jul 2026`. */
export function formatDate(instant: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(instant))
}

/** An instant of data, always in UTC with the zone named: `2 Jul 2026, 09:41 UTC`. */
export function formatUtc(instant: string, locale?: string): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
  return `${format.format(new Date(instant))} UTC`
}

export type DayGroup = 'today' | 'yesterday' | 'earlier'

/** Which group of a list an instant falls into, by the reader's calendar. */
export function dayGroup(instant: string, now: Date): DayGroup {
  const startOfToday = new Date(now.getFullYear(), now.getMonth(), now.getDate())
  const startOfYesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1)
  const time = new Date(instant)
  if (time >= startOfToday) return 'today'
  return time >= startOfYesterday ? 'yesterday' : 'earlier'
}

/** When something in a list was last touched: the time today and yesterday, the day before that. */
export function formatWhen(instant: string, now: Date, locale?: string): string {
  return dayGroup(instant, now) === 'earlier'
    ? new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' }).format(new Date(instant))
    : formatTime(instant, locale)
}
