import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/**
 * Why a browser test cannot run here, also printed; false if it can. With HOOKLINE_REQUIRE_CHROMIUM=1, as in CI, it is
 * never skipped, and fails without Chromium.
 */
export function skipWithoutChromium(what: string): string | false {
  return skip(what, existsSync(CHROMIUM), `there is no ${CHROMIUM} (apt-get install chromium)`)
}

/** The same for a test that needs eSpeak NG. */
export function skipWithoutEspeak(what: string): string | false {
  const isInstalled = spawnSync('espeak-ng', ['--version']).status === 0
  return skip(what, isInstalled, 'there is no espeak-ng (apt-get install espeak-ng)')
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
      '--autoplay-policy=no-user-gesture-required',
    ],
  })
}

function skip(what: string, isInstalled: boolean, problem: string): string | false {
  if (isInstalled || process.env.HOOKLINE_REQUIRE_CHROMIUM === '1') return false
  const reason = `${what.toUpperCase()} IS NOT TESTED: ${problem}`
  console.error(reason)
  return reason
}

const CHROMIUM = '/usr/bin/chromium'
