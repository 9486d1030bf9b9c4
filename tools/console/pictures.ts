import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { startDemoConsole } from './demo-console.ts'
import { ada, lin } from './demo-day.ts'

/**
 * The pictures of docs/console.md: `npm run screenshots` makes them after those of the README. Needs Debian's chromium. No
 * test compares pixels.
 */
async function main(): Promise<void> {
  await using demo = await startDemoConsole({ count: 1_200, hours: 9 })
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage({ viewport: { width: 1_060, height: 760 } })
    const picture = async (name: string): Promise<void> => {
      await page.screenshot({ path: `${IMAGES}console-${name}.jpg`, quality: 60 })
    }
    const find = async (words: string): Promise<void> => {
      await page.getByRole('searchbox', { name: 'Find a person' }).fill(words)
      await page.keyboard.press('Enter')
      await page.getByText('What to say to the caller').waitFor()
    }
    await page.goto(demo.address)
    await picture('now')
    await find(ada.login)
    await picture('person')
    await find(lin.login)
    await picture('held')
    const names = await page.getByRole('navigation').getByRole('link').allTextContents()
    for (const name of names.filter(each => !['Now', 'A person'].includes(each))) {
      await page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
      await page.getByRole('heading', { level: 1 }).waitFor()
      if (name === 'Try it') {
        await page.goto(new URL('/try?country=DE', demo.address).href)
        await page.getByRole('button', { name: 'Show what would happen' }).click()
        await page.getByText('It would be sent.').waitFor()
      }
      if (name === 'Doctor') {
        await page.getByRole('button', { name: 'Run the checks' }).click()
        await page.getByText('What to do:').first().waitFor()
      }
      await picture(name.toLowerCase().replaceAll(/\W+/g, '-'))
    }
    await page.goto(new URL('/fraud/deny', demo.address).href)
    await page.getByLabel('Whom').selectOption('country')
    await page.getByLabel('Number, login').fill('BR')
    await page.getByLabel('Reason').fill('SEC-1')
    await page.getByRole('button', { name: 'Deny somebody' }).click()
    await page.getByText('it would have refused').waitFor()
    await picture('confirm')
    await page.goto(new URL('/templates/sms/de/mfa-verification', demo.address).href)
    await page
      .locator('textarea[name=text]')
      .fill('{code} ist Ihr {brand}-Code zur Anmeldung. Gültig für {minutes} Min.')
    await page.locator('#preview ins').first().waitFor()
    await picture('editor')
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize({ width: 390, height: 760 })
    await find(ada.login)
    await picture('dark')
  } finally {
    await browser.close()
  }
}

const IMAGES = fileURLToPath(new URL('../../docs/images/', import.meta.url))

if (import.meta.main) await main()
