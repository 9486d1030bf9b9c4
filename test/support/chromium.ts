import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const CHROMIUM = '/usr/bin/chromium'

/**
 * Why a browser test cannot run here, also printed; false if it can. With HOOKLINE_REQUIRE_CHROMIUM=1 it is never
 * skipped, and fails without Chromium.
 */
export function skipWithoutChromium(what: string): string | false {
  if (existsSync(CHROMIUM) || process.env.HOOKLINE_REQUIRE_CHROMIUM === '1') return false
  const why = `${what.toUpperCase()} IS NOT TESTED: there is no ${CHROMIUM} (apt-get install chromium)`
  console.error(why)
  return why
}

export async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
