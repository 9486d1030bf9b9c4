import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { runCommand } from '../../../test/fixtures/commands.ts'
import { allShippedTexts, NOW, templateText } from '../../../test/fixtures/planning.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import type { NewTemplate } from '../../core/policy/policy-store.ts'
import type { Store } from '../../core/records/store.ts'
import type { Context } from '../terminal/context.ts'
import { templatesCommand } from './templates.ts'

const run = (store: Store, ...args: string[]) => runCommand(templatesCommand, store, ['templates', ...args])

async function storeWith(...templates: readonly NewTemplate[]): Promise<Store> {
  const store = createMemoryStore(() => NOW)
  await store.saveTemplates(templates, { author: 'Hookline', at: 0 })
  return store
}

/** Files of one test. */
function files() {
  const folder = temporaryFolder()
  const path = join(folder.path, 'templates.json')
  return {
    path,
    write: (content: unknown) => writeFileSync(path, JSON.stringify(content)),
    read: () => JSON.parse(readFileSync(path, 'utf8')),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  }
}
const texts = async (store: Store) =>
  Object.fromEntries(((await store.readPolicy())?.templates ?? []).map(t => [t.locale, [t.version, t.text]]))
const de = templateText({ locale: 'de', text: 'Code: {code}' })
const es = templateText({ locale: 'es', text: 'Codigo: {code}' })
const fr = templateText({ locale: 'fr', text: 'Code : {code}' })

describe('hookline templates export', () => {
  it('prints what import accepts unchanged, without saving a version', async () => {
    using file = files()
    const store = await storeWith(...allShippedTexts)
    const { printed } = await run(store, 'export')
    writeFileSync(file.path, printed[0] ?? '')
    const before = await store.readPolicy()
    const { printed: again } = await run(store, 'import', file.path)
    assert.deepEqual(again, [
      `Everything in ${file.path} is already stored: ${allShippedTexts.length} templates. Nothing was saved.`,
    ])
    assert.deepEqual(await store.readPolicy(), before)
  })

  it('writes the same to a file, in the order of names, with versions', async () => {
    using file = files()
    const store = await storeWith(fr, de, { ...es, indiaTemplateId: '1107' })
    await store.saveTemplates([{ ...de, text: 'Kode: {code}' }], { author: 'editor', at: 1 })
    const { printed } = await run(store, 'export', '--file', file.path)
    assert.deepEqual(printed, [`3 templates written to ${file.path}.`])
    assert.deepEqual(
      file
        .read()
        .map(({ locale, version, indiaTemplateId }: typeof de) => [locale, version, indiaTemplateId]),
      [
        ['de', 2, undefined],
        ['es', 1, '1107'],
        ['fr', 1, undefined],
      ],
    )
  })

  it('copies a whole store', async () => {
    using file = files()
    await run(await storeWith(...allShippedTexts), 'export', '--file', file.path)
    const elsewhere = createMemoryStore(() => NOW)
    const { problem } = await run(elsewhere, 'import', file.path)
    assert.match(problem?.message ?? '', /you saw version 1, but there is no version/)
    await run(elsewhere, 'import', file.path, '--force')
    const key = (template: NewTemplate) => JSON.stringify(Object.entries(template).toSorted())
    assert.deepEqual(
      (await elsewhere.readPolicy())?.templates.map(key).toSorted(),
      allShippedTexts.map(key).toSorted(),
    )
  })

  it('reports a file that cannot be written', async () => {
    const { problem } = await run(await storeWith(de), 'export', '--file', '/nowhere/templates.json')
    assert.match(problem?.message ?? '', /^\/nowhere\/templates\.json cannot be written: ENOENT/)
  })
})

describe('hookline templates import of an exported file', () => {
  it('saves what was changed in it, once, with author and time', async () => {
    using file = files()
    const store = await storeWith(de, es, fr)
    await run(store, 'export', '--file', file.path)
    file.write(file.read().map((t: typeof de) => (t.locale === 'es' ? { ...t, text: 'Es {code}' } : t)))
    const { printed } = await run(store, 'import', file.path, '--author', 'somebody')
    assert.deepEqual((printed[0] ?? '').split('\n\n'), [
      'Imported:\n  sms/es/any',
      'Changed:\n  sms/es/any: replaces version 1',
      'Already stored, and unchanged: 2.',
    ])
    assert.deepEqual(await texts(store), { de: [1, de.text], es: [2, 'Es {code}'], fr: [1, fr.text] })
    const [newest] = await store.readTemplateVersions(es)
    assert.deepEqual([newest?.author, newest?.savedAt], ['somebody', NOW])
  })

  it('shows every conflict and saves nothing, unless it is forced', async () => {
    using file = files()
    const store = await storeWith(de, es, fr)
    await run(store, 'export', '--file', file.path)
    file.write(file.read().map((t: typeof de) => ({ ...t, text: `Mine ${t.text}` })))
    const others = [de, es].map(t => ({ ...t, text: `Theirs ${t.text}` }))
    await store.saveTemplates(others, { author: 'another', at: 1 })
    const before = await texts(store)
    const { problem, printed } = await run(store, 'import', file.path)
    assert.deepEqual(problem?.message.split('\n'), [
      'Nothing was saved, because it would replace text that you have not seen.',
      '  sms/de/any: you saw version 1, but the current version is 2: Theirs Code: {code}',
      '  sms/es/any: you saw version 1, but the current version is 2: Theirs Codigo: {code}',
      'Make your changes in a new `hookline templates export`, or import all of this file with --force.',
    ])
    assert.deepEqual([printed, await texts(store)], [[], before])

    await run(store, 'import', file.path, '--force')
    assert.deepEqual(await texts(store), {
      de: [3, 'Mine Code: {code}'],
      es: [3, 'Mine Codigo: {code}'],
      fr: [2, 'Mine Code : {code}'],
    })
  })

  it('is not a conflict if both are equal', async () => {
    using file = files()
    const store = await storeWith(de)
    await store.saveTemplates([es], { author: 'another', at: 1 })
    file.write([
      { ...de, version: 7 },
      { ...es, version: 0 },
    ])
    const { printed } = await run(store, 'import', file.path)
    assert.match(printed[0] ?? '', /^Everything in .* is already stored: 2 templates\./)
  })

  for (const version of ['2', -1, 1.5, null]) {
    it(`refuses the version ${JSON.stringify(version)}`, async () => {
      using file = files()
      file.write([{ ...de, text: 'New {code}', version }])
      const { problem } = await run(await storeWith(de), 'import', file.path)
      assert.match(problem?.message ?? '', /, item 1: version is .*; expected the number of the version/)
    })
  }
})

