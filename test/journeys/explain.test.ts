import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runHookline } from '../world/run-hookline.ts'
import { sharedWorld } from '../world/world.ts'

const world = await sharedWorld()

describe('hookline explain, while the hook runs', { timeout: 120_000 }, () => {
  const explain = (...args: readonly string[]) => runHookline(['explain', ...args], { env: world.env })
  const arrived = async () => (await (await fetch(`${world.carrier}/messages`)).json()) as readonly unknown[]

  test("says why a preview's placeholder would not be sent, and what to do", async () => {
    const { code, stdout, stderr } = await explain('--to', '9876543210')
    assert.deepEqual([code, stderr], [4, ''])
    assert.match(stdout, /^Would not be sent: PREVIEW_PLACEHOLDER\n/)
    assert.match(stdout, /What to do \(Okta administrator\): .* a real number in E\.164/)
  })

  test('shows each decision and the message, and sends nothing', async () => {
    const deliveries = async () => (await runHookline(['deliveries', '--json'], { env: world.env })).stdout
    const before = [(await arrived()).length, await deliveries()]
    const call = ['--to', '+34683783440', '--channel', 'voice call', '--locale', 'es_MX', '--code', '4711']
    const { code, stdout } = await explain(...call)
    assert.equal(code, 0)
    const lines = stdout.split('\n')
    assert.equal(lines[0], 'Would be sent:')
    const steps = lines.slice(1, lines.indexOf('')).map(line => line.trim().split(/\s/)[0])
    assert.deepEqual(steps, [
      'request',
      'phone-number',
      'route',
      'template',
      'message',
      'candidates',
      'limits',
    ])
    assert.match(stdout, /route +The route of ES: pool-tests0ES\./)
    assert.match(stdout, /template +Okta's locale is es-MX: template voice\/es\/mfa-verification version 1\./)
    assert.match(stdout, /<speak>.*4<break time="250ms"\/>7<break/s)
    assert.deepEqual([(await arrived()).length, await deliveries()], before)
  })

  test('shows how the number was read, and by which rule', async () => {
    const { code, stdout } = await explain('--to', '+5215512345678')
    assert.equal(code, 4, 'there is no route to Mexico')
    assert.match(stdout, /phone-number +MX, .*rewritten from an old form\. Mexico: /)
    assert.match(stdout, /^ {2}To \+525512345678$/m)
  })

  test('says that a default country resolves eleven digits without +', async () => {
    for (const to of ['12055550123', '13055550123']) {
      const { code, stdout } = await explain('--to', to)
      assert.equal(code, 4)
      assert.match(stdout, /^Would not be sent: NUMBER_AMBIGUOUS\n/)
      assert.match(stdout, /Set HOOKLINE_DEFAULT_COUNTRY to US or another country of \+1/)
    }
  })

  test('--json prints the plan for programs, without the whole number', async () => {
    const { code, stdout } = await explain('--to', '+447400123456', '--json')
    const planned = JSON.parse(stdout)
    assert.deepEqual([code, planned.kind, planned.destination.country], [0, 'plan', 'GB'])
    assert.match(planned.text, /^123456 is your Okta sign-in code/)
    assert.equal(stdout.includes('7400123456'), false)
    const refused = await explain('--to', '+819012345678', '--json')
    const refusal = JSON.parse(refused.stdout)
    assert.deepEqual([refused.code, refusal.kind, refusal.code], [4, 'refusal', 'NO_ROUTE'])
  })

  test('a channel that does not exist is a wrong argument', async () => {
    const { code, stdout, stderr } = await explain('--to', '+447400123456', '--channel', 'pigeon')
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(stderr, /CHANNEL_UNKNOWN.*"pigeon"/)
  })
})
