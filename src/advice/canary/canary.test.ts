import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { delivery } from '../../../test/contracts/stores.ts'
import { createFakeClock } from '../../../test/fixtures/fake-clock.ts'
import { receipt } from '../../../test/fixtures/receipts.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import { CANARY_CALLER, CANARY_EVENT_ID } from '../../core/records/canary.ts'
import type { Delivery, OwnEnd } from '../../core/records/delivery.ts'
import { type CanaryParts, type CanaryStep, canaryEvent, canarySteps, runCanary } from './canary.ts'
import { CANARY_VALID_MS } from './canary-request.ts'
import type { HookReply } from './hook-reply.ts'

const SENT: OwnEnd = { state: 'accepted', at: 1, messageId: 'message-1', attempts: [] }
const LIMITED: OwnEnd = {
  ...{ state: 'refused', at: 1, code: 'NO_ROUTE' },
  ...{ detail: 'GB over sms: no route.', attempts: [] },
}
const hangs = (): Promise<never> => new Promise(() => {})

const reply = (status: string, debugContext: object = {}, httpStatus = 200): HookReply => ({
  status: httpStatus,
  body: JSON.stringify({
    commands: [
      {
        type: 'com.okta.telephony.action',
        value: [{ status, transactionId: 'message-1', transactionMetadata: 'delivery-1' }],
      },
    ],
    debugContext,
  }),
})

type Input = {
  readonly end?: OwnEnd | 'none'
  readonly receipts?: readonly string[]
  readonly parts?: Partial<CanaryParts>
}

/** A deployment in which everything works, except what the input changes. */
async function run({ end = SENT, receipts = ['TEXT_DELIVERED'], parts }: Input = {}) {
  const clock = createFakeClock()
  const store = createMemoryStore(clock.now)
  const at = clock.now()
  const canary: Delivery = delivery({
    ...{ caller: CANARY_CALLER, eventId: CANARY_EVENT_ID, openedAt: at },
    expiresAt: at + CANARY_VALID_MS,
  })
  await store.settle({ ...canary, id: 'older', expiresAt: at + CANARY_VALID_MS - 1, end: LIMITED })
  if (end !== 'none') await store.settle({ ...canary, end })
  for (const type of receipts)
    await store.addReceipt(receipt({ type, messageId: 'message-1', isFinal: type !== 'TEXT_SUCCESSFUL' }))
  const reported: CanaryStep[] = []
  const result = await clock.until(
    runCanary(at, {
      url: 'https://hook.example.com/mfa',
      knock: async () => 401,
      call: async () => reply('SUCCESSFUL'),
      store,
      hasReceipts: true,
      receiptMs: 180_000,
      clock,
      report: step => reported.push(step),
      ...parts,
    }),
  )
  assert.deepEqual(reported, result.steps)
  assert.deepEqual(
    result.steps.map(({ step }) => step),
    canarySteps,
  )
  return { ...result, tookMs: clock.now() - at, event: canaryEvent(result, clock.now()) }
}

