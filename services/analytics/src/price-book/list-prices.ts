import { TOKEN_CLASSES } from '@apex/protocol/token-class'
import { type BookModel, periodAt } from './book-model.ts'
import type { PriceBook } from './price-book.ts'
import { usdPerMtok } from './rate.ts'

/** The rates of one model in the interval that holds an instant, in USD per million tokens. */
export type ListedPrice = {
  provider: string
  model: string
  validFrom: string | null
  validTo: string | null
  rates: Record<string, string>
  source: string
}

/** Rates at an instant of the models whose `provider/model` contains a text; those of long requests are not among them. */
export function listPrices(book: PriceBook, { search, atMs }: { search: string; atMs: number }): ListedPrice[] {
  return book.search(search.trim()).map((entry) => listOne(entry, atMs, book.version))
}

function listOne(entry: BookModel, atMs: number, source: string): ListedPrice {
  const period = periodAt(entry, atMs)
  const later = entry.periods.map((each) => each.fromMs ?? Number.NEGATIVE_INFINITY).filter((fromMs) => fromMs > atMs)
  const rates: Record<string, string> = {}
  for (const tokenClass of TOKEN_CLASSES) {
    const rate = period?.rates[tokenClass]
    if (rate) rates[tokenClass] = usdPerMtok(rate.base)
  }
  return {
    provider: entry.provider,
    model: entry.model,
    validFrom: instant(period?.fromMs),
    validTo: instant(later.length > 0 ? Math.min(...later) : undefined),
    rates,
    source,
  }
}

function instant(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString()
}
