import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { World } from '../world/controls.ts'
import { complaintsOf } from '../world/run-hookline.ts'
import { startWorld } from '../world/world.ts'

/** The command with AWS's SDK, and the stand-in's account over HTTP. */
describe('hookline identities', { timeout: 120_000 }, () => {
  let world: World
  before(async () => {
    world = await startWorld({ hook: 'none' })
  })
  after(() => world?.[Symbol.asyncDispose]())
  beforeEach(() => world.reset())

  const call: World['callCarrier'] = (...args) => world.callCarrier(...args)
  const hookline: World['hookline'] = (...args) => world.hookline(...args)
  const importRoutes: World['importRoutes'] = routes => world.importRoutes(routes)
  const discover = (...args: readonly string[]) => hookline(['identities', 'discover', ...args])
  const check = (...args: readonly string[]) => hookline(['identities', 'check', ...args])
  async function routes(): Promise<readonly { country: string; channel: string; candidates: object[] }[]> {
    return JSON.parse((await hookline(['routes', 'list', '--json'])).stdout)
  }

  test('an empty policy gets correct routes from the account, once they are applied', async () => {
    const shown = await discover()
    assert.deepEqual([shown.code, complaintsOf(shown)], [0, ''])
    assert.match(shown.stdout, /^country +channel +change +today +what us-east-1 has$/m)
    assert.match(shown.stdout, /^US +sms, voice +new +\+ \+12065550100$/m)
    assert.match(shown.stdout, /^CH +sms, voice +new +\+ pool-demo0CH\n +\+ \+41798075872$/m)
    assert.match(shown.stdout, /^GB +sms +new +\+ \+447700900100\n +\+ HOOKLINE$/m)
    assert.match(
      shown.stdout,
      /In the account, but not usable now:\n {2}us-east-1: The registration of \+18665550100/,
    )
    assert.match(shown.stdout, /A pool comes before its own members/)
    assert.match(shown.stdout, /Nothing was changed\. To write this: hookline identities discover --apply$/m)
    for (const line of shown.stdout.split('\n')) assert.ok([...line].length <= 110, line)
    assert.deepEqual(await routes(), [])

    const applied = await discover('--apply', '--yes')
    assert.deepEqual([applied.code, complaintsOf(applied)], [0, ''])
    assert.match(applied.stdout, /✓ Written: 24 routes\.$/m)
    assert.equal((await routes()).length, 24)
    const again = await discover('--apply', '--yes')
    assert.match(again.stdout, /^24 same\.$/m)
    assert.doesNotMatch(again.stdout, /Written/)
    const checked = await check()
    assert.deepEqual(
      [checked.code, checked.stdout],
      [0, '✓ Every identity of 24 routes exists, is active and can send (us-east-1).\n'],
    )
  })

  test('an RCS agent is used for texts, found in the account, and causes a warning if it is the only candidate', async () => {
    const agent = 'arn:aws:sms-voice:us-east-1:123456789012:rcs-agent/rcs-0123456789abcdef0'
    await call('PUT', '/account', { rcsAgents: [{ id: 'rcs-0123456789abcdef0', countries: ['US'] }] })
    await importRoutes({ US: { sms: [agent] } })
    const checked = await check()
    assert.deepEqual([checked.code, complaintsOf(checked)], [0, ''])
    assert.match(checked.stdout, /^! US sms: rcs-0123456789abcdef0 texts US only by RCS/m)
    assert.match((await discover()).stdout, /rcs-0123456789abcdef0 reaches only phones with RCS/)
  })

  test('all pages of every list are read', async () => {
    const numbers = Array.from({ length: 7 }, (_, index) => ({
      number: `+1206555010${index}`,
      country: 'US',
      ...(index < 5 && { pool: 'pool-a1' }),
    }))
    const pools = ['pool-a1', 'pool-b2', 'pool-c3'].map(id => ({ id }))
    const senderIds = ['DE', 'FR', 'GB'].map(country => ({ name: 'ACME', country }))
    await call('PUT', '/account', { numbers, pools, senderIds, pageSize: 2 })
    const { stdout } = await discover('--json')
    const { routes: proposed, leftOut } = JSON.parse(stdout)
    const [us] = proposed.filter((one: { country: string }) => one.country === 'US')
    assert.equal(us.after.length, 8, 'seven numbers and their pool')
    assert.equal(us.after[0].identity, 'pool-a1')
    assert.deepEqual(
      proposed.map((one: { country: string; channel: string }) => `${one.country} ${one.channel}`),
      ['DE sms', 'FR sms', 'GB sms', 'US sms', 'US voice'],
    )
    assert.deepEqual(
      leftOut.map(({ identity }: { identity: string }) => identity),
      ['pool-b2', 'pool-c3'],
    )
  })

  test('existing routes are extended, and nothing is removed', async () => {
    await importRoutes({
      '*': '+18665550100',
      FR: { sms: ['+33600000000'] },
      US: { sms: [{ identity: '+18665550100', maxPricePerPart: 0.05 }] },
    })
    const { stdout } = await discover('--apply', '--yes')
    assert.match(stdout, /^US +sms +changed +\+18665550100 +\+ \+12065550100\n +\+18665550100$/m)
    assert.match(stdout, /^\* +sms, voice +same +\+18665550100$/m)
    assert.match(stdout, /^ {2}\+33600000000: FR sms$/m)
    assert.match(stdout, /The default route \(\*\) is yours to choose/)
    const after = await routes()
    const candidatesOf = (country: string) =>
      after.find(one => one.country === country && one.channel === 'sms')?.candidates
    assert.deepEqual(candidatesOf('US'), [
      { identity: '+12065550100' },
      { identity: '+18665550100', maxPricePerPart: 0.05 },
    ])
    assert.deepEqual(candidatesOf('FR'), [{ identity: '+33639980100' }, { identity: '+33600000000' }])
    assert.deepEqual(candidatesOf('*'), [{ identity: '+18665550100' }])
  })

  test("several regions: the deployment's first, the other one named in the route", async () => {
    await call('PUT', '/account', {
      numbers: [
        { number: '+12065550100', country: 'US', region: 'us-east-1' },
        { number: '+12065550101', country: 'US', region: 'us-west-2', type: 'SHORT_CODE' },
      ],
    })
    const { code } = await discover('--region', 'us-west-2,us-east-1', '--apply', '--yes')
    assert.equal(code, 0)
    for (const { candidates } of await routes())
      assert.deepEqual(candidates, [
        { identity: '+12065550100' },
        { identity: '+12065550101', region: 'us-west-2' },
      ])
    const { stdout } = await check()
    assert.match(stdout, /^✓ .* \(us-east-1, us-west-2\)\.$/m)
    const wrong = await check('--region', 'us-west-2')
    assert.deepEqual([wrong.code, /no phone number \+12065550100 in us-west-2/.test(wrong.stdout)], [4, true])
  })

  test('check reports the problem of each identity, and what to do', async () => {
    await importRoutes({
      DE: { sms: ['ACME'] },
      FR: { sms: ['+33639980100'], voice: ['+33639980100'] },
      GB: { sms: ['ACME', 'pool-gone'] },
      NL: { sms: ['notify-a1'] },
      US: '+12065550100',
    })
    await call('PUT', '/account', {
      numbers: [
        { number: '+12065550100', country: 'US', status: 'PENDING', registrationId: 'registration-1' },
        { number: '+33639980100', country: 'FR', capabilities: ['SMS'], messageType: 'PROMOTIONAL' },
      ],
      senderIds: [{ name: 'ACME', country: 'GB' }],
      notifyConfigurations: [{ id: 'notify-a1', status: 'REJECTED' }],
      tier: 'SANDBOX',
      limits: { text: 0 },
    })
    const checked = await check()
    const { code, stdout } = checked
    assert.deepEqual([code, complaintsOf(checked)], [4, ''])
    for (const says of [
      /^✗ us-east-1: The monthly spend limit for sms in us-east-1 is \$0, so nothing is sent\.\n {2}What to do: Raise/m,
      /^✗ DE sms: The sender ID ACME is for GB, not for DE\./m,
      /^✗ FR sms: \+33639980100 is not for transactional messages/m,
      /^✗ FR voice: \+33639980100 cannot call; it can text\./m,
      /^✗ GB sms: The account has no pool pool-gone in us-east-1\./m,
      /^✗ NL sms: notify-a1 is REJECTED, not ACTIVE/m,
      /^✗ US sms, US voice: The registration of \+12065550100 \(registration-1\) is pending/m,
      /^! us-east-1: The account is in the sandbox/m,
      /^7 errors, 1 warning \(us-east-1\)\.$/m,
    ])
      assert.match(stdout, says)
    for (const line of stdout.split('\n')) assert.ok([...line].length <= 110, line)

    const { findings } = JSON.parse((await check('--json')).stdout)
    assert.deepEqual(
      findings.filter(({ country }: { country?: string }) => country === 'DE'),
      [
        {
          name: 'wrong country',
          severity: 'error',
          sentence: 'The sender ID ACME is for GB, not for DE.',
          remedy: 'Request it for DE in AWS End User Messaging, or route DE to another identity.',
          region: 'us-east-1',
          country: 'DE',
          channel: 'sms',
          identity: 'ACME',
        },
      ],
    )
  })

  test('warnings alone have exit code 0', async () => {
    await importRoutes({ GB: { sms: ['+12065550100'] } })
    const { code, stdout } = await check()
    assert.equal(code, 0)
    assert.match(stdout, /^! GB sms: \+12065550100 is a number of US without international sending/)
    assert.match(stdout, /^0 errors, 1 warning \(us-east-1\)\.$/m)
  })

  test('a throttled request is tried again', async () => {
    await importRoutes({ US: '+12065550100' })
    await call('POST', '/faults', {
      kind: 'error',
      name: 'ThrottlingException',
      match: { operation: 'DescribePools' },
      times: 2,
    })
    const { code, stdout } = await check()
    assert.deepEqual([code, stdout.startsWith('✓')], [0, true], stdout)
    const faults = (await call('GET', '/faults')) as readonly { used: number }[]
    assert.equal(faults[0]?.used, 2)
  })

  test('a refusal by AWS is reported with what to do, and nothing is written', async () => {
    await call('POST', '/faults', {
      kind: 'error',
      name: 'AccessDeniedException',
      match: { operation: 'DescribeSenderIds' },
    })
    const { code, stdout, stderr } = await discover('--apply', '--yes')
    assert.deepEqual([code, stdout], [3, ''])
    assert.match(
      complaintsOf({ stderr }),
      /^AWS does not allow this: .* Ask an administrator of the account for this permission/,
    )
    assert.deepEqual(await routes(), [])
  })

  test('wrong arguments, missing routes and a missing terminal are reported', async () => {
    const wrong = await discover('--region', 'us-east-1,Mars')
    assert.deepEqual([wrong.code, /--region has "Mars"; expected AWS regions/.test(wrong.stderr)], [2, true])
    const two = await check('--region', 'us-east-1,us-west-2')
    assert.deepEqual([two.code, /^--region takes one region here/.test(two.stderr)], [2, true])
    const none = await check()
    assert.deepEqual(
      [none.code, /Propose some with: hookline identities discover/.test(none.stderr)],
      [4, true],
    )
    const mute = await discover('--apply')
    assert.deepEqual([mute.code, /not a terminal\. Add --yes to apply/.test(mute.stderr)], [2, true])
    await call('PUT', '/account', {})
    const empty = await discover()
    assert.deepEqual(
      [empty.code, /^The account has no origination identity in us-east-1/.test(empty.stdout)],
      [0, true],
    )
  })
})
