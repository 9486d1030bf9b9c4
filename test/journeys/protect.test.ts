import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type AwsWorld, startWorld } from '../world/world.ts'

const ID = 'protect-0123456789abcdef'

/** The command, with its routes in a store on disk. */
describe('hookline protect', { timeout: 120_000 }, () => {
  let world: AwsWorld
  before(async () => {
    world = await startWorld({ hook: 'none', aws: {}, settings: { HOOKLINE_PROTECT_CONFIGURATION: ID } })
  })
  after(() => world?.[Symbol.asyncDispose]())
  beforeEach(() => world.reset())

  const hookline: AwsWorld['hookline'] = (...args) => world.hookline(...args)
  const routes: AwsWorld['importRoutes'] = identities => world.importRoutes(identities)

  test('countries that routes serve are allowed, all others blocked, once it is applied', async () => {
    await world.aws.setProtect(ID, { SMS: { RU: 'BLOCK' }, VOICE: {} })
    await routes({ US: '+12065550100', GB: { sms: ['+447400123456'] } })
    const shown = await hookline(['protect'])
    assert.deepEqual([shown.code, shown.stderr], [0, ''])
    assert.match(shown.stdout, /^sms: routes serve GB, US$/m)
    assert.match(shown.stdout, /^sms +ALLOW +BLOCK +\d{3} +AD, AE, AF, .* and \d+ more$/m)
    assert.match(shown.stdout, /Nothing was changed\. To write this: hookline protect --apply/)
    assert.deepEqual((await world.aws.state()).protect[ID]?.SMS, { RU: 'BLOCK' })

    const applied = await hookline(['protect', '--apply', '--yes'])
    assert.deepEqual([applied.code, applied.stderr], [0, ''])
    assert.match(applied.stdout, /^✓ Written: \d{3} countries changed\.$/m)
    const { SMS = {}, VOICE = {} } = (await world.aws.state()).protect[ID] ?? {}
    assert.deepEqual(
      [SMS.DE, SMS.GB, SMS.US, VOICE.GB, VOICE.US],
      ['BLOCK', undefined, undefined, 'BLOCK', undefined],
    )
    const again = await hookline(['protect'])
    assert.match(again.stdout, /already matches the routes\.$/m)
  })

  test('a route into a blocked country has its own exit code, until the rules are applied', async () => {
    await world.aws.setProtect(ID, { SMS: { FR: 'BLOCK', US: 'FILTER' } })
    await routes({ FR: '+33612345678', US: '+12065550100' })
    const shown = await hookline(['protect'])
    assert.equal(shown.code, 4)
    assert.match(shown.stdout, /^sms: codes to FR are not sent: AWS blocks them$/m)
    assert.match(shown.stdout, /^sms +BLOCK +ALLOW +1 +FR$/m)
    assert.equal((await hookline(['protect', '--apply', '--yes'])).code, 0)
    const rules = (await world.aws.state()).protect[ID]?.SMS
    assert.deepEqual([rules?.FR, rules?.US], ['ALLOW', 'FILTER'], "AWS's own filter stays as it was set")
  })

  test('with a default route nothing can be blocked, and blocked countries stay blocked', async () => {
    await world.aws.setProtect(ID, { SMS: { KP: 'BLOCK' }, VOICE: {} })
    await routes({ '*': '+12065550100' })
    const { code, stdout } = await hookline(['protect'])
    assert.equal(code, 0)
    assert.match(stdout, /^sms: the default route \(\*\) serves every country, so none can be blocked/m)
    assert.match(stdout, /^sms: blocked although the default route serves them, and left blocked: KP$/m)
    assert.match(stdout, /already matches the routes\.$/m)
  })

  test('--new-countries lets AWS watch a served country in which hardly anybody entered a code', async () => {
    await world.aws.setProtect(ID, { SMS: { GB: 'BLOCK' }, VOICE: {} })
    await routes({ US: { sms: ['+12065550100'] }, GB: { sms: ['+447400123456'] } })
    const shown = await hookline(['protect', '--new-countries', 'filter'])
    assert.match(shown.stdout, /^sms +not FILTER +FILTER +2 +GB, US$/m)
    assert.match(
      shown.stdout,
      /^AWS bills each evaluation of MONITOR and FILTER at a price that its pages do not name\./m,
    )
    assert.equal((await hookline(['protect', '--new-countries', 'filter', '--apply', '--yes'])).code, 0)
    const rules = (await world.aws.state()).protect[ID]?.SMS
    assert.deepEqual([rules?.GB, rules?.US, rules?.DE], ['FILTER', 'FILTER', 'BLOCK'])
    const allowed = await hookline(['protect', '--new-countries', 'allow', '--apply', '--yes'])
    assert.doesNotMatch(allowed.stdout, /AWS bills/)
    assert.deepEqual((await world.aws.state()).protect[ID]?.SMS?.GB, 'ALLOW')
    const wrong = await hookline(['protect', '--new-countries', 'maybe'])
    assert.match(wrong.stderr, /Allowed choices are allow, monitor, filter/)
  })

  test('a number that is allowed or denied here has the same rule at AWS, until it ends or is removed', async () => {
    await world.aws.setProtect(ID, { SMS: {} })
    const because = ['--because', 'a test phone'] as const
    const allowed = await hookline(['fraud', 'allow', '+34683783440', '--for', '1d', ...because])
    assert.match(allowed.stdout, /^The same rule is in protect-0123456789abcdef at AWS\.$/m)
    const rule = (await world.aws.state()).numberRules[ID]?.['+34683783440']
    assert.equal(rule?.action, 'ALLOW')
    assert.ok(Math.abs((rule?.until ?? 0) - Date.now() / 1_000 - 86_400) < 120, `until ${rule?.until}`)
    await hookline(['fraud', 'deny', '+34683783440', ...because])
    assert.equal((await world.aws.state()).numberRules[ID]?.['+34683783440']?.action, 'BLOCK')
    const removed = await hookline(['fraud', 'remove', '+34683783440'])
    assert.match(removed.stdout, /^Removed from protect-0123456789abcdef at AWS too\.$/m)
    assert.deepEqual((await world.aws.state()).numberRules[ID], {})
    const prefix = await hookline(['fraud', 'deny', '+34 683*', ...because])
    assert.deepEqual([prefix.code, /at AWS/.test(prefix.stdout)], [0, false])
  })

  test('a number whose rule AWS does not take is allowed here all the same, and that is reported', async () => {
    const { code, stdout } = await hookline(['fraud', 'allow', '+34683783440', '--because', 'a test phone'], {
      HOOKLINE_PROTECT_CONFIGURATION: 'protect-other',
    })
    assert.equal(code, 4)
    assert.match(stdout, /^Allowed: the phone …40/m)
    assert.match(
      stdout,
      /^The rule could not be changed in protect-other at AWS\. .*ResourceNotFoundException/m,
    )
  })

  test('--json lists every country for programs', async () => {
    await world.aws.setProtect(ID, { SMS: {}, VOICE: {} })
    await routes({ US: '+12065550100' })
    const { stdout } = await hookline(['protect', '--json'])
    const [sms] = JSON.parse(stdout) as { channel: string; served: string[]; block: string[] }[]
    assert.deepEqual([sms?.channel, sms?.served], ['sms', ['US']])
    assert.ok((sms?.block.length ?? 0) > 200)
  })

  test('without routes it blocks nothing', async () => {
    await world.aws.setProtect(ID, { SMS: {} })
    const { code, stderr } = await hookline(['protect', '--apply', '--yes'])
    assert.equal(code, 2)
    assert.match(stderr, /^There are no routes yet: every country would be blocked/)
    assert.deepEqual((await world.aws.state()).protect[ID], { SMS: {} })
  })

  test('a missing or unknown configuration, and a missing terminal, are reported', async () => {
    await routes({ US: '+12065550100' })
    const unset = await hookline(['protect'], { HOOKLINE_PROTECT_CONFIGURATION: '' })
    assert.deepEqual(
      [unset.code, /Set HOOKLINE_PROTECT_CONFIGURATION or give --id/.test(unset.stderr)],
      [3, true],
    )
    const unknown = await hookline(['protect', '--id', 'protect-other'])
    assert.deepEqual(
      [unknown.code, /ResourceNotFoundException.*protect-other/.test(unknown.stderr)],
      [2, true],
    )
    const mute = await hookline(['protect', '--apply'])
    assert.deepEqual([mute.code, /not a terminal\. Add --yes to apply/.test(mute.stderr)], [2, true])
  })
})
