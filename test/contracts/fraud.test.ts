import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { CreditTerms } from '../../src/core/policy/credit/decide.ts'
import { defaultLimits, type Limits } from '../../src/core/policy/limits.ts'
import type { Delivery } from '../../src/core/records/delivery.ts'
import type { Admission } from '../../src/core/records/delivery-store.ts'
import { receipt } from '../fixtures/receipts.ts'
import { accepted, DAY_MS, delivery, ended, noLimits, type OpenStore, stores } from './stores.ts'

const MINUTE_MS = 60_000
const CALLER = 'https://example.okta.com/oauth2/default'
const enforce: CreditTerms = { mode: 'enforce', overrides: { expected: 0 } }
const observe: CreditTerms = { mode: 'observe', overrides: { expected: 0 } }

type Input = {
  readonly number: string
  readonly user?: string
  readonly block?: string
  readonly network?: string
  readonly country?: string
  readonly purpose?: Delivery['purpose']
  readonly caller?: string
  readonly duplicateKey?: string
  readonly terms?: CreditTerms | undefined
  readonly limits?: Limits
}

/** An org in which one phone has answered already, so that silence proves something. */
async function orgIn(open: OpenStore) {
  let now = Date.UTC(2026, 5, 15, 12)
  let count = 0
  const store = await open(() => now)
  const opening = (input: Input) => {
    const { number, user = `user of ${number}`, block = '33612345', network, country = 'FR' } = input
    const { purpose = 'pre-enrollment', caller = CALLER, duplicateKey, limits = noLimits } = input
    const credit = 'terms' in input ? input.terms : enforce
    count += 1
    return {
      delivery: delivery({
        id: `delivery-${count}`,
        openedAt: now,
        caller,
        duplicateKey,
        numberDigest: number,
        userDigest: user,
        country,
        purpose,
        expiresAt: undefined,
        credit: credit && { block, network },
      }),
      limits,
      credit,
    }
  }
  const request = async (input: Input): Promise<Admission & { readonly delivery: Delivery }> => {
    const { delivery, ...rest } = opening(input)
    return { ...(await store.admit({ delivery, ...rest })), delivery }
  }
  const end = (
    { delivery, ...admission }: Awaited<ReturnType<typeof request>>,
    end: Delivery['end'] = accepted(`message of ${delivery.id}`),
  ): Promise<void> => {
    const { purse, hold } = { purse: undefined, hold: undefined, ...admission }
    const credit = delivery.credit && { ...delivery.credit, purse, hold }
    return store.settle({ ...delivery, credit, end })
  }
  const answer = async ({ delivery: { caller, userDigest = '', channel } }: { delivery: Delivery }) => {
    now += 20_000
    const joined = await store.addAnswer({
      callers: [caller],
      userDigests: [userDigest],
      channel,
      at: now - 2_000,
    })
    assert.equal(joined.kind, 'answered')
  }
  const answered = async (input: Input): Promise<void> => {
    const opened = await request(input)
    assert.equal(opened.kind, 'opened', JSON.stringify(opened))
    await end(opened)
    await answer(opened)
  }
  /** As the hook does: a store may still write what the rule keeps until the delivery has ended. */
  const deliver = async (input: Input) => {
    const admission = await request(input)
    if (admission.kind === 'opened') await end(admission)
    return admission
  }
  const wait = (ms: number): void => {
    now += ms
  }
  await answered({ number: 'the first one', block: '1415555', country: 'US', network: '192.0.2' })
  wait(MINUTE_MS)
  return {
    store,
    request,
    end,
    answer,
    answered,
    wait,
    deliver,
    /** Codes to as many numbers of one block at the same moment: those that are sent. */
    burst: async (numbers: number) => {
      const all = await Promise.all(
        Array.from({ length: numbers }, (_, index) => request({ number: `burst-${index}` })),
      )
      const sent = all.filter(({ kind }) => kind === 'opened')
      await Promise.all(sent.map(each => end(each)))
      return sent
    },
    /** Codes to as many numbers of one block, one after another. */
    flood: async (numbers: number, input: Partial<Input> = {}, name = 'n') => {
      const kinds: string[] = []
      for (let number = 0; number < numbers; number += 1)
        kinds.push(resultOf(await deliver({ ...input, number: `${name}-${number}` })))
      return kinds
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}

function resultOf(admission: Admission): string {
  return admission.kind === 'held' ? admission.hold.reason : admission.kind
}
const many = (kind: string, count: number): readonly string[] => Array<string>(count).fill(kind)

for (const [name, open] of stores) {
  // In a table each group has its own order of requests, so a burst may leave credit or a probe to the next request.
  const isExact = name !== 'the DynamoDB store'
  describe(`${name}, asked for codes to new numbers`, () => {
    it('holds a block without answers, and says which one, with its counts', async () => {
      await using org = await orgIn(open)
      assert.deepEqual(await org.flood(5), many('opened', 5))
      const held = await org.request({ number: 'one more' })
      assert.ok(held.kind === 'held')
      const { reason, group, codes, answers } = held.hold
      assert.deepEqual(
        { reason, group, codes, answers },
        { reason: 'FRAUD_BLOCK', group: 'p4:33612345', codes: 5, answers: 0 },
      )
      const elsewhere = await org.request({ number: 'another', block: '447911', country: 'GB' })
      assert.equal(elsewhere.kind, 'opened')
    })

    it('sends as many of a burst at once as one after another', async () => {
      await using org = await orgIn(open)
      const sent = await org.burst(40)
      if (isExact) assert.equal(sent.length, 5)
      // What a burst leaves of the credit is for those that come later.
      const later = await org.flood(6, {}, 'later')
      assert.equal(sent.length + later.filter(kind => kind === 'opened').length, 5)
      assert.equal(later.at(-1), 'FRAUD_BLOCK')
    })

    it('counts what new numbers spend of a daily budget, and reports when half and all of it is spent', async () => {
      await using org = await orgIn(open)
      const terms = { ...enforce, budget: { budgets: { total: { messages: 2 } }, dollars: 0.05 } }
      const first = await org.deliver({ number: 'a', block: '447911', country: 'GB', terms })
      const second = await org.deliver({ number: 'b', terms })
      const shares = [first, second].map(
        one => one.kind === 'opened' && one.alarms?.map(({ share }) => share),
      )
      assert.deepEqual(shares, [['half'], ['all']])
      assert.deepEqual(await org.flood(2, { terms }), many('FRAUD_BUDGET', 2))
      const known = { number: 'the first one', block: '1415555', country: 'US', network: '192.0.2' }
      assert.equal((await org.request({ ...known, purpose: 'mfa-verification', terms })).kind, 'opened')
      org.wait(DAY_MS)
      assert.deepEqual(await org.flood(1, { terms }, 'tomorrow'), ['opened'])
    })

    it('lets one probe through when its time has come, however many ask at once, and opens when it is answered', async () => {
      await using org = await orgIn(open)
      await org.flood(7)
      org.wait(9 * MINUTE_MS)
      assert.deepEqual(await org.flood(1, {}, 'early'), ['FRAUD_BLOCK'])
      org.wait(MINUTE_MS)
      const sent = await org.burst(20)
      assert.ok(isExact ? sent.length === 1 : sent.length <= 1, `${sent.length} sent`)
      const probe = sent[0] ?? (await org.request({ number: 'the next one' }))
      assert.equal(probe.kind, 'opened')
      assert.equal((await org.request({ number: 'another one' })).kind, 'held')
      if (sent.length === 0) await org.end(probe)
      await org.answer(probe)
      assert.deepEqual(await org.flood(4, {}, 'after'), [...many('opened', 3), 'FRAUD_BLOCK'])
    })

    it('counts a number once a day, an answer once, and a duplicate never', async () => {
      await using org = await orgIn(open)
      const first = await org.request({ number: 'n', duplicateKey: 'same' })
      assert.equal((await org.request({ number: 'n', duplicateKey: 'same' })).kind, 'duplicate')
      assert.equal((await org.request({ number: 'n' })).kind, 'opened')
      await org.end(first)
      assert.deepEqual(await org.flood(5, {}, 'others'), [...many('opened', 4), 'FRAUD_BLOCK'])
    })

    it('gives the credit of an answered code back, and half of one more, once', async () => {
      await using org = await orgIn(open)
      const opened = await org.request({ number: 'n' })
      await org.end(opened)
      await org.answer(opened)
      await org.answer(opened)
      // Six without an answer: five, and one that the answer earns until the org's own figures are known.
      assert.deepEqual(await org.flood(7, {}, 'others'), [...many('opened', 6), 'FRAUD_BLOCK'])
    })

    it('spends no credit for what a limit refuses, or what provably was not sent', async () => {
      await using org = await orgIn(open)
      const none: Limits = { mode: 'enforce', windows: [{ scope: 'user', windowSeconds: 600, max: 1 }] }
      assert.equal((await org.deliver({ number: 'a', user: 'u', limits: none })).kind, 'opened')
      for (const number of ['b', 'c'])
        assert.equal((await org.deliver({ number, user: 'u', limits: none })).kind, 'limited')
      for (const number of ['d', 'e', 'f']) {
        const opened = await org.request({ number })
        await org.end(opened, ended('failed'))
      }
      assert.deepEqual(await org.flood(5), [...many('opened', 4), 'FRAUD_BLOCK'])
    })

    it('keeps nothing of a request without terms', async () => {
      await using org = await orgIn(open)
      assert.deepEqual(await org.flood(9, { terms: undefined }), many('opened', 9))
      assert.deepEqual(await org.flood(5, {}, 'm'), many('opened', 5))
    })

    it('knows each org for itself', async () => {
      await using org = await orgIn(open)
      await org.flood(6)
      const other = { caller: 'https://other.okta.com' }
      assert.equal((await org.request({ number: 'n', ...other })).kind, 'opened')
    })

    it('forgets a group after sixteen days', async () => {
      await using org = await orgIn(open)
      await org.flood(6)
      org.wait(16 * DAY_MS)
      await org.store.removeExpired()
      assert.deepEqual(await org.flood(5, {}, 'm'), many('opened', 5))
    })
  })

  describe(`${name}, in mode observe`, () => {
    it('sends what it would have held, keeps why, and decides the same afterwards', async () => {
      await using org = await orgIn(open)
      await org.flood(5, { terms: observe })
      const observed = await org.deliver({ number: 'one more', terms: observe })
      assert.ok(observed.kind === 'opened')
      assert.equal(observed.hold?.reason, 'FRAUD_BLOCK')
      await org.end(observed)
      const stored = await org.store.findDelivery(observed.delivery.id)
      assert.deepEqual(stored?.credit?.hold, observed.hold)
      assert.equal((await org.request({ number: 'enforced' })).kind, 'held')
    })
  })

  describe(`${name}, asked for codes to a phone that answered`, () => {
    const phone = { number: 'owner', block: '33698765', network: '198.51.100' } as const
    const signIn = { ...phone, purpose: 'mfa-verification' } as const

    it('sends on its network, whatever others request, and keeps the last codes of each limit for it', async () => {
      await using org = await orgIn(open)
      await org.answered(phone)
      await org.flood(9, { block: phone.block, network: phone.network })
      org.wait(DAY_MS)
      const limits = { limits: defaultLimits } as const
      const outside = { ...signIn, network: '203.0.113', ...limits }
      const results: string[] = []
      for (let round = 0; round < 4; round += 1) results.push(resultOf(await org.deliver(outside)))
      assert.deepEqual(results, [...many('opened', 3), 'limited'])
      assert.equal(resultOf(await org.request({ ...signIn, ...limits })), 'opened')
    })

    it('holds it after four silent codes on its network, and opens when one is answered', async () => {
      await using org = await orgIn(open)
      await org.answered(phone)
      org.wait(DAY_MS)
      const last = []
      for (let round = 0; round < 5; round += 1) {
        last.push(await org.deliver(signIn))
        org.wait(20 * MINUTE_MS)
      }
      assert.deepEqual(last.map(resultOf), [...many('opened', 4), 'NUMBER_SILENT'])
      org.wait(12 * 60 * MINUTE_MS)
      const probe = await org.request(signIn)
      assert.equal(probe.kind === 'opened' && probe.purse, 'sign-in')
      await org.end(probe)
      await org.answer(probe)
      assert.equal(resultOf(await org.request(signIn)), 'opened')
    })

    it('takes reported deliveries, in any order and repeatedly', async () => {
      await using org = await orgIn(open)
      await org.answered(phone)
      org.wait(DAY_MS)
      const opened = await org.request(signIn)
      const arrived = receipt({
        deliveryId: opened.delivery.id,
        messageId: `message of ${opened.delivery.id}`,
        type: 'TEXT_DELIVERED',
      })
      await org.store.addReceipt(arrived)
      await org.end(opened)
      await org.store.addReceipt(arrived)
      assert.equal((await org.store.findDelivery(opened.delivery.id))?.progress?.stage, 'delivered')
    })
  })
}
