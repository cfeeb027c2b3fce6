import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { askAndWait, keepScreenshot, openBrowser, shownText, signedInPage } from './fixture/browser.ts'
import { type RunningNetra, startNetra, temporaryFolder } from './fixture/netra.ts'

const QUESTION = 'Where does the money go, and how do I cut it by 30%?'

describe('the pages', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let app: RunningNetra
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    folder = await temporaryFolder()
    app = await startNetra({ data: folder.path })
    browser = await openBrowser()
    page = await signedInPage(browser, app)
    await page.getByRole('button', { name: 'Load sample data' }).click()
    await page.locator('.suggestions button').first().waitFor({ timeout: 60_000 })
  })

  afterAll(async () => {
    await browser?.close()
    await app?.kill('SIGTERM')
    await folder?.dispose()
  })

  test('says what is wrong with a password and leads back to where a person was going', async () => {
    const context = await browser.newContext()
    const stranger = await context.newPage()
    await stranger.goto(`${app.url}/sources`)
    await stranger.getByLabel('E-mail').fill(app.owner.email)
    await stranger.getByLabel('Password', { exact: true }).fill('not the password')
    await stranger.getByRole('button', { name: 'Sign in' }).click()
    await expect.poll(() => stranger.getByRole('alert').textContent()).toContain('not right')

    await stranger.getByLabel('Password', { exact: true }).fill(app.owner.password)
    await stranger.getByRole('button', { name: 'Sign in' }).click()
    await stranger.getByRole('heading', { name: 'Sources' }).waitFor()
    await context.close()
  })

  test('shows Stop before the server has answered, and two presses of Enter ask once', async () => {
    await page.goto(`${app.url}/chat`)
    let answer = () => {}
    const asked = new Promise<void>((resolve) => {
      answer = resolve
    })
    await page.route('**/runs', async (route) => {
      await asked
      await route.continue()
    })
    const box = page.getByRole('textbox', { name: 'Message' })
    await box.fill('What could move to batch?')
    await box.press('Enter')
    await box.press('Enter')

    await page.getByRole('button', { name: 'Stop' }).waitFor()
    answer()

    await page.locator('.run[data-state="finished"]').waitFor({ timeout: 60_000 })
    await page.unroute('**/runs')
    expect(await page.locator('.said').count()).toBe(1)
  })

  test('tells a run in order, then a report whose figures open their evidence and are the same when asked again', async () => {
    await page.goto(`${app.url}/chat`)
    await askAndWait(page, QUESTION)

    await page.locator('.run-head').click()
    const agents = await page
      .locator('.run-log > li')
      .evaluateAll((lines) => lines.map((line) => line.getAttribute('data-agent')))
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

  test('draws an answer although a part of the page could not be loaded at first', async () => {
    const other = await signedInPage(browser, app)
    let refused = 0
    await other.route('**/assets/answer-text*.js', (route) => (refused++ < 3 ? route.abort() : route.continue()))
    await other.goto(`${app.url}/chat`)
    await askAndWait(other, 'What could move to batch?')
    await other.locator('.answer .fig').first().waitFor()
    expect(refused).toBeGreaterThan(3)
    await other.context().close()
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
        await keepScreenshot(phone, `phone-${path.slice(1)}-${colorScheme}`)
        expect(await phone.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(390)
      }
      await phone.context().close()
    },
  )
})
