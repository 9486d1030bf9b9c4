import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { defaultFraudPolicy, type NewFraudPolicy } from '../../src/core/policy/fraud-policy.ts'
import { defaultLimits, type Limits } from '../../src/core/policy/limits.ts'
import type { StoredPolicy } from '../../src/core/policy/policy.ts'
import type { Editor, NewTemplate } from '../../src/core/policy/policy-store.ts'
import type { Route } from '../../src/core/policy/route.ts'
import { defaultRoutingPolicy, type NewRoutingPolicy } from '../../src/core/policy/routing-policy.ts'
import type { Delivery } from '../../src/core/records/delivery.ts'
import type { DeliveryQuery } from '../../src/core/records/delivery-store.ts'
import type { Store } from '../../src/core/records/store.ts'

const HOUR_MS = 3_600_000

/** The contract of every `Store`. `open` returns an empty one; it is closed after each test. */
export function testStore(name: string, open: () => Promise<Store>): void {
  describe(name, () => {
    let store: Store
    beforeEach(async () => {
      store = await open()
    })
    afterEach(() => store.close())

    it('can be checked for writing any number of times, without a trace', async () => {
      await store.checkWritable()
      await store.checkWritable()
      assert.deepEqual(await store.listDeliveries({ limit: 10 }), [])
    })

    describe('the policy', () => {
      it('exists from the start, empty, with limits', async () => {
        const { templates, routes, limits } = await readPolicy(store)
        assert.deepEqual([templates, routes, limits], [[], [], defaultLimits])
      })

      it('is not returned to a reader that has this version, but to one that has another', async () => {
        const { version } = await readPolicy(store)
        assert.equal(await store.readPolicy(version), undefined)
        assert.equal((await store.readPolicy(version - 1))?.version, version)
        assert.equal((await store.readPolicy(version + 1))?.version, version)
      })

      for (const [what, change] of [
        ['templates', (store: Store) => store.saveTemplates([template()], editor)],
        ['routes', (store: Store) => store.saveRoutes([route()], editor)],
        ['limits', (store: Store) => store.saveLimits(observed, editor)],
        ['the fraud rule', (store: Store) => store.saveFraudPolicy(enforced, editor)],
        ['shares of routes', (store: Store) => store.saveRoutingPolicy(followed, editor)],
      ] as const) {
        it(`has another version after a change of ${what}, even without a difference`, async () => {
          const versions = [(await readPolicy(store)).version]
          for (let round = 0; round < 2; round += 1) {
            await change(store)
            const changed = await store.readPolicy(versions.at(-1))
            assert.ok(changed)
            versions.push(changed.version)
          }
          assert.equal(new Set(versions).size, 3)
        })
      }

      it('says since when and until when answers have come, with another version', async () => {
        await store.saveRoutes([route()], editor)
        const { version, answerFlows } = await readPolicy(store)
        assert.equal(answerFlows, undefined)
        await store.noteAnswers(['acme', 'secret header'], HOUR_MS)
        const noted = await store.readPolicy(version)
        const flow = { since: HOUR_MS, lastAt: HOUR_MS }
        assert.deepEqual(noted?.answerFlows, { acme: flow, 'secret header': flow })
        assert.deepEqual(noted?.routes, [route()])
        await store.noteAnswers(['acme'], 2 * HOUR_MS - 1) // within the hour
        assert.equal(await store.readPolicy(noted?.version), undefined)
        await store.noteAnswers(['acme'], 2 * HOUR_MS)
        await store.saveLimits(observed, editor)
        const { answerFlows: flows, limits } = await readPolicy(store)
        assert.deepEqual(flows, { acme: { ...flow, lastAt: 2 * HOUR_MS }, 'secret header': flow })
        assert.deepEqual(limits, observed)
      })

      it('notes one answer for an hour, however many come at once', async () => {
        await store.saveRoutes([route()], editor)
        const { version } = await readPolicy(store)
        await Promise.all([1, 2, 3, 4, 5].map(() => store.noteAnswers(['acme'], HOUR_MS)))
        const noted = await store.readPolicy(version)
        assert.deepEqual(noted?.answerFlows, { acme: { since: HOUR_MS, lastAt: HOUR_MS } })
        assert.equal(noted?.version, version + 1)
      })

      it('says nothing of answers while it is empty: nothing was sent', async () => {
        const { version } = await readPolicy(store)
        await store.noteAnswers(['acme'], HOUR_MS)
        assert.equal(await store.readPolicy(version), undefined)
        await store.saveRoutes([route()], editor)
        assert.deepEqual((await readPolicy(store)).routes, [route()])
      })

      it('keeps everything of a template', async () => {
        const plain = template({ indiaTemplateId: undefined })
        const whole = template({
          channel: 'voice',
          locale: 'zh-TW',
          purpose: 'account-unlock',
          voiceId: 'ZHIYU',
          short: '{code}',
        })
        await store.saveTemplates([plain, whole], editor)
        assert.deepEqual((await readPolicy(store)).templates, [
          { ...plain, version: 1 },
          { ...whole, version: 1 },
        ])
      })

      for (const text of [
        "it''s '{x}'",
        '"; DROP TABLE templates; --',
        '验证码 😀 {code}',
        'two\nlines',
        'x'.repeat(6_000),
      ]) {
        it(`keeps a text unchanged: ${JSON.stringify(text.slice(0, 30))}`, async () => {
          await store.saveTemplates([template({ text })], editor)
          assert.equal((await readPolicy(store)).templates[0]?.text, text)
        })
      }

      it('replaces a template by channel, locale and purpose, and increments its version', async () => {
        await store.saveTemplates([template({ text: 'old {code}', short: '{code}' })], editor)
        await store.saveTemplates([template({ text: 'new {code}', indiaTemplateId: undefined })], editor)
        const [only, ...others] = (await readPolicy(store)).templates
        assert.deepEqual(only, {
          ...template({ text: 'new {code}', indiaTemplateId: undefined }),
          version: 2,
        })
        assert.deepEqual(others, [])
      })

      it('stores templates with another channel, locale or purpose separately', async () => {
        await store.saveTemplates([template()], editor)
        await store.saveTemplates(
          [
            template({ channel: 'voice', voiceId: 'JOANNA' }),
            template({ locale: 'en-US' }),
            template({ purpose: 'other' }),
          ],
          editor,
        )
        const { templates } = await readPolicy(store)
        assert.deepEqual(
          templates.map(({ version }) => version),
          [1, 1, 1, 1],
        )
      })

      it('keeps the last of two for the same key in one call', async () => {
        await store.saveTemplates([template({ text: 'first' }), template({ text: 'last' })], editor)
        assert.deepEqual(
          (await readPolicy(store)).templates.map(({ text }) => text),
          ['last'],
        )
      })

      it('keeps everything of a route, its candidates in their order', async () => {
        const whole = route({
          candidates: [
            { identity: 'MyCompany', maxPricePerPart: 0.05, indiaEntityId: '1101', region: 'eu-west-1' },
            { identity: '+18665550100', maxPricePerMinute: 0.1 },
            { identity: 'arn:aws:sms-voice:us-east-1:123456789012:pool/pool-1' },
          ],
        })
        await store.saveRoutes([whole], editor)
        assert.deepEqual((await readPolicy(store)).routes, [whole])
      })

      it('replaces the whole route of a country and channel, and keeps the others', async () => {
        const other = route({ channel: 'voice' })
        const fallback = route({ country: '*' })
        await store.saveRoutes(
          [route({ candidates: [{ identity: 'Old' }, { identity: 'Older' }] }), other, fallback],
          editor,
        )
        await store.saveRoutes([route({ candidates: [{ identity: 'New' }] })], editor)
        const { routes } = await readPolicy(store)
        assert.deepEqual(routes, [fallback, route({ candidates: [{ identity: 'New' }] }), other])
      })

      it('has the limits saved last', async () => {
        await store.saveLimits(observed, editor)
        assert.deepEqual((await readPolicy(store)).limits, observed)
        await store.saveLimits(defaultLimits, editor)
        assert.deepEqual((await readPolicy(store)).limits, defaultLimits)
      })

      it('observes fraud from the start, and has the mode and overrides saved last', async () => {
        assert.deepEqual((await readPolicy(store)).fraud, defaultFraudPolicy)
        assert.equal(await store.saveFraudPolicy(enforced, editor), true)
        await store.saveLimits(observed, editor)
        const { fraud, limits } = await readPolicy(store)
        assert.deepEqual([fraud, limits], [{ ...enforced, version: 1 }, observed])
      })

      it('refuses a mode and overrides that replace another version than the one in force', async () => {
        const results = await Promise.all([1, 2, 3].map(() => store.saveFraudPolicy(enforced, editor, 0)))
        assert.deepEqual(results.toSorted(), [false, false, true])
        const { version, fraud } = await readPolicy(store)
        assert.equal(await store.saveFraudPolicy({ ...enforced, mode: 'off' }, editor, 0), false)
        assert.equal(await store.readPolicy(version), undefined)
        assert.equal(await store.saveFraudPolicy({ ...enforced, mode: 'off' }, editor, fraud.version), true)
        assert.deepEqual((await readPolicy(store)).fraud, { ...enforced, mode: 'off', version: 2 })
      })

      it('only observes which identities work from the start, and has the shares saved last, over the same version', async () => {
        assert.deepEqual((await readPolicy(store)).routing, defaultRoutingPolicy)
        const results = await Promise.all([1, 2].map(() => store.saveRoutingPolicy(followed, editor, 0)))
        assert.deepEqual(results.toSorted(), [false, true])
        await store.saveLimits(observed, editor)
        assert.deepEqual((await readPolicy(store)).routing, { ...followed, version: 1 })
        assert.equal(await store.saveRoutingPolicy({ ...followed, shares: {} }, editor, 0), false)
        assert.equal(await store.saveRoutingPolicy({ ...followed, shares: {} }, editor, 1), true)
        assert.deepEqual((await readPolicy(store)).routing, { ...followed, shares: {}, version: 2 })
      })

      it('is not changed by changes to a copy', async () => {
        await store.saveRoutes([route()], editor)
        const copy = structuredClone(await readPolicy(store))
        Object.assign(copy.routes[0] ?? {}, { country: 'XX' })
        assert.deepEqual((await readPolicy(store)).routes, [route()])
      })

      it('keeps all of several simultaneous changes', async () => {
        const locales = Array.from({ length: 20 }, (_, index) => `en-${100 + index}`)
        await Promise.all(locales.map(locale => store.saveTemplates([template({ locale })], editor)))
        assert.deepEqual(
          (await readPolicy(store)).templates.map(({ locale }) => locale),
          locales,
        )
      })
    })

    describe('a delivery', () => {
      it('is opened, settled and listed unchanged', async () => {
        const opened = delivery()
        assert.deepEqual(await store.admit({ delivery: opened, limits: observed }), { kind: 'opened' })
        assert.equal((await store.listDeliveries({ limit: 10 }))[0]?.end.state, 'sending')
        const end = { state: 'accepted', at: 2_000, messageId: 'message-1', attempts: [] } as const
        await store.settle({ ...opened, end })
        const [listed, ...others] = await store.listDeliveries({ limit: 10 })
        assert.ok(listed)
        const { position, ...rest } = listed
        assert.equal(typeof position, 'string')
        assert.deepEqual(rest, { ...opened, end, progress: undefined, answered: undefined })
        assert.deepEqual(others, [])
      })

      it('is listed among the newest, oldest first, or after another delivery', async () => {
        for (const id of ['a', 'b', 'c', 'd']) await store.settle(delivery({ id }))
        const ids = async (page: DeliveryQuery) => (await store.listDeliveries(page)).map(({ id }) => id)
        const [first, , , last] = await store.listDeliveries({ limit: 10 })
        assert.ok(first !== undefined && last !== undefined)
        assert.deepEqual(await ids({ limit: 2 }), ['c', 'd'])
        assert.deepEqual(await ids({ limit: 10, after: first.position }), ['b', 'c', 'd'])
        assert.deepEqual(await ids({ limit: 2, after: first.position }), ['c', 'd'])
        assert.deepEqual(await ids({ limit: 10, after: last.position }), [])
      })
    })
  })
}

