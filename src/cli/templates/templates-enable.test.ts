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
      /^Bulgarian is enabled: 5 templates, .*\nNo native speaker has confirmed/,
    )
    assert.match(await enable(store, 'CY'), /^Welsh is enabled: 10 templates/)
    const templates = (await store.readPolicy())?.templates ?? []
    assert.equal(templates.length, newStoreTexts.length + 15)
    assert.ok(templates.some(({ channel, locale }) => channel === 'voice' && locale === 'cy'))
  })

  it('takes a language as users have it: its region, its old tag, another tag that is served by it', async () => {
    const store = await seeded()
    for (const [text, language] of [
      ['sr-RS', 'Serbian (Latin)'],
      ['iw_IL', 'Hebrew'],
      ['tl', 'Filipino'],
    ] as const)
      assert.ok((await enable(store, text)).startsWith(`${language} is enabled`), text)
    for (const text of ['yue-HK', 'zh-yue'])
      assert.match(await enable(store, text), /^Chinese \(Hong Kong\) is already enabled/)
  })

  it('keeps existing templates of the language, and reports that none is missing', async () => {
    const store = await seeded()
    const own = templateText({ locale: 'bg', text: '{code} е мой код.' })
    await store.saveTemplates([own], { author: 'editor', at: 0 })
    assert.match(await enable(store, 'bg'), /^Bulgarian is enabled: 4 templates/)
    assert.equal(await enable(store, 'bg'), 'Bulgarian is already enabled. Nothing was saved.')
    assert.equal(await enable(store, 'de'), 'German is already enabled. Nothing was saved.')
    const stored = (await store.readPolicy())?.templates.find(
      ({ locale, purpose }) => locale === 'bg' && purpose === 'any',
    )
    assert.equal(stored?.text, own.text)
  })

  it('lists the languages that can be enabled if one is not shipped, and suggests one by its name', async () => {
    const problemOf = async (language: string) =>
      (await runCommand(templatesCommand, await seeded(), ['templates', 'enable', language])).problem?.message
    assert.match(
      (await problemOf('eo')) ?? '',
      /^No language "eo" is shipped\. You can enable: ar, bg, ca, .*, sr-Latn\.$/,
    )
    for (const [text, suggested] of [
      ['serbian', 'sr-Latn'],
      ['hrvatski', 'hr'],
      ['slovack', 'sk'],
    ] as const)
      assert.match((await problemOf(text)) ?? '', new RegExp(`Did you mean ${suggested} \\(`))
  })
})
