import { spawnSync } from 'node:child_process'

/**
 * Why a speech test cannot run here, also printed; false if it can. With HOOKLINE_REQUIRE_CHROMIUM=1, as in CI, it is
 * never skipped, and fails without eSpeak NG.
 */
export function skipWithoutEspeak(what: string): string | false {
  const isInstalled = spawnSync('espeak-ng', ['--version']).status === 0
  if (isInstalled || process.env.HOOKLINE_REQUIRE_CHROMIUM === '1') return false
  const why = `${what.toUpperCase()} IS NOT TESTED: there is no espeak-ng (apt-get install espeak-ng)`
  console.error(why)
  return why
}
