import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { eventsOf, signInOverHttp } from './fixture/api.ts'
import { askInBrowser, keepScreenshot, openBrowser, signIn } from './fixture/browser.ts'
import { brokenPromises, withoutSuperseded } from './fixture/history.ts'
import { freePort, startNetra, temporaryFolder } from './fixture/netra.ts'

const POINTS = ['after-commit-before-checkpoint', 'inside-tool', 'between-text-deltas', 'before-run-finished']

describe('a kill -9 of everything in the middle of a run', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())

  test.each(POINTS)('at %s ends the run once, and an open page shows exactly the log', async (point) => {
    const folder = await temporaryFolder()
    onTestFinished(() => folder.dispose())
    const port = await freePort()
    const crashing = { NODE_ENV: 'test', APEX_CRASH_AT: point, APEX_CRASH_MARKER: join(folder.path, 'crashed') }
    const doomed = await startNetra({ data: folder.path, port, env: crashing })
    onTestFinished(() => doomed.kill('SIGKILL'))
    const owner = await signInOverHttp(doomed.url, doomed.owner)
    await owner('POST', '/api/v1/imports/sample', { importId: randomUUID() })
    const page = await browser.newPage()
    onTestFinished(() => page.close())
    await signIn(page, doomed.url, doomed.owner)

    await askInBrowser(page, 'How do I cut cost by 30 %?')
    expect(await doomed.exited).toBeNull()
    const again = await startNetra({ data: folder.path, port, env: crashing })
    onTestFinished(() => again.kill('SIGTERM'))

    const api = await signInOverHttp(again.url, again.owner)
    await page.locator('[data-run-state="completed"]').waitFor({ timeout: 60_000 })
    const threadId = /\/chat\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? ''
    const events = await eventsOf(api, threadId)
    expect(brokenPromises(events)).toEqual([])
    const published = withoutSuperseded(events).find((event) => event.type === 'report_published')
    const deltas = withoutSuperseded(events).filter((event) => event.type === 'text_delta')
    const report = published?.payload['report'] as { text: string }
    expect(deltas.map((event) => event.payload['text']).join('')).toBe(report.text)
    if (point === 'between-text-deltas') expect(events.some((event) => event.type === 'attempt_superseded')).toBe(true)
    const shown = await page.locator('[data-last-seq]').getAttribute('data-last-seq')
    expect(Number(shown)).toBe(events.length)
    await keepScreenshot(page, `crash-${point}`)
    const log = page.getByRole('log')
    const before = withoutClocks(await log.innerText())
    await page.reload()
    await expect.poll(async () => withoutClocks(await log.innerText()), { timeout: 15_000 }).toBe(before)
  })
})

/** Relative times move on while a test runs; everything else must not. */
function withoutClocks(text: string): string {
  return text.replace(/\b(just now|\d+ (second|minute)s? ago)\b/g, '')
}
