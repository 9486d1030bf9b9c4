import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'
import { runHookline } from '../world/run-hookline.ts'

/** The command itself in a process of its own, over the shipped templates and a store on disk. */
describe('hookline coverage', { timeout: 120_000 }, () => {
  let folder: TemporaryFolder
  beforeEach(() => {
    folder = temporaryFolder()
  })
  afterEach(() => folder[Symbol.dispose]())

  const hookline = (args: readonly string[], changed: Readonly<Record<string, string>> = {}) =>
    runHookline(args, { env: { HOOKLINE_DATA_DIR: folder.path, ...changed }, cwd: folder.path })
  const coverage = (...args: readonly string[]) => hookline(['coverage', ...args])
  async function importRoutes(routes: object): Promise<void> {
    const file = join(folder.path, 'routes.json')
    writeFileSync(file, JSON.stringify(routes))
    const { code, stderr } = await hookline(['routes', 'import', file])
    assert.deepEqual([code, stderr], [0, ''])
  }

  test('with a default route no country is refused', async () => {
    await importRoutes({ '*': '+18665550100', GB: { sms: ['ACME', '+447700900100'] } })
    const { code, stdout, stderr } = await coverage()
    assert.deepEqual([code, stderr], [0, ''])
    assert.match(stdout, /^country +channel +route +can +origination identities$/m)
    assert.match(stdout, /^GB +sms +own +text +ACME, then \+447700900100$/m)
    assert.match(
      stdout,
      /^GB +voice +default +call +\+18665550100\nall others +sms, voice +default +text, call +\+18665550100$/m,
    )
    assert.match(stdout, /^language +channel +purpose +text +voice$/m)
    assert.match(stdout, /^es +voice +every purpose +own, version 1 +MIA$/m)
    assert.match(
      stdout,
      /^ {2}· .*\bfi\b.* over voice, every purpose: AWS has no voice for it, so\s+users\s+get\s+a\s+call\s+in\s+en\.$/m,
    )
    assert.match(stdout, /✓ No user is refused/)
    for (const line of stdout.split('\n')) assert.ok([...line].length <= 110, line)
  })

  test('a gap that refuses codes has its own exit code', async () => {
    await importRoutes({ US: '+12065550100', DE: { sms: ['ACME'], voice: [] } })
    const { code, stdout } = await coverage()
    assert.equal(code, 4)
    assert.match(
      stdout,
      /^DE +voice +none +nothing\nUS +sms, voice +own +text, call +\+12065550100\nall others +sms, voice +none +nothing$/m,
    )
    assert.match(stdout, /^ {2}✗ DE over voice: no route\. Refused \(NO_ROUTE\)/m)
    assert.match(stdout, /^✗ Some users get no code from Hookline: see/m)
  })

  test('with --countries, gaps of other countries do not count', async () => {
    await importRoutes({ US: '+12065550100' })
    const served = await coverage('--countries', 'us')
    assert.equal(served.code, 0)
    assert.match(served.stdout, /^ {2}· all others over sms and voice: no route\. [^✗·]*\(Not\s+counted: it/m)
    const missing = await coverage('--countries', 'US,JP')
    assert.equal(missing.code, 4)
    assert.match(missing.stdout, /^ {2}✗ JP over sms and voice: no route/m)
    const wrong = await coverage('--countries', 'US,Narnia')
    assert.deepEqual([wrong.code, wrong.stdout], [2, ''])
    assert.match(wrong.stderr, /--countries has "Narnia"; expected country codes/)
  })

  test('agrees with explain, and uses the same settings', async () => {
    await importRoutes({ '*': '+18665550100' })
    const settings = { HOOKLINE_DEFAULT_LOCALE: 'fi', HOOKLINE_FALLBACK_VOICE_LOCALE: 'es' }
    const { stdout } = await hookline(['coverage', '--json'], settings)
    const { templates } = JSON.parse(stdout) as {
      templates: { locale: string; channel: string; purpose: string; template: object; voiceId: string }[]
    }
    for (const locale of ['fi', 'de']) {
      const args = ['--to', '+447400123456', '--channel', 'voice call', '--locale', locale, '--json']
      const planned = JSON.parse((await hookline(['explain', ...args], settings)).stdout)
      const covered = templates.find(
        one => one.locale === locale && one.channel === 'voice' && one.purpose === 'mfa-verification',
      )
      assert.deepEqual({ source: 'template', ...covered?.template }, planned.templateUsed)
      assert.equal(covered?.voiceId, planned.message.voiceId)
    }
  })
})
