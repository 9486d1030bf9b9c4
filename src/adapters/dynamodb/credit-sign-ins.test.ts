import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createRandom } from '../../../bench/fraud/random.ts'
import { accepted, delivery, ended, thirtyDays } from '../../../test/contracts/stores.ts'
import { type Dynamo, openOn, rawItemsOf, startDynamo } from '../../../test/fixtures/dynamo.ts'
import { afterSignIn } from '../../core/policy/credit/credit.ts'
import { newGroup, newPhone, type Records } from '../../core/policy/credit/records.ts'
import { creditRules } from '../../core/policy/credit/rules.ts'
import { defaultLimits } from '../../core/policy/limits.ts'
import type { Delivery } from '../../core/records/delivery.ts'
import type { Store } from '../../core/records/store.ts'
import { createMemoryStore } from '../memory/store.ts'
import { SIGN_INS_MAX, type SignIn, textsIn, withSignIn, withSignIns } from './credit-sign-ins.ts'
import { keys } from './keys.ts'

const START = 20_000 * 86_400_000
const CALLER = 'https://company.okta.com'
const NUMBER = 'number'
const terms = { mode: 'enforce', overrides: { expected: 0 } } as const

let dynamo: Dynamo
before(async () => {
  dynamo = await startDynamo()
})
after(() => dynamo.close())

const signIn = (changed: Partial<SignIn> = {}): SignIn => ({
  at: START,
  network: '203.0.113',
  hearing: 'heard',
  by: 'dAAAAAAAAAAAA',
  ...changed,
})

describe('a sign-in in the item of its phone', () => {
  it('is read as it was added, with every network and whatever answers said', () => {
    for (const network of ['203.0.113', '2001:db8:1', undefined])
      for (const hearing of ['heard', 'blind', 'unheard'] as const) {
        const one = signIn({ network, hearing })
        assert.deepEqual(withSignIns(newPhone, withSignIn({}, one)), afterSignIn(newPhone, one, creditRules))
      }
  })

  it('is not in the record of the function that added it, also after somebody else has booked it', () => {
    const own = signIn({ by: 'dBBBBBBBBBBBB' })
    const item = withSignIn(withSignIn({}, signIn()), own)
    const others = afterSignIn(newPhone, signIn(), creditRules)
    assert.deepEqual(withSignIns(newPhone, item, own), others)
    const booked = withSignIns(withSignIns(newPhone, item), {}, own)
    const { unanswered, purses } = booked
    assert.deepEqual(
      [unanswered, purses.strange?.inARow, purses.strange?.days],
      [1, 1, others.purses.strange?.days],
    )
  })
})

describe('codes to one phone, of which sign-ins are kept in its item', () => {
  for (const seed of [1, 2, 3]) {
    it(`are decided, and leave the records, as in a store that books each at once (seed ${seed})`, async () => {
      const random = createRandom(seed)
      const { pick } = random
      let now = START
      const table = await dynamo.createTable()
      const open = () => openOn(dynamo, { table, now: () => now, retention: thirtyDays })
      const functions = [await open(), await open()]
      const memory = createMemoryStore(() => now, thirtyDays)
      const admitAndSettle = async (store: Store, opened: Delivery, isFailed: boolean): Promise<unknown> => {
        const admission = await store.admit({
          delivery: opened,
          limits: { mode: 'observe', windows: defaultLimits.windows },
          credit: terms,
        })
        const { purse, hold } = { purse: undefined, hold: undefined, ...admission }
        const end =
          admission.kind !== 'opened' ? ended('refused') : isFailed ? ended('failed') : accepted(opened.id)
        await store.settle({ ...opened, credit: { block: BLOCK, ...opened.credit, purse, hold }, end })
        return { ...admission, exceeded: undefined }
      }
      for (let step = 0; step < 45; step += 1) {
        now += pick([2_000, 40_000, 3_600_000, 9 * 3_600_000, 30 * 3_600_000])
        const opened = delivery({
          id: `00000000-0000-4000-8000-${String(step).padStart(12, '0')}`,
          openedAt: now,
          caller: CALLER,
          duplicateKey: `key ${step}`,
          numberDigest: NUMBER,
          userDigest: 'user',
          loginDigest: undefined,
          country: 'US',
          purpose:
            random.next() < 0.85 ? 'mfa-verification' : pick(['pre-enrollment', 'password-reset'] as const),
          expiresAt: now + 300_000,
          credit: { block: BLOCK, network: pick(['203.0.113', '203.0.113', '198.51.100', '192.0.2']) },
        })
        const isFailed = random.next() < 0.1
        const found = await admitAndSettle(pick(functions), opened, isFailed)
        assert.deepEqual(found, await admitAndSettle(memory, opened, isFailed), `step ${step}`)
        if (step > 2 && random.next() < 0.45) {
          now += 2_000
          const answer = { callers: [CALLER], userDigests: ['user'], channel: opened.channel, at: now }
          for (const store of [pick(functions), memory]) await store.addAnswer(answer)
        }
        const code = {
          id: 'next',
          number: NUMBER,
          user: 'user',
          block: BLOCK,
          country: 'US',
          network: undefined,
          purpose: 'mfa-verification',
        } as const
        const [records, expected] = await Promise.all(
          [pick(functions), memory].map(store => store.readFraudRecords(CALLER, code)),
        )
        assert.deepEqual(plain(records), plain(expected), `step ${step}`)
        const item = (await rawItemsOf(dynamo, table)).find(({ pk }) => pk?.S === PHONE.pk)
        assert.ok(textsIn(item).length < SIGN_INS_MAX)
      }
      for (const store of functions) await store.close()
    })
  }
})

const BLOCK = '1415555'
const PHONE = keys.credit(CALLER, `phone#${NUMBER}`)
/** As JSON has it: without what is undefined, and without groups in which nothing is counted. */
function plain(records: Records | undefined): unknown {
  const { groups = {}, ...own } = records ?? {}
  const counted = Object.entries(groups).filter(
    ([, group]) => JSON.stringify(group) !== JSON.stringify(newGroup),
  )
  return JSON.parse(JSON.stringify({ ...own, groups: Object.fromEntries(counted) }))
}
