import { readFile } from 'node:fs/promises'
import { waitForUpdate } from '@pydantic/genai-prices'
import { z } from 'zod'
import { PriceBook } from './price-book.ts'

const Package = z.object({ version: z.string() })

/** The price book that comes with the installed `@pydantic/genai-prices`; nothing is fetched from the network. */
export async function loadPriceBook(): Promise<PriceBook> {
  const providers = await waitForUpdate()
  if (!providers || providers.length === 0) throw new Error('@pydantic/genai-prices has no data')
  const manifest = new URL('../package.json', import.meta.resolve('@pydantic/genai-prices'))
  const { version } = Package.parse(JSON.parse(await readFile(manifest, 'utf8')))
  return new PriceBook({ version: `genai-prices@${version}`, providers })
}
