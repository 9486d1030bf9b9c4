import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { launchChromium, skipWithoutChromium, skipWithoutEspeak } from '../support/programs.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'
import { runHookline } from '../world/run-hookline.ts'

const IN_THE_PAGE = fileURLToPath(new URL('../support/in-the-page.js', import.meta.url))
const skip = skipWithoutChromium('how messages look on the preview page')
const skipAudio = skip || skipWithoutEspeak('how calls sound on the preview page')

describe('the preview page', { skip, timeout: 120_000 }, () => {
  let folder: TemporaryFolder
  let browser: Browser
  const url = (): string => pathToFileURL(join(folder.path, 'page', 'index.html')).href
  const templates = (...args: readonly string[]) =>
    runHookline(['templates', ...args], {
      env: {
        HOOKLINE_DATA_DIR: join(folder.path, 'data'),
        HOOKLINE_BRAND: 'Example Bank',
        HOOKLINE_DOMAIN: 'login.example.com',
      },
    })
  before(async () => {
    folder = temporaryFolder()
    for (const language of ['ar', 'he']) await templates('enable', language)
    const { code, stderr } = await templates('preview', '--all', '--out', join(folder.path, 'page'))
    assert.deepEqual([code, stderr], [0, ''])
    browser = await launchChromium()
  })
  after(async () => {
    await browser?.close()
    folder?.[Symbol.dispose]()
  })

  for (const width of [390, 1200]) {
    test(`fits a window of ${width} px, asks nobody for anything, and has no fault of its own`, async () => {
      await using opened = await open(width)
      const { page, requests, faults } = opened
      await page.getByLabel('Purpose').selectOption('')
      assert.equal(await page.locator('section:visible').count(), 34)
      assert.equal(await page.locator('.message:visible').count(), 292)
      assert.deepEqual(await page.evaluate('inThePage.tooWide()'), [])
      assert.deepEqual([requests, faults], [[url()], []])
    })
  }

  test('shows Arabic and Hebrew from the right, the code in its own order, and others from the left', async () => {
    await using opened = await open(390)
    const seenIn = (locale: string) => opened.page.evaluate<Seen>(`inThePage.bubble('${locale}')`)
    for (const locale of ['ar', 'he', 'en', 'ja']) {
      const { direction, isAtRight, code, isolation } = await seenIn(locale)
      const isFromRight = locale === 'ar' || locale === 'he'
      assert.deepEqual([direction, isAtRight], isFromRight ? ['rtl', true] : ['ltr', false], locale)
      assert.deepEqual([code, isolation], ['493817', 'normal'], 'a phone does not isolate it')
    }
    assert.equal((await seenIn('ar')).startsAtRight, true)
    const digits = opened.page.locator('[lang="ar"] .digits:visible').first()
    assert.deepEqual([await digits.getAttribute('dir'), await digits.textContent()], ['ltr', '493817'])
  })

  test('finds a language by its tag or by its name in either language', async () => {
    await using opened = await open(1200)
    const { page } = opened
    const shown = async (words: string) => {
      await page.getByLabel('Language').fill(words)
      return page.locator('section:visible h2 code').allTextContents()
    }
    assert.deepEqual(await shown('es'), ['es', 'es-ES'])
    assert.deepEqual(await shown('Deutsch'), ['de'])
    assert.deepEqual(await shown('korean'), ['ko'])
    assert.deepEqual(await shown('nothing like it'), [])
    assert.equal(await page.getByText('No language matches.').isVisible(), true)
    await page.getByLabel('Language').fill('')
    await page.getByLabel('Channel').selectOption('voice')
    assert.equal(await page.locator('.bubble:visible').count(), 0)
    assert.equal(await page.locator('.speech:visible').count(), 34)
  })

  test('fills in brand, digits and length, and counts as the hook does', async () => {
    await using opened = await open(1200)
    const { page } = opened
    const text = page.locator('section:has(code:text-is("cs")) [data-purpose="mfa-verification"]').first()
    const facts = () => text.locator('.facts').textContent()
    assert.match(
      (await facts()) ?? '',
      /^2 parts · UCS-2 · \d+ of 134 · full form$/,
      'the last line takes a second part',
    )
    assert.match(
      (await text.locator('.bubble:visible').textContent()) ?? '',
      /Platí 5 min.*@login\.example\.com #493817$/s,
    )
    assert.match((await text.locator('.lock').textContent()) ?? '', /^493817 je kód Example Bank/)
    await page.getByLabel('Length').selectOption('short')
    assert.match((await facts()) ?? '', /short form$/)
    await page.getByLabel('Length').selectOption('')
    await page.getByLabel('Brand').fill('W'.repeat(20))
    await page.getByLabel('Digits of the code').fill('10')
    assert.match((await text.locator('.bubble:visible').textContent()) ?? '', /^4938175620 .*W{20}/)
    const call = page.locator('section:has(code:text-is("en")) .voice [data-purpose="mfa-verification"]')
    assert.match((await call.locator('.facts').textContent()) ?? '', /the code 2 times$/)
  })

  test('plays calls from files beside the page', { skip: skipAudio }, async () => {
    const { code } = await templates(
      'preview',
      '--locale',
      'ar',
      '--out',
      join(folder.path, 'page'),
      '--audio',
    )
    assert.equal(code, 0)
    await using opened = await open(390)
    const seconds = await opened.page.evaluate<number>('inThePage.audioSeconds()')
    assert.ok(seconds > 10 && seconds < 40, `${seconds} s`)
    assert.ok(opened.requests.every(request => request.startsWith(pathToFileURL(folder.path).href)))
  })

  async function open(width: number) {
    const page = await browser.newPage({ viewport: { width, height: 900 } })
    const requests: string[] = []
    const faults: string[] = []
    page.on('request', request => void requests.push(request.url()))
    page.on('pageerror', error => void faults.push(error.message))
    page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text())
    })
    await page.addInitScript({ path: IN_THE_PAGE })
    await page.goto(url())
    return { page, requests, faults, [Symbol.asyncDispose]: () => page.close() }
  }
})

type Seen = {
  readonly direction: string
  readonly isAtRight: boolean
  readonly startsAtRight: boolean
  readonly code: string
  readonly isolation: string
}
