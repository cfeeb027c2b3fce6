import { route } from '@apex/kit/http/route'
import { ListPrices } from '@apex/protocol/endpoints/analytics/list-prices'
import { listPrices } from '../price-book/list-prices.ts'
import type { AnalyticsTools } from './analytics-tools.ts'

/** Rates of the price book. */
export function addPriceRoutes({ app, book, clock }: AnalyticsTools): void {
  route(app, ListPrices, ({ query: { at, search = '' } }) => ({
    priceVersion: book.version,
    models: listPrices(book, { search, atMs: at === undefined ? clock.nowMs() : Date.parse(at) }),
  }))
}
