import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TemplateName } from '../../src/core/policy/policy-store.ts'
import type { Store } from '../../src/core/records/store.ts'
import { editor, readPolicy, route, template } from './store.ts'
import { stores } from './stores.ts'

const name: TemplateName = { channel: 'sms', locale: 'en', purpose: 'any' }
const by = (author: string, at = 1_000) => ({ author, at })
const versionsIn = async (store: Store, of = name) =>
  (await store.readTemplateVersions(of)).map(({ version, text }) => [version, text])

for (const [storeName, open] of stores) {
  describe(`${storeName}, asked for the versions of a template`, () => {
    const empty = () => open(() => 5_000)

    it('has no versions of a template that was never saved', async () => {
      await using store = await empty()
      await store.saveTemplates([template({ locale: 'es' })], editor)
      assert.deepEqual(await store.readTemplateVersions(name), [])
    })

    it('has every field of each version, with author and time, newest first', async () => {
      await using store = await empty()
      const first = template({ text: 'first {code}' })
      const second = template({
        text: 'second {code}',
        short: '{code}',
        voiceId: 'X',
        indiaTemplateId: undefined,
      })
      await store.saveTemplates([first], by('one', 1_000))
      await store.saveTemplates([second], by('two', 2_000))
      await store.saveTemplates([first], by('one', 3_000))
      assert.deepEqual(await store.readTemplateVersions(name), [
        { ...first, version: 3, author: 'one', savedAt: 3_000 },
        { ...second, version: 2, author: 'two', savedAt: 2_000 },
        { ...first, version: 1, author: 'one', savedAt: 1_000 },
      ])
    })

    it('keeps author and time out of the policy', async () => {
      await using store = await empty()
      await store.saveTemplates([template()], editor)
      assert.deepEqual((await readPolicy(store)).templates, [{ ...template(), version: 1 }])
    })

    it('stores those of another channel, locale or purpose separately', async () => {
      await using store = await empty()
      const others = [
        template({ channel: 'voice', voiceId: 'JOANNA', text: 'a' }),
        template({ locale: 'en-US', text: 'b' }),
        template({ purpose: 'account-unlock', text: 'c' }),
      ]
      await store.saveTemplates([template({ text: 'own' }), ...others], editor)
      await store.saveTemplates(others, editor)
      assert.deepEqual(await versionsIn(store), [[1, 'own']])
      for (const other of others)
        assert.deepEqual(await versionsIn(store, other), [
          [2, other.text],
          [1, other.text],
        ])
    })

    it('keeps the last of two with the same name in one call', async () => {
      await using store = await empty()
      await store.saveTemplates([template({ text: 'first' }), template({ text: 'last' })], editor)
      assert.deepEqual(await versionsIn(store), [[1, 'last']])
    })

    it('keeps the newest fifty', async () => {
      await using store = await empty()
      for (let version = 1; version <= 53; version += 1)
        await store.saveTemplates([template({ text: `text ${version}` })], editor)
      const stored = await versionsIn(store)
      assert.deepEqual(stored.slice(0, 2), [
        [53, 'text 53'],
        [52, 'text 52'],
      ])
      assert.deepEqual([stored.length, stored.at(-1)], [50, [4, 'text 4']])
    })

    it('is not affected by changes of routes', async () => {
      await using store = await empty()
      await store.saveTemplates([template({ text: 'before' })], by('one', 7))
      await store.saveRoutes([route()], editor)
      const [only, ...others] = await store.readTemplateVersions(name)
      assert.deepEqual([only?.author, only?.savedAt, others], ['one', 7, []])
    })
  })

  describe(`${storeName}, asked to save by editors who have seen a version`, () => {
    const empty = () => open(() => 5_000)

    it('saves a replacement of the current version, and returns the version in force', async () => {
      await using store = await empty()
      assert.deepEqual(await store.saveTemplates([{ ...template(), replaces: 0 }], editor), {
        kind: 'saved',
        templates: [{ ...template(), version: 1 }],
      })
      const second = template({ text: 'second {code}' })
      assert.deepEqual(await store.saveTemplates([{ ...second, replaces: 1 }], editor), {
        kind: 'saved',
        templates: [{ ...second, version: 2 }],
      })
      assert.deepEqual((await readPolicy(store)).templates, [{ ...second, version: 2 }])
    })

    for (const [saw, replaces] of [
      ['an older one', 1],
      ['none', 0],
      ['one that does not exist yet', 3],
    ] as const) {
      it(`saves nothing for an editor who has seen ${saw}, and returns the current one`, async () => {
        await using store = await empty()
        await store.saveTemplates([template({ text: 'first' })], editor)
        await store.saveTemplates([template({ text: 'second' })], editor)
        const before = await readPolicy(store)
        const change = { ...template({ text: 'third' }), replaces }
        assert.deepEqual(await store.saveTemplates([change], editor), {
          kind: 'conflict',
          with: [{ change, existing: { ...template({ text: 'second' }), version: 2 } }],
        })
        assert.deepEqual(await readPolicy(store), before)
        assert.equal((await versionsIn(store)).length, 2)
      })
    }

    it('saves nothing for an editor who has seen a template that does not exist', async () => {
      await using store = await empty()
      const change = { ...template(), replaces: 2 }
      assert.deepEqual(await store.saveTemplates([change], editor), {
        kind: 'conflict',
        with: [{ change, existing: undefined }],
      })
      assert.deepEqual(await versionsIn(store), [])
    })

    it('saves all or none, and shows every conflict', async () => {
      await using store = await empty()
      const locales = ['de', 'en', 'es']
      await store.saveTemplates(
        locales.map(locale => template({ locale })),
        editor,
      )
      const changes = locales.map((locale, index) => ({
        ...template({ locale, text: 'x' }),
        replaces: index,
      }))
      const saved = await store.saveTemplates(changes, editor)
      assert.ok(saved.kind === 'conflict')
      assert.deepEqual(
        saved.with.map(({ change, existing }) => [change.locale, existing?.version]),
        [
          ['de', 1],
          ['es', 1],
        ],
      )
      for (const { version } of (await readPolicy(store)).templates) assert.equal(version, 1)
    })

    it('lets exactly one of many editors save who have seen the same version at the same time', async () => {
      await using store = await empty()
      await store.saveTemplates([template()], editor)
      const texts = Array.from({ length: 10 }, (_, index) => `text ${index}`)
      const saved = await Promise.all(
        texts.map(text => store.saveTemplates([{ ...template({ text }), replaces: 1 }], by(text))),
      )
      const winner = saved.findIndex(({ kind }) => kind === 'saved')
      assert.equal(saved.filter(({ kind }) => kind === 'saved').length, 1)
      const [newest, ...others] = await store.readTemplateVersions(name)
      assert.deepEqual([newest?.text, newest?.author, newest?.version], [texts[winner], texts[winner], 2])
      assert.equal(others.length, 1)
    })
  })
}