/** The whole policy in a fixed order, which stores do not guarantee. */
export async function readPolicy(store: Store): Promise<StoredPolicy> {
  const policy = await store.readPolicy()
  assert.ok(policy, 'the store returned no policy')
  const key = (of: object): string => JSON.stringify(Object.values(of))
  const byKey = (one: object, other: object): number => (key(one) < key(other) ? -1 : 1)
  const templates = policy.templates.toSorted((one, other) =>
    byKey([one.channel, one.locale, one.purpose], [other.channel, other.locale, other.purpose]),
  )
  const routes = policy.routes.toSorted((one, other) =>
    byKey([one.country, one.channel], [other.country, other.channel]),
  )
  return { ...policy, templates, routes }
}

export function template(changed: Partial<NewTemplate> = {}): NewTemplate {
  return {
    channel: 'sms',
    locale: 'en',
    purpose: 'any',
    text: '{code} is your code.',
    voiceId: '',
    indiaTemplateId: '1107160000000000001',
    ...changed,
  }
}

export const editor: Editor = { author: 'editor', at: 1_000 }

export function route(changed: Partial<Route> = {}): Route {
  return { country: 'ES', channel: 'sms', candidates: [{ identity: '+34911234567' }], ...changed }
}

const followed: NewRoutingPolicy = {
  mode: 'follow',
  pinned: ['GB/sms'],
  shares: { 'ES/sms': { tenths: { '+34911234567': 8, MyCompany: 2 }, movedAt: 1_000 } },
  refused: { 'US/sms MyCompany': 1_000 },
}

export const enforced: NewFraudPolicy = {
  mode: 'observe',
  modes: { acme: 'enforce' },
  overrides: [
    {
      what: 'expect',
      whom: { kind: 'country', country: 'VE' },
      count: 60,
      author: 'lee',
      because: 'an office opens',
      at: 1_000,
      until: 2_000,
    },
  ],
}
export const observed: Limits = { mode: 'observe', windows: [{ scope: 'user', windowSeconds: 60, max: 9 }] }

function delivery(changed: Partial<Delivery> = {}): Delivery {
  return {
    id: 'delivery-1',
    openedAt: 1_000,
    caller: 'https://example.okta.com/oauth2/default',
    eventId: 'event-1',
    oktaRequestId: undefined,
    duplicateKey: undefined,
    numberDigest: 'digest-of-number',
    userDigest: undefined,
    loginDigest: undefined,
    country: 'ES',
    lastDigits: '40',
    channel: 'sms',
    purpose: 'mfa-verification',
    templateUsed: { source: 'template', locale: 'en', purpose: 'any', version: 1 },
    parts: 1,
    expiresAt: undefined,
    credit: undefined,
    end: { state: 'sending' },
    ...changed,
  }
}
