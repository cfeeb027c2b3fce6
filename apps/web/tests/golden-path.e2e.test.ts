import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { askAndWait, namedWebApp, openBrowser, shownText, signedInPage, type WebApp } from './fixture/web-app.ts'

const QUESTION = 'Where does the money go, and how do I cut it by 30%?'
const named = namedWebApp()

describe.skipIf(!named)('the web app', () => {
  const app = named as WebApp
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    browser = await openBrowser()
    page = await signedInPage(browser, app)
    await page.goto(`${app.url}/chat`)
    const load = page.getByRole('button', { name: 'Load sample data' })
    const suggestion = page.locator('.suggestions button').first()
    await load.or(suggestion).first().waitFor()
    if (await load.isVisible()) await load.click()
    await suggestion.waitFor({ timeout: 60_000 })
  })

  afterAll(async () => {
    await browser?.close()
  })

  test('says what is wrong with a password and leads back to where a person was going', async () => {
    const context = await browser.newContext()
    const stranger = await context.newPage()
    await stranger.goto(`${app.url}/sources`)
    await stranger.getByLabel('E-mail').fill(app.email)
    await stranger.getByLabel('Password', { exact: true }).fill('not the password')
    await stranger.getByRole('button', { name: 'Sign in' }).click()
    await expect.poll(() => stranger.getByRole('alert').textContent()).toContain('not right')

    await stranger.getByLabel('Password', { exact: true }).fill(app.password)
    await stranger.getByRole('button', { name: 'Sign in' }).click()
    await stranger.getByRole('heading', { name: 'Sources' }).waitFor()
    await context.close()
  })

  test('shows Stop within 100 ms of Enter, and two presses ask once', async () => {
    await page.goto(`${app.url}/chat`)
    await page.getByRole('textbox', { name: 'Message' }).fill('What could move to batch?')
    const waited = await page.evaluate(async () => {
      const box = document.querySelector('#composer') as HTMLTextAreaElement
      const stopShown = new Promise<number>((resolve) => {
        new MutationObserver(() => document.querySelector('.btn.stop') && resolve(performance.now())).observe(
          document.body,
          { childList: true, subtree: true },
        )
      })
      const pressed = performance.now()
      const enter = { key: 'Enter', bubbles: true, cancelable: true }
      box.dispatchEvent(new KeyboardEvent('keydown', enter))
      box.dispatchEvent(new KeyboardEvent('keydown', enter))
      return (await stopShown) - pressed
    })

    await page.locator('.run[data-state="finished"]').waitFor({ timeout: 60_000 })
    expect(waited).toBeLessThan(100)
    expect(await page.locator('.said').count()).toBe(1)
  })

  test('tells a run in order, then a report whose figures open their evidence and are the same when asked again', async () => {
    await page.goto(`${app.url}/chat`)
    await askAndWait(page, QUESTION)

    await page.locator('.run-head').click()
    const agents = await page
      .locator('.run-log > li')
      .evaluateAll((lines) => lines.map((line) => line.dataset['agent']))
    expect(agents.at(0)).toBe('triage')
    expect(agents.at(-1)).toBe('reporter')
    expect(await page.locator('[data-tool="data_sufficiency"]').count()).toBe(1)
    expect(await page.getByText('offline analyst').count()).toBeGreaterThan(0)

    const chip = page.locator('.answer .fig').first()
    const printed = await chip.evaluate((element) => element.firstChild?.textContent)
    await chip.click()
    const evidence = page.getByRole('complementary', { name: 'Evidence' })
    expect(await evidence.locator('.figure-value').textContent()).toBe(printed)
    await evidence.getByRole('button', { name: 'Run again' }).click()
    await evidence.getByText('Asked again: the same').waitFor()
  })

  test('shows the same after a reload, by a link to a figure, and in a second tab', async () => {
    const link = page.url()
    expect(link).toMatch(/\/chat\/[0-9a-f-]{36}\?figure=/)
    await page.goto(link.replace(/\?.*/, ''))
    const before = await shownText(page)

    await page.reload()
    expect(await shownText(page)).toBe(before)

    const second = await page.context().newPage()
    await second.goto(link)
    await second.getByRole('complementary', { name: 'Evidence' }).locator('.figure-value').waitFor()
    expect(await shownText(second)).toBe(before)
    await second.close()
  })

  test('opens the report as a document with its list of evidence', async () => {
    await page.getByRole('link', { name: 'Open as report' }).first().click()

    await page.waitForURL(/\/reports\/[0-9a-f-]{36}/)
    await page.getByRole('heading', { level: 1 }).waitFor()
    const chips = await page.locator('.doc .prose .fig').count()
    expect(chips).toBeGreaterThan(0)
    expect(await page.locator('.refs tbody tr').count()).toBeGreaterThan(0)
  })

  test('keeps the draft of a thread through a reload and sends nothing blank', async () => {
    await page.goto(`${app.url}/chat`)
    const box = page.getByRole('textbox', { name: 'Message' })
    await box.fill('   ')
    expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true)

    await box.fill('half a question')
    await page.reload()
    await expect.poll(() => box.inputValue()).toBe('half a question')
    await box.fill('')
  })

  test('answers a thread that does not exist with not found', async () => {
    await page.goto(`${app.url}/chat/01990000-0000-7000-8000-000000000000`)

    await page.getByRole('heading', { name: 'Not found' }).waitFor()
  })

  test.each(['light', 'dark'] as const)(
    'fits a phone in the %s theme without scrolling sideways',
    async (colorScheme) => {
      const phone = await signedInPage(browser, app, { colorScheme, viewport: { width: 390, height: 844 } })
      for (const path of ['/chat', '/sources', '/settings']) {
        await phone.goto(app.url + path)
        await phone.locator('#main').waitFor()
        expect(await phone.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(390)
      }
      await phone.context().close()
    },
  )
})