describe('hookline templates import of a file without versions', () => {
  const plain = { channel: 'sms', locale: 'de', text: 'Neu: {code}' }

  it('replaces existing templates, and reports their versions', async () => {
    using file = files()
    file.write([plain])
    const store = await storeWith(de)
    const { printed } = await run(store, 'import', file.path)
    assert.match(printed[0] ?? '', /sms\/de\/any: replaces version 1/)
    assert.deepEqual(await texts(store), { de: [2, 'Neu: {code}'] })
  })

  it('replaces nothing that was saved between its reading and saving', async () => {
    using file = files()
    file.write([plain])
    const store = await storeWith(de)
    const overtaken: Store = {
      ...store,
      saveTemplates: async (changes, by) => {
        await store.saveTemplates([{ ...de, text: 'Faster {code}' }], { author: 'faster', at: 1 })
        return store.saveTemplates(changes, by)
      },
    }
    const { problem } = await run(overtaken, 'import', file.path)
    assert.match(problem?.message ?? '', /you saw version 1, but the current version is 2: Faster/)
  })

  it('lists every error, and saves nothing', async () => {
    using file = files()
    file.write([plain, { ...plain, locale: 'es', text: 'Hola' }, { ...plain, locale: 'fr', text: '{code' }])
    const store = await storeWith(de)
    const { problem } = await run(store, 'import', file.path)
    assert.match(
      problem?.message ?? '',
      /sms\/es\/any cannot be imported.*does not have the code.*\nsms\/fr\/any cannot/s,
    )
    assert.deepEqual(await texts(store), { de: [1, de.text] })
  })
})

describe("the guidance's live table", () => {
  const item = (messagetype: string, message: string) => ({
    id: { S: '1' },
    messagetype: { S: messagetype },
    language: { S: 'en' },
    message: { S: message },
    ...(messagetype === 'sms' ? {} : { voiceid: { S: 'Matthew' } }),
  })
  const importTable = async (scanTable: Context['scanTable']) => {
    const store = createMemoryStore(() => NOW)
    const ran = await runCommand(
      templatesCommand,
      store,
      ['templates', 'import', '--guidance-table', 'theirs'],
      {
        scanTable,
      },
    )
    return { ...ran, templates: (await store.readPolicy())?.templates ?? [] }
  }

  it('is accepted unchanged, for every purpose', async () => {
    const asked: string[] = []
    const { problem, printed, templates } = await importTable(async table => {
      asked.push(table)
      return [item('sms', 'Your code is @otp'), item('voice call', '<speak>@otp, @otp2</speak>')]
    })
    assert.deepEqual([problem, asked], [undefined, ['theirs']])
    assert.equal(templates.length, 10)
    assert.ok(
      templates.some(({ purpose, text }) => purpose === 'password-reset' && text === 'Your code is {code}'),
    )
    assert.match(printed.join('\n'), /sms\/en\/any and each purpose/)
  })

  it('that cannot be read is reported with what to check, and nothing is saved', async () => {
    const { problem, templates } = await importTable(async () => {
      throw Object.assign(new Error('Requested resource not found'), { name: 'ResourceNotFoundException' })
    })
    assert.match(
      problem?.message ?? '',
      /^The table theirs cannot be read: ResourceNotFoundException.*\nNothing was imported/,
    )
    assert.deepEqual(templates, [])
  })

  it('or a file is required', async () => {
    const store = createMemoryStore(() => NOW)
    for (const more of [[], ['x.json', '--guidance-table', 'theirs']]) {
      const { problem } = await runCommand(templatesCommand, store, ['templates', 'import', ...more])
      assert.match(problem?.message ?? '', /either a file or --guidance-table/)
    }
  })
})
