import { z } from 'zod'

/** What a figure was computed from: how much was ingested and which price book priced it. */
export const DataVersion = z.object({
  /** Gapless count of committed ingest batches of the organisation. */
  watermark: z.int().nonnegative(),
  /** Name and version of the price book, such as `genai-prices@0.1.8`. */
  priceVersion: z.string(),
})
export type DataVersion = z.output<typeof DataVersion>
