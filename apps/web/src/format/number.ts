/** A count in the reader's locale: `1,284,310`. */
export function formatCount(value: number, locale?: string): string {
  return new Intl.NumberFormat(locale).format(value)
}

/** A share of a whole as per cent with one place; a share that is not zero never reads as zero. */
export function formatShare(part: number, whole: number, locale?: string): string {
  const share = whole === 0 ? 0 : part / whole
  const format = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  return share > 0 && share < 0.001 ? `<${format.format(0.001)}` : format.format(share)
}

/** A size in bytes with its unit: `512 B`, `3.4 MB`. */
export function formatBytes(bytes: number, locale?: string): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  const format = new Intl.NumberFormat(locale, { maximumFractionDigits: power === 0 || value >= 100 ? 0 : 1 })
  return `${format.format(value)} ${units[power]}`
}
