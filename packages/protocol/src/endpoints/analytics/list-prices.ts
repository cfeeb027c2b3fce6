import { z } from 'zod'
import { Decimal } from '../../decimal.ts'
import { endpoint } from '../../endpoint.ts'
import { Instant } from '../../id.ts'

/** Rates of the price book for models that match, dated, with their source. */
export const ListPrices = endpoint({
  name: 'listPrices',
  method: 'GET',
  path: '/api/v1/prices',
  auth: 'access',
  query: z.object({ search: z.string().max(100).optional(), at: Instant.optional() }),
  response: z.object({
    priceVersion: z.string(),
    models: z.array(
      z.object({
        provider: z.string(),
        model: z.string(),
        validFrom: Instant.nullable(),
        validTo: Instant.nullable(),
        /** USD per million tokens by token class; a class without a rate is absent. */
        rates: z.record(z.string(), Decimal),
        source: z.string(),
      }),
    ),
  }),
  service: 'analytics',
  summary: 'Rates of the price book for models that match, dated, with their source.',
})
