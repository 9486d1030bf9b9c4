import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runCommand } from '../../../test/fixtures/commands.ts'
import { createWorld, startProcess } from '../../../test/fixtures/delivering.ts'
import { otpRequest } from '../../../test/fixtures/planning.ts'
import { defaultFraudPolicy, type NewFraudPolicy, type Override } from '../../core/policy/fraud-policy.ts'
import { explainCommand } from './explain.ts'

const CALLER = 'acme'

/** What `explain` says of the fraud rule after five new phones of a block did not answer. */
async function ruleAfter(fraud: Partial<NewFraudPolicy>, ...options: string[]): Promise<string> {
  const world = await createWorld()
  const hookline = startProcess(world)
  const { store, clock } = world
  const digest = async (text: string): Promise<string> => hookline.ports.digest(text)
  const request = async (user: string, phoneNumber: string) => {
    const id = `00u${user}`
    const event = { eventId: `event-${user}`, expiresAt: undefined, purpose: 'pre-enrollment' } as const
    const login = `${user}@example.com`
    return hookline.deliver(
      otpRequest({ ...event, phoneNumber, user: { id, login, firstName: undefined } }),
      CALLER,
    )
  }
  await request('ann', '+447400123456')
  const userDigests = [await digest('00uann')]
  await store.addAnswer({ callers: [CALLER], userDigests, channel: 'sms', at: clock.now() })
  await store.saveFraudPolicy({ ...defaultFraudPolicy, ...fraud }, { author: 'a test', at: 0 })
  for (let index = 0; index < 5; index += 1) await request(`new${index}`, `+3368378344${index}`)
  const before = JSON.stringify(await store.listDeliveries({ limit: 100 }))
  const args = ['explain', '--to', '+33683783449', '--purpose', 'pre-enrollment', '--json', ...options]
  const { printed, problem } = await runCommand(explainCommand, store, args, {
    digests: async text => [await digest(text)],
    now: clock.now,
  })
  if (problem !== undefined) return problem.message
  assert.equal(JSON.stringify(await store.listDeliveries({ limit: 100 })), before)
  const lookedUp = (await store.listChanges({ limit: 9, what: 'lookups' })).flatMap(
    ({ differences }) => differences,
  )
  const isAsked = ['--user', '--from', '--org'].some(option => options.includes(option))
  assert.deepEqual(
    lookedUp.map(({ name }) => name),
    [...(isAsked ? ['number'] : []), ...(options.includes('--user') ? ['user'] : [])],
  )
  if (isAsked) assert.deepEqual(lookedUp[0]?.after, [await digest('+33683783449')])
  return JSON.parse(printed[0] ?? '').notes.at(-1) ?? ''
}

describe('hookline explain, asked about the fraud rule', () => {
  it('says that the rule would hold a new phone of a block that does not answer', async () => {
    const text = await ruleAfter({ mode: 'enforce' }, '--from', '203.0.113.7')
    assert.match(
      text,
      /^The fraud rule \(acme, mode enforce\) would hold it: FRAUD_BLOCK\. New numbers that begin with \+3368378\. 5 numbers got a code/,
    )
    assert.match(
      await ruleAfter({}, '--from', '203.0.113.7'),
      /mode observe\) would hold it, but sends it: FRAUD_BLOCK/,
    )
  })

  it('refuses a user without a name', async () => {
    const text = await ruleAfter({ mode: 'enforce' }, '--user', '')
    assert.equal(text, '--user is ""; expected the login or user ID of a person in Okta.')
  })

  it('names the override that sends a code, for a user by login', async () => {
    const allow: Override = {
      ...{ what: 'allow', whom: { kind: 'country', country: 'FR' }, author: 'lee', because: 'test phones' },
      ...{ at: 0, until: Date.UTC(2100, 0) },
    }
    const text = await ruleAfter({ mode: 'enforce', overrides: [allow] }, '--user', 'ANN@example.com')
    assert.match(
      text,
      /would hold it, but sends it: FRAUD_ALLOWED\. Numbers in FR, which FRAUD_BLOCK would hold/,
    )
  })

  it('sends where nobody asked in vain, and says that the rule is off', async () => {
    assert.match(
      await ruleAfter({ mode: 'enforce' }, '--org', 'another'),
      /^The fraud rule \(another, mode enforce\) would send it\.$/,
    )
    assert.equal(await ruleAfter({ mode: 'off' }, '--org', 'acme'), 'The fraud rule is off for acme.')
  })

  it('is not asked without one of its options, and refuses an address that is none', async () => {
    assert.doesNotMatch(await ruleAfter({ mode: 'enforce' }), /fraud rule/)
    assert.equal(
      await ruleAfter({}, '--from', 'home'),
      '--from is "home"; expected an address, such as 203.0.113.7.',
    )
  })
})
