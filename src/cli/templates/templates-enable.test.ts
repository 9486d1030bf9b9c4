import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runCommand } from '../../../test/fixtures/commands.ts'
import { NOW, newStoreTexts, templateText } from '../../../test/fixtures/planning.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import { templatesCommand } from './templates.ts'

const enable = async (store: ReturnType<typeof createMemoryStore>, language: string) =>
  (await runCommand(templatesCommand, store, ['templates', 'enable', language])).printed.join('\n')
const seeded = async () => {
  const store = createMemoryStore(() => NOW)
  await store.saveTemplates(newStoreTexts, { author: 'Hookline', at: NOW })
  return store
}

describe('hookline templates enable', () => {
  it('adds the texts and calls of a language that a new store does not have', async () => {
    const store = await seeded()
    assert.equal((await store.readPolicy())?.templates.length, newStoreTexts.length)
    assert.match(
      await enable(store, 'bg'),
      /^Bulgarian is on: 5 templates, .*\nNo native speaker has confirmed/,
    )
    assert.match(await enable(store, 'CY'), /^Welsh is on: 10 templates/)
    const templates = (await store.readPolicy())?.templates ?? []
    assert.equal(templates.length, newStoreTexts.length + 15)
    assert.ok(templates.some(({ channel, locale }) => channel === 'voice' && locale === 'cy'))
  })

  it('keeps what somebody wrote in the language, and says when nothing is missing', async () => {
    const store = await seeded()
    const own = templateText({ locale: 'bg', text: '{code} е мой код.' })
    await store.saveTemplates([own], { author: 'editor', at: 0 })
    assert.match(await enable(store, 'bg'), /^Bulgarian is on: 4 templates/)
    assert.equal(await enable(store, 'bg'), 'Bulgarian is on already. Nothing was saved.')
    assert.equal(await enable(store, 'de'), 'German is on already. Nothing was saved.')
    const stored = (await store.readPolicy())?.templates.find(
      ({ locale, purpose }) => locale === 'bg' && purpose === 'any',
    )
    assert.equal(stored?.text, own.text)
  })

  it('lists what can be switched on where a language is not shipped', async () => {
    const { problem } = await runCommand(templatesCommand, await seeded(), ['templates', 'enable', 'eo'])
    assert.match(problem?.message ?? '', /^No language "eo" is shipped\. Can be switched on: ar, bg, ca,/)
  })
})
