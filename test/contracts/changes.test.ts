import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChangeQuery, LoggedChange } from '../../src/core/policy/change-log.ts'
import { defaultLimits } from '../../src/core/policy/limits.ts'
import type { Store } from '../../src/core/records/store.ts'
import { enforced, observed, route, template } from './store.ts'
import { DAY_MS, stores, thirtyDays } from './stores.ts'

const by = (author: string, at: number, because?: string) => ({
  author,
  at,
  ...(because !== undefined && { because }),
})
const lookup = (digest: string) =>
  ({ what: 'lookups', differences: [{ name: 'user', after: [digest] }] }) as const
const optout = { what: 'optouts', differences: [{ name: 'digest', before: { list: 'Default' } }] } as const

/** Without the position, which is opaque. */
async function entriesIn(store: Store, query: Partial<ChangeQuery> = {}) {
  const entries = await store.listChanges({ limit: 1_000, ...query })
  for (const { position } of entries) assert.equal(typeof position, 'string')
  return entries.map(({ position: _, ...entry }) => entry)
}
const times = async (store: Store, query: Partial<ChangeQuery> = {}) =>
  (await entriesIn(store, query)).map(({ at }) => at)

for (const [storeName, open] of stores) {
  describe(`the log of changes in ${storeName}`, () => {
    const NOW = 100 * DAY_MS
    const empty = (now = () => NOW) => open(now, { ...thirtyDays, changesMs: 400 * DAY_MS })

    it('is empty at first', async () => {
      await using store = await empty()
      assert.deepEqual(await entriesIn(store), [])
    })

    it('has each change of a template, a route and the limits, before and after, with author and reason', async () => {
      await using store = await empty()
      const { channel, locale, purpose, ...first } = template({ text: 'first {code}' })
      const second = { ...first, text: 'second {code}', short: '{code}' }
      await store.saveTemplates([{ channel, locale, purpose, ...first }], by('ana', 1, 'the first one'))
      await store.saveTemplates([{ channel, locale, purpose, ...second }], by('ben', 2))
      await store.saveRoutes(
        [route({ candidates: [{ identity: 'MyCompany', maxPricePerPart: 0.05 }] })],
        by('cid', 3),
      )
      await store.saveRoutes([route({ candidates: [{ identity: 'pool-1' }] })], by('cid', 4))
      await store.saveLimits(observed, by('dee', 5, 'a trial'))
      const { country, channel: over } = route()
      const name = `${country}/${over}`
      assert.deepEqual(await entriesIn(store), [
        {
          ...by('dee', 5, 'a trial'),
          what: 'limits',
          differences: [
            { name: 'mode', before: 'enforce', after: 'observe' },
            ...defaultLimits.windows.map(({ scope, windowSeconds, max }) => ({
              name: `${scope}/${windowSeconds}`,
              before: { max },
            })),
            { name: 'user/60', after: { max: 9 } },
          ],
        },
        {
          ...by('cid', 4),
          what: 'routes',
          differences: [
            {
              name,
              before: [{ identity: 'MyCompany', maxPricePerPart: 0.05 }],
              after: [{ identity: 'pool-1' }],
            },
          ],
        },
        {
          ...by('cid', 3),
          what: 'routes',
          differences: [{ name, after: [{ identity: 'MyCompany', maxPricePerPart: 0.05 }] }],
        },
        {
          ...by('ben', 2),
          what: 'templates',
          differences: [
            { name: 'sms/en/any', before: { ...first, version: 1 }, after: { ...second, version: 2 } },
          ],
        },
        {
          ...by('ana', 1, 'the first one'),
          what: 'templates',
          differences: [{ name: 'sms/en/any', after: { ...first, version: 1 } }],
        },
      ])
    })

    it('has each change of the fraud rule: its mode, the mode of an org, and each override', async () => {
      await using store = await empty()
      await store.saveFraudPolicy(enforced, by('ana', 1, 'an attack'))
      const [override] = enforced.overrides
      const deny = {
        author: 'ben',
        at: 2,
        because: 'too many',
        what: 'deny',
        whom: { kind: 'prefix', digits: '5841277' },
        until: 9,
      } as const
      await store.saveFraudPolicy({ ...enforced, mode: 'enforce', overrides: [deny] }, by('ben', 2), 1)
      const allow = { ...deny, what: 'allow', author: 'cid' } as const
      assert.equal(await store.saveFraudPolicy({ ...enforced, overrides: [allow] }, by('late', 3), 1), false)
      await store.saveFraudPolicy({ ...enforced, mode: 'enforce', overrides: [allow] }, by('cid', 4), 2)
      const changed = (await entriesIn(store)).map(({ author, what, differences }) => [
        author,
        what,
        differences,
      ])
      assert.deepEqual(changed, [
        ['cid', 'fraud', [{ name: 'allow or deny prefix:5841277', before: deny, after: allow }]],
        [
          'ben',
          'fraud',
          [
            { name: 'mode', before: 'observe', after: 'enforce' },
            { name: 'expect country:VE', before: override },
            { name: 'allow or deny prefix:5841277', after: deny },
          ],
        ],
        [
          'ana',
          'fraud',
          [
            { name: 'mode of acme', after: 'enforce' },
            { name: 'expect country:VE', after: override },
          ],
        ],
      ])
    })

    it('has one entry for all that one step changed, and nothing that stayed the same', async () => {
      await using store = await empty()
      await store.saveRoutes([route({ country: 'ES' }), route({ country: 'GB' })], by('ana', 1))
      await store.saveRoutes([route({ country: 'ES' }), route({ country: 'PT' })], by('ben', 2))
      const names = (await entriesIn(store)).map(({ differences }) => differences.map(({ name }) => name))
      assert.deepEqual(names, [['PT/sms'], ['ES/sms', 'GB/sms']])
    })

    it('has no entry for a change without a difference, and goes on after it', async () => {
      await using store = await empty()
      await store.saveRoutes([route()], by('ana', 1))
      await store.saveRoutes([route()], by('ben', 2))
      await store.saveLimits(observed, by('cid', 3))
      assert.deepEqual(await times(store), [3, 1])
    })

    it('has no entry for a change that was refused, because its editor saw another version', async () => {
      await using store = await empty()
      await store.saveTemplates([template()], by('ana', 1))
      await store.saveTemplates([{ ...template({ text: 'x' }), replaces: 0 }], by('ben', 2))
      assert.deepEqual(await times(store), [1])
    })

    it('has no entry for answers, which nobody decides', async () => {
      await using store = await empty()
      await store.saveRoutes([route()], by('ana', 1))
      await store.noteAnswers(['acme'], 2)
      await store.saveLimits(observed, by('ben', 3))
      assert.deepEqual(await times(store), [3, 1])
    })

    it('has exactly one entry for each of many changes at the same time', async () => {
      await using store = await empty()
      const locales = Array.from({ length: 15 }, (_, index) => `en-${100 + index}`)
      await Promise.all(
        locales.map((locale, at) => store.saveTemplates([template({ locale })], by(locale, at))),
      )
      const names = (await entriesIn(store)).map(({ author, differences: [only, ...others] }) => {
        assert.deepEqual(others, [])
        assert.equal(only?.name, `sms/${author}/any`)
        return author
      })
      assert.deepEqual(names.toSorted(), locales)
    })

    it('keeps a large change whole, in any characters', async () => {
      await using store = await empty()
      const texts = Array.from({ length: 60 }, (_, index) =>
        template({ locale: `en-${100 + index}`, text: '😀"\n'.repeat(2_000) }),
      )
      await store.saveTemplates(texts, by('ana', 1))
      await store.saveTemplates([template({ text: 'x'.repeat(300_000) })], by('ben', 2))
      const [, all] = await entriesIn(store)
      assert.equal(all?.differences.length, 60)
      for (const { after } of all?.differences ?? [])
        assert.equal((after as { readonly text: string }).text, '😀"\n'.repeat(2_000))
    })

    it('has look-ups and changed opt-outs, among the changes of the policy by time', async () => {
      await using store = await empty()
      await store.saveRoutes([route()], by('ana', 1))
      await store.logEvent(lookup('digest-1'), by('help desk', 2))
      await store.saveLimits(observed, by('ben', 3))
      await store.logEvent(optout, by('help desk', 4, 'ticket 7'))
      assert.deepEqual(
        (await entriesIn(store)).map(({ what }) => what),
        ['optouts', 'limits', 'lookups', 'routes'],
      )
      assert.deepEqual((await entriesIn(store))[0], { ...optout, ...by('help desk', 4, 'ticket 7') })
      assert.deepEqual((await entriesIn(store))[2], { ...lookup('digest-1'), ...by('help desk', 2) })
    })

    it('has every look-up, even of the same person at the same moment', async () => {
      await using store = await empty()
      for (const digest of ['one', 'one', 'two']) await store.logEvent(lookup(digest), by('help desk', 2))
      assert.deepEqual(await times(store), [2, 2, 2])
    })

    it('is listed by what was changed, and since when', async () => {
      await using store = await empty()
      await fill(store)
      assert.deepEqual(await times(store, { what: 'routes' }), [7, 4, 1])
      assert.deepEqual(await times(store, { what: 'limits' }), [8, 5, 2])
      assert.deepEqual(await times(store, { what: 'lookups' }), [9, 6, 3])
      assert.deepEqual(await times(store, { what: 'templates' }), [])
      assert.deepEqual(await times(store, { since: 6 }), [9, 8, 7, 6])
      assert.deepEqual(await times(store, { since: 6, what: 'limits' }), [8])
    })

    for (const what of [undefined, 'routes', 'lookups'] as const)
      for (const limit of [1, 2, 4])
        it(`is read in pages of ${limit}${what === undefined ? '' : ` of ${what}`}, and what comes meanwhile is on no later page`, async () => {
          await using store = await empty()
          await fill(store)
          const query = { limit, ...(what !== undefined && { what }) }
          const pages: LoggedChange[][] = []
          let before: string | undefined
          do {
            const page = await store.listChanges({ ...query, ...(before !== undefined && { before }) })
            pages.push([...page])
            before = page.at(-1)?.position
            await store.saveRoutes(
              [route({ country: 'FR', candidates: [{ identity: `pool-${pages.length}` }] })],
              by('late', 50),
            )
            await store.logEvent(lookup('late'), by('late', 50))
          } while (before !== undefined)
          assert.deepEqual(
            pages.flat().map(({ at }) => at),
            what === undefined ? [9, 8, 7, 6, 5, 4, 3, 2, 1] : what === 'routes' ? [7, 4, 1] : [9, 6, 3],
          )
          assert.ok(pages.every(page => page.length <= limit))
        })

    it('is kept longer than deliveries, and then hidden and removed', async () => {
      let now = NOW
      await using store = await empty(() => now)
      await store.saveRoutes([route()], by('ana', NOW))
      await store.logEvent(lookup('one'), by('help desk', NOW))
      await store.saveLimits(observed, by('ben', NOW + 10 * DAY_MS))
      now = NOW + 400 * DAY_MS - 1
      await store.removeExpired()
      assert.equal((await entriesIn(store)).length, 3)
      now = NOW + 400 * DAY_MS
      assert.deepEqual(await times(store), [NOW + 10 * DAY_MS])
      await store.removeExpired()
      assert.deepEqual(await times(store), [NOW + 10 * DAY_MS])
      now = NOW + 410 * DAY_MS
      await store.removeExpired()
      assert.deepEqual(await times(store), [])
      assert.equal((await store.readPolicy())?.limits.mode, 'observe', 'the policy does not expire')
    })
  })
}

/** Nine entries at the times 1 to 9: of routes, limits and look-ups in turn. */
async function fill(store: Store): Promise<void> {
  for (let at = 1; at <= 9; at += 3) {
    await store.saveRoutes([route({ candidates: [{ identity: `pool-${at}` }] })], by('ana', at))
    const windows = [{ scope: 'user', windowSeconds: 600, max: at }] as const
    await store.saveLimits({ mode: 'enforce', windows }, by('ben', at + 1))
    await store.logEvent(lookup(`digest-${at}`), by('help desk', at + 2))
  }
}