describe('a canary', () => {
  it('passes when every step does', async () => {
    const { failed, steps, deliveryId, event } = await run()
    assert.deepEqual([failed, deliveryId], [undefined, 'delivery-1'])
    assert.deepEqual(new Set(steps.map(({ result }) => result)), new Set(['passed']))
    assert.deepEqual([event.step, event.outcome, event.failed], ['canary', 'passed', undefined])
  })

  const silent = reply('SUCCESSFUL', { code: 'NUMBER_PREMIUM', deliveryId: 'delivery-1' })
  const faults: readonly (readonly [string, (typeof canarySteps)[number], RegExp, Input])[] = [
    [
      'an address that nobody serves',
      'door',
      /ECONNREFUSED/,
      {
        parts: {
          knock: () =>
            Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })),
        },
      },
    ],
    ['an address that hangs', 'door', /within 5 s/, { parts: { knock: hangs } }],
    [
      'a door that lets anybody in',
      'door',
      /answered 200 .* expected 401/,
      { parts: { knock: async () => 200 } },
    ],
    ['a redirect', 'door', /answered 302/, { parts: { knock: async () => 302 } }],
    ['a firewall', 'door', /answered 403/, { parts: { knock: async () => 403 } }],
    ['an authorizer that fails', 'door', /answered 500/, { parts: { knock: async () => 500 } }],
    [
      'a hook that refuses the credential',
      'hook',
      /answered 401/,
      { parts: { call: async () => ({ status: 401, body: '' }) } },
    ],
    [
      'a hook that breaks',
      'hook',
      /answered 502: <html>/,
      { parts: { call: async () => ({ status: 502, body: '<html>' }) } },
    ],
    [
      'an answer that Okta cannot read',
      'hook',
      /answered 200: null/,
      { parts: { call: async () => ({ status: 200, body: 'null' }) } },
    ],
    ['a hook that hangs', 'hook', /within 20 s/, { parts: { call: hangs } }],
    ['a hook that nobody ran', 'hook', /no delivery/, { end: 'none', parts: { call: undefined } }],
    [
      'a carrier that refuses',
      'carrier',
      /CARRIER_REFUSED/,
      { parts: { call: async () => reply('FAILED', { code: 'CARRIER_REFUSED' }) } },
    ],
    [
      'a carrier that refuses while the store hangs',
      'carrier',
      /CARRIER_REFUSED/,
      {
        parts: {
          call: async () => reply('FAILED', { code: 'CARRIER_REFUSED' }),
          store: { pageDeliveries: hangs },
        },
      },
    ],
    ['a silent refusal', 'carrier', /NUMBER_PREMIUM/, { parts: { call: async () => silent } }],
    [
      'an error instead of a command',
      'carrier',
      /LIMIT_NUMBER/,
      {
        parts: {
          call: async () => ({
            status: 200,
            body: JSON.stringify({ error: {}, debugContext: { code: 'LIMIT_NUMBER' } }),
          }),
        },
      },
    ],
    [
      'an unknown reason',
      'carrier',
      /did not say why/,
      { parts: { call: async () => reply('FAILED', { code: '__proto__' }) } },
    ],
    [
      'a refusal that only the store knows',
      'carrier',
      /NO_ROUTE.* GB over sms: no route\.$/,
      { end: LIMITED, parts: { call: undefined } },
    ],
    [
      'an attempt without an end',
      'carrier',
      /no result/,
      { end: { state: 'sending' }, parts: { call: undefined } },
    ],
    ['a store without the delivery', 'record', /does not have its delivery/, { end: 'none' }],
    ['a store that kept another end', 'record', /as sending/, { end: { state: 'sending' } }],
    [
      'a store that cannot be read',
      'record',
      /cannot be read: gone/,
      { parts: { store: { pageDeliveries: () => Promise.reject(new Error('gone')) } } },
    ],
    ['a store that hangs', 'record', /within 20 s/, { parts: { store: { pageDeliveries: hangs } } }],
    ['a receipt that never comes', 'receipt', /No receipt arrived within 180 s/, { receipts: [] }],
    ['a receipt of a failure', 'receipt', /TEXT_CARRIER_BLOCKED/, { receipts: ['TEXT_CARRIER_BLOCKED'] }],
    ['a receipt that says nothing', 'receipt', /TEXT_UNKNOWN/, { receipts: ['TEXT_UNKNOWN'] }],
  ]
  for (const [what, step, pattern, input] of faults)
    it(`fails at ${step} with what to do, and tries no later step: ${what}`, async () => {
      const { failed, steps, event, tookMs } = await run(input)
      assert.equal(failed, step)
      const index = canarySteps.indexOf(step)
      assert.ok(steps.slice(0, index).every(({ result }) => result === 'passed'))
      assert.ok(steps.slice(index + 1).every(({ result }) => result === 'skipped'))
      const end = steps[index]
      assert.ok(end?.result === 'failed')
      assert.match(end.detail, pattern)
      assert.match(end.remedy, /\.$/)
      assert.deepEqual([event.outcome, event.failed], ['failed', step])
      assert.ok(tookMs <= 190_000, `${tookMs} ms`)
    })

  it('fails if the hook answers after Okta has input up', async () => {
    const clock = createFakeClock()
    const call = async (): Promise<HookReply> => {
      await clock.pause(3_001)
      return reply('SUCCESSFUL')
    }
    const { failed } = await clock.until(
      runCanary(clock.now(), {
        ...{
          url: '',
          knock: async () => 401,
          call,
          store: undefined,
          hasReceipts: false,
          receiptMs: 0,
          clock,
        },
      }),
    )
    assert.equal(failed, 'hook')
  })

  it('waits for a receipt that is on its way, and takes it as proof that receipts arrive', async () => {
    const { failed, tookMs, steps } = await run({ receipts: ['TEXT_SUCCESSFUL'] })
    assert.deepEqual([failed, steps.at(-1)?.result], [undefined, 'passed'])
    assert.ok(tookMs >= 180_000)
  })

  it('skips what a deployment does not have: receipts, a store, a wait', async () => {
    const skips = async (parts: Partial<CanaryParts>) => {
      const { failed, steps } = await run({ receipts: [], parts })
      assert.equal(failed, undefined)
      return steps.filter(({ result }) => result === 'skipped').map(({ step }) => step)
    }
    assert.deepEqual(await skips({ hasReceipts: false }), ['receipt'])
    assert.deepEqual(await skips({ receiptMs: 0 }), ['receipt'])
    assert.deepEqual(await skips({ store: undefined }), ['record', 'receipt'])
  })
})
