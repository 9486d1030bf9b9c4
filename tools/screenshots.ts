import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from 'playwright-core'

/**
 * `npm run screenshots`: the phone page after `npm start`, with a text and a call, as the README shows it. Needs
 * Debian's chromium. It also writes the structure of the page, which a test compares. No test compares pixels.
 */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-screenshots-'))
  const start = spawn(
    process.execPath,
    ['src/main/hookline.ts', 'start', '--okta-port', '0', '--carrier-port', '0'],
    {
      cwd: ROOT,
      env: { PATH: process.env.PATH, PORT: '0', HOOKLINE_DATA_DIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  try {
    const url = await phonePageOf(start)
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
    try {
      const page = await browser.newPage({ viewport: VIEWPORT })
      await page.goto(url)
      await page
        .getByText(/Delivered/)
        .nth(1)
        .waitFor()
      writeFileSync(`${ROOT}docs/images/phone.txt`, await structureOf(page))
      await page.screenshot({ path: `${ROOT}docs/images/phone.jpg`, quality: 80 })
    } finally {
      await browser.close()
    }
  } finally {
    start.kill('SIGINT')
    await once(start, 'exit')
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The accessible structure of the phone page. Codes and times are masked, because they differ in each run. */
export async function structureOf(page: Page): Promise<string> {
  const tree = await page.locator('body').ariaSnapshot()
  return `${tree.replaceAll(/\d+/g, '0').replaceAll(/\b[AP]M\b/g, 'AM')}\n`
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const VIEWPORT = { width: 880, height: 660 }

async function phonePageOf({ stdout }: ChildProcess): Promise<string> {
  let printed = ''
  for await (const chunk of stdout ?? []) {
    printed += chunk
    const url = /Phone page\s+(http:\S+)/.exec(printed)?.[1]
    if (url !== undefined && printed.includes('Ctrl-C ends everything')) return url
  }
  throw new Error(`\`hookline start\` ended before both codes arrived:\n${printed}`)
}

if (import.meta.main) await main()
