import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { editor, readPolicy, template } from '../../test/contracts/store.ts'
import { stores } from '../../test/contracts/stores.ts'
import { seedTemplates } from './seed-templates.ts'
import { shippedTemplates } from './shipped-templates.ts'

for (const [name, open] of stores) {
  describe(`${name}, seeded`, () => {
    it('has each shipped template once, from Hookline, even if several programs add them at once', async () => {
      await using store = await open(() => 5_000)
      await Promise.all([1, 2, 3].map(() => seedTemplates(store, () => 5_000)))
      const { templates } = await readPolicy(store)
      assert.equal(templates.length, shippedTemplates.length)
      assert.deepEqual(new Set(templates.map(({ version }) => version)), new Set([1]))
      const [first, ...others] = await store.readTemplateVersions(template())
      assert.deepEqual([first?.author, first?.savedAt, others], ['Hookline', 5_000, []])
    })

    it('keeps what an editor saved first', async () => {
      await using store = await open(() => 5_000)
      await store.saveTemplates([template()], editor)
      await seedTemplates(store, () => 5_000)
      assert.deepEqual((await readPolicy(store)).templates, [{ ...template(), version: 1 }])
    })
  })
}
