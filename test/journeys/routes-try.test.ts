import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { World } from '../world/controls.ts'
import { complaintsOf } from '../world/run-hookline.ts'
import { startWorld } from '../world/world.ts'

/** The commands with AWS's SDK, and the stand-in, which checks a dry run like a send. */
describe("AWS's answers before a user needs a code", { timeout: 120_000 }, () => {
  let world: World
  before(async () => {
    world = await startWorld({ hook: 'none' })
  })
  after(() => world?.[Symbol.asyncDispose]())
  beforeEach(() => world.reset())

  const call: World['callCarrier'] = (...args) => world.callCarrier(...args)
  const hookline: World['hookline'] = (...args) => world.hookline(...args)
  const importRoutes: World['importRoutes'] = routes => world.importRoutes(routes)
  type Tried = {
    readonly country: string
    readonly identity: string
    readonly result: string
    readonly detail: string
  }
  const rows = (stdout: string): readonly Tried[] => JSON.parse(stdout).tried

  describe('hookline routes try', () => {
    test('tries each country and identity, and the neighbours; nothing is sent', async () => {
      await importRoutes({ US: '+12065550100', GB: { sms: ['HOOKLINE', '+447700900100'] } })
      const ran = await hookline(['routes', 'try'])
      const { code, stdout } = ran
      assert.deepEqual([code, complaintsOf(ran)], [0, ''])
      assert.match(ran.stderr, /^… still trying: \d+ of 15$/m)
      assert.match(stdout, /^country +route +origination identity +AWS's answer$/m)
      assert.match(stdout, /^GB +own +HOOKLINE +did not object\nGB +own +\+447700900100 +did not object$/m)
      assert.match(stdout, /^AS, CA, GU, MP, PR, VI +none; of US +\+12065550100 +did not object$/m)
      assert.match(stdout.replace(/\s+/g, ' '), /PR \(Puerto Rico\) by the route of US/)
      assert.match(stdout.replace(/\s+/g, ' '), /does not mean that a text will arrive/)
      for (const line of stdout.split('\n')) assert.ok([...line].length <= 112, line)
      assert.deepEqual(await call('GET', '/messages'), [])
    })

    test('an identity that AWS refuses is named with the reason, and has its own exit code', async () => {
      await call('PUT', '/account', {
        numbers: [{ number: '+12065550100', country: 'US', pool: 'pool-us' }],
        pools: [{ id: 'pool-us' }],
        judgesSends: true,
      })
      await importRoutes({ US: { sms: ['pool-us'] }, CA: { sms: ['pool-us'] }, FR: { sms: ['ACME'] } })
      const { code, stdout } = await hookline(['routes', 'try', '--json'])
      assert.equal(code, 4)
      const of = (country: string) => rows(stdout).filter(one => one.country === country)
      assert.deepEqual(
        of('US').map(({ result }) => result),
        ['no objection'],
      )
      assert.equal(of('CA')[0]?.detail, 'ConflictException NO_ORIGINATION_IDENTITIES_FOUND')
      assert.equal(of('PR')[0]?.detail, 'ConflictException NO_ORIGINATION_IDENTITIES_FOUND')
      assert.equal(of('FR')[0]?.detail, 'ResourceNotFoundException')
      assert.match(JSON.parse(stdout).meaning, /"did not object" does not mean that a text will arrive/)
    })

    test('a neighbour without a route is not a failure, whatever AWS answers', async () => {
      await call('PUT', '/account', {
        numbers: [{ number: '+12065550100', country: 'US' }],
        judgesSends: true,
      })
      await importRoutes({ US: { sms: ['+12065550100'] } })
      const { code, stdout } = await hookline(['routes', 'try'])
      assert.equal(code, 0)
      assert.match(stdout, /^AS, CA, GU, MP, PR, VI +none; of US .* refused: ValidationException/m)
    })

    test('tries countries by name, also by the default route', async () => {
      await importRoutes({ '*': { sms: ['+12065550100'] } })
      const named = rows((await hookline(['routes', 'try', '--json', '--countries', 'de,ax'])).stdout)
      assert.deepEqual(
        named.map(({ country, result }) => [country, result]),
        [
          ['AX', 'not tried'],
          ['DE', 'no objection'],
        ],
      )
    })

    test('a wrong country, missing routes and missing credentials are reported, and nothing is tried', async () => {
      const empty = await hookline(['routes', 'try'])
      assert.equal(empty.code, 4)
      assert.match(empty.stderr, /^There are no routes for texts/)
      await importRoutes({ US: { sms: ['+12065550100'] } })
      const wrong = await hookline(['routes', 'try', '--countries', 'Narnia'])
      assert.equal(wrong.code, 2)
      assert.match(wrong.stderr, /--countries has "Narnia"/)
      await call('POST', '/faults', { kind: 'error', name: 'ExpiredTokenException' })
      const expired = await hookline(['routes', 'try', '--countries', 'US'])
      assert.equal(expired.code, 3)
      assert.match(expired.stderr, /The AWS credentials have expired/)
    })
  })

  describe('hookline optouts', () => {
    const optedOut = [
      { number: '+12065550142', at: 1_795_835_263 },
      { number: '+12065550142', list: 'Second', byUser: false },
    ]
    const PHONE = ['--phone', '+1 206 555 0142']

    test('shows every list that has a number, since when, and who added it; never the whole number', async () => {
      await call('PUT', '/account', { optedOut })
      const { code, stdout } = await hookline(['optouts', 'show', ...PHONE])
      assert.equal(code, 0)
      assert.match(stdout, /^The number that ends in 42 gets no texts \(RECIPIENT_OPTED_OUT\)/)
      assert.match(stdout, /^us-east-1 +Default +2026-11-28 03:07 +the person, by a reply such as STOP$/m)
      assert.match(stdout, /^us-east-1 +Second .* someone with access to the AWS account$/m)
      assert.doesNotMatch(stdout, /5550142/)
      const json = JSON.parse((await hookline(['optouts', 'show', ...PHONE, '--json'])).stdout)
      assert.deepEqual(
        json.optedOut.map(({ list, by }: { list: string; by: string }) => [list, by]),
        [
          ['Default', 'recipient'],
          ['Second', 'account'],
        ],
      )
    })

    test('a text to it, and a dry run, are refused until it is removed', async () => {
      await call('PUT', '/account', { optedOut: [{ number: '+14254147755' }] })
      await importRoutes({ US: { sms: ['+12065550100'] } })
      const tried = await hookline(['routes', 'try', '--countries', 'US', '--json'])
      assert.equal(rows(tried.stdout)[0]?.detail, 'ConflictException DESTINATION_PHONE_NUMBER_OPTED_OUT')
      const removed = await hookline(['optouts', 'remove', '--phone', '+14254147755'])
      assert.equal(removed.code, 0)
      assert.match(
        removed.stdout,
        /^✓ The number that ends in 55 was removed from Default \(us-east-1\) by \S+\./,
      )
      assert.match(removed.stdout, /It was added by the person, by a reply such as STOP/)
      const again = await hookline(['routes', 'try', '--countries', 'US', '--json'])
      assert.equal(rows(again.stdout)[0]?.result, 'no objection')
      const shown = await hookline(['optouts', 'show', '--phone', '+14254147755'])
      assert.match(shown.stdout, /^The number that ends in 55 is not on an opt-out list/)
    })

    test('AWS removes a number once in 30 days, and the output names the alternatives', async () => {
      await call('PUT', '/account', { optedOut })
      assert.equal(
        (await hookline(['optouts', 'remove', ...PHONE])).code,
        4,
        'from one list only, and not again',
      )
      const { code, stderr } = await hookline(['optouts', 'remove', ...PHONE])
      assert.equal(code, 4)
      assert.match(
        stderr,
        /^The number that ends in 42 stays on the list Second: AWS removes a number once in/,
      )
      assert.match(stderr, /ask for a voice call/)
    })

    test('an invalid number is refused before any request to AWS', async () => {
      const { code, stderr } = await hookline(['optouts', 'show', '--phone', '911'])
      assert.equal(code, 2)
      assert.match(stderr, /^--phone is not a phone number \(NUMBER_/)
      assert.equal((await hookline(['optouts', 'remove'])).code, 2)
    })
  })
})
