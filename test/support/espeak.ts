import { spawnSync } from 'node:child_process'

/**
 * Why a test that listens cannot run here, said loudly; false when it can. With HOOKLINE_REQUIRE_CHROMIUM=1, as in CI,
 * it is never skipped, and fails where eSpeak NG is missing.
 */
export function skipWithoutEspeak(what: string): string | false {
  const isThere = spawnSync('espeak-ng', ['--version']).status === 0
  if (isThere || process.env.HOOKLINE_REQUIRE_CHROMIUM === '1') return false
  const why = `${what.toUpperCase()} IS NOT TESTED: there is no espeak-ng (apt-get install espeak-ng)`
  console.error(why)
  return why
}
