import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, describe, test } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts'
import { type DemoConsole, startDemoConsole } from '../../tools/console/demo-console.ts'
import { ada, lin } from '../../tools/console/demo-day.ts'
import { accepted, delivery, thirtyDays } from '../contracts/stores.ts'
import { everyPage } from '../fixtures/console-pages.ts'
import { launchChromium, skipWithoutChromium, skipWithoutEspeak } from '../support/programs.ts'

const skip = skipWithoutChromium('the console in a browser')
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

describe('the console in a browser', { skip, timeout: 600_000 }, () => {
  let demo: DemoConsole
  let browser: Browser
  /** The one that the address lets in; its cookies are those of the others. */
  let context: BrowserContext
  before(async () => {
    ;[demo, browser] = await Promise.all([startDemoConsole({ count: 60, hours: 0.2 }), launchChromium()])
    context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(demo.address)
    await page.close()
  })
  after(async () => {
    await browser?.close()
    await demo?.[Symbol.asyncDispose]()
  })

  test('leads a help desk to what to say, in three actions', async () => {
    await using opened = await open('/')
    const { page } = opened
    await page.getByLabel('Find a person').fill(ada.login) // 1
    await page.getByRole('button', { name: 'Find' }).click() // 2
    assert.match(
      (await page.getByRole('blockquote').textContent()) ?? '',
      /Your phone could not be reached\. Please switch it on/,
    )
    assert.doesNotMatch(page.url(), /ada|example|%40/)
    assert.equal(await page.getByText(ada.number).count(), 0)
    assert.deepEqual(opened.faults, [])
  })

  test('works by keyboard alone: from the skip link to an allowed number', async () => {
    await using opened = await open('/')
    const { page } = opened
    const { keyboard } = page
    await keyboard.press('Tab')
    assert.equal(await focused(page), 'Skip to content')
    await keyboard.press('Enter')
    assert.equal(await page.evaluate('document.activeElement.id'), 'content')
    await keyboard.press('Shift+Tab')
    await tabTo(page, 'q', 'Shift+Tab')
    await keyboard.type(lin.login)
    await keyboard.press('Enter')
    await page.getByText('Let codes to …45 through for a day').waitFor()
    await tabTo(page, 'because')
    await keyboard.type('HELP-7')
    await keyboard.press('Enter')
    await page.getByRole('status').getByText('The number is allowed for a day').waitFor()
    await tabTo(page, 'Changes', 'Shift+Tab')
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Changes' }).waitFor()
    assert.match((await page.locator('main').textContent()) ?? '', /HELP-7/)
    assert.deepEqual(opened.faults, [])
  })

  test('denies a group by keyboard alone: what is wrong is said, then whom it would lock out, then it is done', async () => {
    await using opened = await open('/fraud')
    const { page } = opened
    const { keyboard } = page
    await tabTo(page, 'Deny somebody')
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Deny somebody' }).waitFor()
    await tabTo(page, 'kind')
    await keyboard.type('a country')
    await tabTo(page, 'whom')
    await keyboard.type('Brasil')
    await tabTo(page, 'because')
    await keyboard.type('SEC-1')
    await keyboard.press('Enter')
    await page.getByText(/Did you mean BR \(Brazil\)/).waitFor()
    assert.deepEqual(await seriousIn(page), [])
    assert.equal(await page.getByLabel('Reason').inputValue(), 'SEC-1')
    assert.match((await page.getByLabel('Number, login').getAttribute('aria-describedby')) ?? '', /whom/)
    await tabTo(page, 'whom')
    await keyboard.press('Control+A')
    await keyboard.type('BR')
    await keyboard.press('Enter')
    await page.getByText(/it would have refused \d+ codes to \d+ people/).waitFor()
    assert.deepEqual(await seriousIn(page), [])
    await tabTo(page, 'Confirm')
    await keyboard.press('Enter')
    await page.getByRole('status').getByText('Saved, and in force within a second').waitFor()
    await page.getByRole('button', { name: 'End the override about numbers in BR' }).click()
    await page.getByRole('status').getByText('Saved').waitFor()
    assert.deepEqual(opened.faults, [])
  })

  test('edits a German template by keyboard alone, shows it on a phone while it is typed, and returns to the old one', async () => {
    await using opened = await open('/templates/sms/de/mfa-verification')
    const { page } = opened
    const { keyboard } = page
    const preview = page.locator('#preview')
    await page.getByText('No difference.').waitFor()
    await tabTo(page, 'text')
    await keyboard.press('Control+Home')
    await keyboard.type('Hallo! ')
    await preview.locator('.bubble').getByText('Hallo! 493817').waitFor()
    await preview.locator('ins').getByText('Hallo!').waitFor()
    await keyboard.press('Control+A')
    await keyboard.type('Ihr Code')
    await preview.getByText(/^1 error/).waitFor()
    await keyboard.press('Control+A')
    await keyboard.type('{code} ist Ihr Code. ✓')
    await preview
      .getByText(/1 part, UCS-2/)
      .first()
      .waitFor()
    await tabTo(page, 'because')
    await keyboard.type('HELP-8')
    await tabTo(page, 'Save over version 1')
    await keyboard.press('Enter')
    await page.getByRole('status').getByText('Version 2 is saved').waitFor()
    await page.getByRole('link', { name: 'History' }).focus()
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Version 2 · in force' }).waitFor()
    await tabTo(page, 'Return to version 1')
    await keyboard.press('Enter')
    await page.getByRole('status').getByText('Version 3 is saved').waitFor()
    await page.goto(new URL('/changes?what=templates', demo.address).href)
    assert.match((await page.locator('main').textContent()) ?? '', /HELP-8/)
    assert.deepEqual(opened.faults, [])
  })

  test('lets two editors not overwrite each other: the second sees the text of the first', async () => {
    await using first = await open('/templates/sms/fr/any')
    await using second = await open('/templates/sms/fr/any')
    const write = async ({ page }: typeof first, text: string): Promise<void> => {
      await page.locator('textarea[name=text]').fill(text)
      await page.getByRole('button', { name: /^Save over version/ }).click()
    }
    await write(first, 'Un : {code}')
    await first.page.getByRole('status').getByText('Version 2 is saved').waitFor()
    await write(second, 'Deux : {code}')
    const conflict = second.page.getByRole('alert')
    await conflict.getByText('Un : {code}').waitFor()
    assert.equal(await second.page.locator('textarea[name=text]').inputValue(), 'Deux : {code}')
    assert.equal(await second.page.getByRole('button', { name: 'Save over version 2' }).count(), 1)
  })

  test('plays a call', { skip: skipWithoutEspeak('how a call sounds') }, async () => {
    await using opened = await open('/templates/voice/de/mfa-verification')
    const { page } = opened
    const seconds = await page.evaluate<number>(`new Promise((done, failed) => {
      const audio = document.querySelector('audio')
      audio.onloadedmetadata = () => done(audio.duration)
      audio.onerror = () => failed(new Error('no sound'))
      audio.load()
      audio.preload = 'metadata'
    })`)
    assert.ok(seconds > 5 && seconds < 40, `${seconds} s`)
    assert.deepEqual(opened.faults, [])
  })

  test('checks a template without JavaScript', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false })
    try {
      await plain.addCookies(await context.cookies())
      const page = await plain.newPage()
      await page.goto(new URL('/templates/sms/es/any', demo.address).href)
      await page.locator('textarea[name=text]').fill('Su clave')
      await page.getByRole('button', { name: 'Check' }).click()
      await page.getByText(/^1 error/).waitFor()
      assert.equal(await page.locator('textarea[name=text]').inputValue(), 'Su clave')
    } finally {
      await plain.close()
    }
  })

  test('runs the checks of the doctor, and shows what to do', async () => {
    await using opened = await open('/doctor')
    const { page } = opened
    await page.getByRole('button', { name: 'Run the checks' }).click()
    await page.getByText('What to do:').first().waitFor()
    assert.match((await page.locator('main').textContent()) ?? '', /\d+ passed/)
    assert.deepEqual(await seriousIn(page), [])
  })

  test('has nothing serious that axe finds on a screen, in light and dark, and fits 320 px and 200 %', async () => {
    await using opened = await open('/')
    const { page } = opened
    await page.getByLabel('Find a person').fill(lin.login)
    await page.keyboard.press('Enter')
    await page.getByText('What to say to the caller').waitFor()
    const person = new URL(page.url()).pathname
    const link = page.getByRole('link', { name: 'This code alone' }).first()
    const examples = {
      ...EXAMPLES,
      '/person/:by/:key': person,
      '/delivery/:id': (await link.getAttribute('href')) ?? '',
    }
    for (const path of [...everyPage(examples), ...MORE, '/person/user/nobody', '/nothing']) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await page.goto(new URL(path, demo.address).href)
        assert.deepEqual(await seriousIn(page), [], `${path}, ${colorScheme}`)
      }
      // 200 % of a window of 1,280 px is a window of 640 px.
      for (const width of [320, 640]) {
        await page.setViewportSize({ width, height: 800 })
        const scrolled = await page.evaluate<number>('document.documentElement.scrollWidth')
        assert.ok(scrolled <= width, `${path} is ${scrolled} px wide in ${width} px`)
      }
      await page.setViewportSize(WINDOW)
    }
    assert.deepEqual(
      opened.faults.filter(fault => !/404/.test(fault)),
      [],
    )
  })

  test('loads nothing from elsewhere, and runs no script that is not its own', async () => {
    await using opened = await open('/')
    const { page, requests } = opened
    const { origin } = new URL(demo.address)
    assert.deepEqual(
      requests.filter(url => !url.startsWith(`${origin}/`)),
      [],
    )
    const ran = await page.evaluate(`new Promise(done => {
      const script = document.createElement('script')
      script.textContent = 'window.ran = true'
      document.body.append(script)
      setTimeout(() => done(window.ran ?? false))
    })`)
    assert.equal(ran, false, 'the policy of the page refuses it')
  })

  test('works without JavaScript', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false })
    try {
      await plain.addCookies(await context.cookies())
      const page = await plain.newPage()
      await page.goto(new URL('/deliveries', demo.address).href)
      await page.getByLabel('Status').selectOption('undeliverable')
      await page.getByRole('button', { name: 'Filter' }).click()
      await page.getByRole('link', { name: '…40' }).first().click()
      await page.getByText('What to say to the caller').waitFor()
      assert.equal(await page.getByRole('button', { name: 'Copy the audit line' }).count(), 0)
    } finally {
      await plain.close()
    }
  })

  test('keeps the list fresh', async () => {
    await using opened = await open('/deliveries')
    const { page } = opened
    await page.clock.install()
    await page.goto(new URL('/deliveries?org=new', demo.address).href)
    assert.equal(await page.locator('tbody tr').count(), 0)
    const store = await openSqliteStore(demo.dataFolder, Date.now, thirtyDays)
    await store.settle(delivery({ openedAt: Date.now(), caller: 'new', end: accepted() }))
    await store.close()
    await page.clock.runFor(10_000)
    await page.locator('tbody tr').first().waitFor()
    assert.deepEqual(opened.faults, [])
  })

  test('copies the audit line', async () => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await using opened = await open('/')
    const { page } = opened
    await page.getByLabel('Find a person').fill(ada.login)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Copy the audit line' }).first().click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    const copied = await page.evaluate<string>('navigator.clipboard.readText()')
    assert.match(copied, /^\d{4}-\S+Z sms to ES …40 for mfa-verification: undeliverable; delivery/)
  })

  test('shows a page that was pasted into a ticket after one more click, and nothing before', async () => {
    await using opened = await open('/')
    const { page } = opened
    const url = new URL('/deliveries?status=failed', demo.address).href
    await page.goto('data:text/html,<a id="link">the ticket</a>')
    await page.evaluate(`document.getElementById('link').href = ${JSON.stringify(url)}`)
    await page.getByText('the ticket').click()
    await page.getByRole('heading', { name: 'Hookline: access refused' }).waitFor()
    assert.equal(await page.getByRole('table').count(), 0)
    await page.getByRole('link', { name: 'Continue' }).click()
    await page.getByRole('heading', { name: 'Deliveries' }).waitFor()
  })

  async function open(path: string) {
    const page = await context.newPage()
    await page.setViewportSize(WINDOW)
    const requests: string[] = []
    const faults: string[] = []
    page.on('request', request => void requests.push(request.url()))
    page.on('pageerror', error => void faults.push(error.message))
    page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text())
    })
    await page.goto(new URL(path, demo.address).href)
    return { page, requests, faults, [Symbol.asyncDispose]: () => page.close() }
  }
})

/** What axe calls serious or critical, with the element. */
async function seriousIn(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE)
  const { violations } = await page.evaluate<{ readonly violations: readonly Violation[] }>(
    `axe.run(document, { resultTypes: ['violations'] })`,
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}
type Violation = {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly html: string }[]
}

/** Tabs until the focus is on the field of this name, or on the element with this text. */
async function tabTo(page: Page, name: string, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    if ((await focused(page)) === name) return
    await page.keyboard.press(key)
  }
  assert.fail(`the focus does not come to ${name}`)
}

function focused(page: Page): Promise<string> {
  return page.evaluate<string>('document.activeElement.name || document.activeElement.textContent.trim()')
}

/** For pages with values in their addresses. */
const EXAMPLES = {
  '/templates/:channel/:locale/:purpose': '/templates/sms/de/any',
  '/templates/:channel/:locale/:purpose/history': '/templates/sms/de/any/history',
  '/routes/:country': '/routes/GB',
}
/** Pages that look otherwise with other values. */
const MORE = [
  '/templates/voice/ar/any',
  '/try?country=GB',
  '/changes?what=lookups',
  '/deliveries?reason=FRAUD_PREFIX',
]
const WINDOW = { width: 1_280, height: 900 }
