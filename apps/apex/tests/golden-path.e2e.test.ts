import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, eventsOf, signInOverHttp } from './fixture/api.ts'
import { askInBrowser, keepScreenshot, openBrowser, signIn } from './fixture/browser.ts'
import { brokenPromises, type LoggedEvent } from './fixture/history.ts'
import { datasets, jsonLines, netra, type RunningNetra, startNetra, temporaryFolder } from './fixture/netra.ts'

const QUESTION = 'Where does the money go, and how do I cut it by 30%?'
const azure = join(datasets, 'azure-llm-2023/AzureLLMInferenceTrace_conv.csv.gz')

type Claim = { id: string; value: string; unit: string; figureKey: string; display: string; question: string }

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let server: RunningNetra
let api: Api
let browser: Browser

beforeAll(async () => {
  if (!existsSync(azure)) throw new Error(`${azure} is absent: point APEX_DATASETS at the folder with the public data`)
  folder = await temporaryFolder()
  server = await startNetra({ data: folder.path })
  api = await signInOverHttp(server.url, server.owner)
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  await server?.kill('SIGTERM')
  await folder?.dispose()
})

/** The file's token counts added up without the product: calls, input, output. */
async function sumOfFile(): Promise<{ calls: bigint; input: bigint; output: bigint }> {
  const sum = { calls: 0n, input: 0n, output: 0n }
  for await (const line of createInterface({ input: createReadStream(azure).pipe(createGunzip()) })) {
    const [time = '', input = '', output = ''] = line.split(',')
    if (!/^\d/.test(time)) continue
    sum.calls += 1n
    sum.input += BigInt(input)
    sum.output += BigInt(output)
  }
  return sum
}

/** USD per million tokens as integer micro-dollars. */
function microDollars(rate: string): bigint {
  const [whole = '0', fraction = ''] = rate.split('.')
  return BigInt(whole + fraction.padEnd(6, '0').slice(0, 6))
}

/** The book's rates for a model, read over the public endpoint. */
async function ratesOf(model: string): Promise<Record<string, string>> {
  const { body } = await api('GET', `/api/v1/prices?search=${model}&at=2023-11-16T18:15:46Z`)
  const models = body['models'] as { model: string; provider: string; rates: Record<string, string> }[]
  const found = models.find((entry) => entry.model === model && entry.provider === 'openai')
  if (!found) throw new Error(`the price book has no ${model}`)
  return found.rates
}

function comparable(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal
}

describe('the golden path', () => {
  test('says what to connect when there is no data', async () => {
    const asked = await netra('ask', QUESTION, '--json', '--data', folder.path)

    const lines = jsonLines(asked.stdout)
    const report = lines.at(-1) as { kind: string; text: string; claims: Claim[] }
    expect(asked.code, asked.stderr).toBe(0)
    expect(report.kind).toBe('guidance')
    expect(report.text).toMatch(/import/i)
    expect(report.text).not.toMatch(/\$\d/)
    expect(new Set(lines.map((line) => line['type']))).toContain('tool_completed')
  })

  test('imports the Azure trace once, however often it is sent', async () => {
    const args = ['import', azure, '--format', 'azure-llm', '--model', 'gpt-4o', '--json', '--data', folder.path]
    const { calls } = await sumOfFile()

    const first = await netra(...args)
    const second = await netra(...args)

    expect(first.code, first.stderr).toBe(0)
    expect(jsonLines(first.stdout).at(-1)).toMatchObject({
      event: 'import',
      accepted: Number(calls),
      rejected: 0,
      duplicates: 0,
    })
    expect(jsonLines(second.stdout).at(-1)).toMatchObject({ accepted: 0, rejected: 0, duplicates: Number(calls) })
  })

  test('answers with all five events, consecutive positions and totals equal to an independent sum', async () => {
    const asked = await netra('ask', QUESTION, '--json', '--data', folder.path)

    const lines = jsonLines(asked.stdout)
    const report = lines.at(-1) as { event: string; kind: string; text: string; threadId: string; claims: Claim[] }
    const events = lines.slice(0, -1) as unknown as LoggedEvent[]
    expect(asked.code, asked.stderr).toBe(0)
    expect(report).toMatchObject({ event: 'report', kind: 'full' })
    expect(events[0]?.type).toBe('message_posted')
    expect(brokenPromises(await eventsOf(api, report.threadId))).toEqual([])
    const first = events[0]?.seq ?? 0
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => first + index))

    const { calls, input, output } = await sumOfFile()
    const rates = await ratesOf('gpt-4o')
    const pico = input * microDollars(rates['input_uncached'] ?? '') + output * microDollars(rates['output_text'] ?? '')
    const usd = `${pico / 10n ** 12n}.${(pico % 10n ** 12n).toString().padStart(12, '0')}`
    const total = report.claims.find((claim) => claim.figureKey === 'total-cost')
    expect(comparable(total?.value ?? 'absent')).toBe(comparable(usd))
    expect(total?.unit).toBe('USD')
    expect(report.text).toContain(total?.display)
    const counted = report.claims.find((claim) => claim.figureKey === 'calls')
    if (counted) expect(comparable(counted.value)).toBe(String(calls))
    expect(report.text).toMatch(/30\s?%/)
  })

  test('tells every claim of a report again, the same', async () => {
    const asked = await netra('ask', 'Where does the money go?', '--json', '--data', folder.path)
    const report = jsonLines(asked.stdout).at(-1) as { runId: string; claims: Claim[] }
    expect(report.claims.length).toBeGreaterThan(2)

    for (const claim of report.claims) {
      const { status, body } = await api('POST', `/api/v1/reports/${report.runId}/claims/${claim.id}/rerun`)

      expect(status, claim.id).toBe(200)
      expect(body, claim.id).toMatchObject({ result: 'same', figure: { value: claim.value } })
    }
  })

  test('answers a question outside its purpose without an invented figure', async () => {
    const asked = await netra('ask', 'Write me a poem about the sea', '--json', '--data', folder.path)

    const report = jsonLines(asked.stdout).at(-1) as { text: string; kind: string; claims: Claim[] }
    expect(asked.code).toBe(0)
    expect(['guidance', 'fallback']).toContain(report.kind)
    expect(report.text.length).toBeGreaterThan(80)
  })

  test('shows the same in a browser: live run, report, and a figure that opens its evidence', async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' && !/401/.test(message.text())) problems.push(message.text())
    })
    await signIn(page, server.url, server.owner)

    await askInBrowser(page, QUESTION)

    await page.waitForURL(/\/chat\/[0-9a-f-]{36}/)
    await page.getByText('triage').first().waitFor()
    await page.locator('[data-run-state="completed"]').waitFor()
    expect(await page.getByText('offline analyst').count()).toBeGreaterThan(0)
    await keepScreenshot(page, 'golden-path-report')
    await page.locator('[data-claim]', { hasText: '$96.79' }).first().click()
    const evidence = page.getByRole('complementary', { name: 'Evidence' })
    await evidence.getByText('genai-prices', { exact: false }).first().waitFor()
    await evidence.getByRole('button', { name: 'Run again' }).click()
    await evidence.getByText('Asked again: the same').first().waitFor()
    await keepScreenshot(page, 'golden-path-evidence')
    const threadId = /\/chat\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? ''
    expect(brokenPromises(await eventsOf(api, threadId))).toEqual([])
    expect(problems).toEqual([])
    await page.close()
  })
})
