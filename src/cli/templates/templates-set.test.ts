import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { runCommand } from '../../../test/fixtures/commands.ts'
import { NOW, templateText } from '../../../test/fixtures/planning.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import type { NewTemplate } from '../../core/policy/policy-store.ts'
import type { Store } from '../../core/records/store.ts'
import type { Context } from '../terminal/context.ts'
import { templatesCommand } from './templates.ts'

const run = (store: Store, args: readonly string[], changed: Partial<Context> = {}) =>
  runCommand(templatesCommand, store, ['templates', ...args], changed)
const storeWith = async (...templates: readonly NewTemplate[]): Promise<Store> => {
  const store = createMemoryStore(() => NOW)
  if (templates.length > 0) await store.saveTemplates(templates, { author: 'Hookline', at: 0 })
  return store
}
const versions = async (store: Store, name = 'sms/en/any') => {
  const [channel, locale = '', purpose] = name.split('/') as ['sms' | 'voice', string, 'any']
  return store.readTemplateVersions({ channel, locale, purpose })
}
const call = templateText({ channel: 'voice', text: '<speak>{code}, {code}</speak>', voiceId: 'JOANNA' })

describe('hookline templates set', () => {
  it('saves a new text as the next version, with author and time', async () => {
    const store = await storeWith(templateText())
    const { printed } = await run(store, ['set', 'sms/en/any', '--text', 'New: {code}'])
    assert.deepEqual(printed, ['sms/en/any: version 2 is saved. It is live within a second.'])
    const [newest] = await versions(store)
    assert.deepEqual(newest, {
      ...templateText({ text: 'New: {code}', version: 2 }),
      author: 'editor',
      savedAt: NOW,
    })
  })

  it('sets the short form, keeps it with the same text, and drops it with a new one', async () => {
    const store = await storeWith(templateText({ text: 'Full: {code}', short: '{code}' }))
    const set = (...args: readonly string[]) => run(store, ['set', 'sms/en/any', ...args])
    await set('--short', 'Short: {code}')
    await set('--text', 'New: {code}')
    await set('--text', 'New: {code}', '--short', '{code}')
    await set('--short', 'none')
    assert.deepEqual(
      (await versions(store)).map(({ text, short }) => [text, short]),
      [
        ['New: {code}', undefined],
        ['New: {code}', '{code}'],
        ['New: {code}', undefined],
        ['Full: {code}', 'Short: {code}'],
        ['Full: {code}', '{code}'],
      ],
    )
  })

  it('says that the short form of the earlier text is dropped, unless the command does', async () => {
    const store = await storeWith(templateText({ text: 'Full: {code}', short: '{code}' }))
    const set = async (...args: readonly string[]) =>
      (await run(store, ['set', 'sms/en/any', ...args])).printed.join()
    assert.match(
      await set('--text', 'New: {code}'),
      /^sms\/en\/any: version 2 is saved, without the short form of version 1, which belongs to its text \(--short sets a new one\)\./,
    )
    assert.match(await set('--text', 'Newer: {code}'), /version 3 is saved\. It is live/)
    assert.match(await set('--short', '{code}'), /version 4 is saved\. It is live/)
    assert.match(await set('--short', 'none'), /version 5 is saved\. It is live/)
  })

  it('warns of what phones and operators do with the text', async () => {
    const { printed } = await run(await storeWith(), [
      'set',
      'sms/zh-CN/any',
      '--text',
      '验证码：{code}【示例公司】',
    ])
    assert.match(printed.join(), /Android does not find the code .*: it has "：" before it and "【" after it/)
    assert.match(printed.join(), /signature in 【】 is not at the beginning/)
  })

  it('adds a missing template, with its language in any spelling', async () => {
    const store = await storeWith()
    const { printed } = await run(store, [
      'set',
      'sms/PT_br/any',
      '--text',
      '{code}',
      '--author',
      ' somebody ',
    ])
    assert.match(printed[0] ?? '', /^sms\/pt-BR\/any: version 1 is saved/)
    assert.equal((await versions(store, 'sms/pt-BR/any'))[0]?.author, 'somebody')
  })

  it('reads the text from a file, without the line end', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'words.txt')
    writeFileSync(file, 'Two lines\n{code}\n')
    const store = await storeWith()
    await run(store, ['set', 'sms/en/any', '--file', file])
    assert.equal((await versions(store))[0]?.text, 'Two lines\n{code}')
  })

  it('changes only the voice, and back to that of the language', async () => {
    const store = await storeWith(call)
    await run(store, ['set', 'voice/en/any', '--voice', 'matthew'])
    await run(store, ['set', 'voice/en/any', '--voice', 'default'])
    assert.deepEqual(
      (await versions(store, 'voice/en/any')).map(({ voiceId, text }) => [voiceId, text]),
      [
        ['', call.text],
        ['MATTHEW', call.text],
        ['JOANNA', call.text],
      ],
    )
  })

  it('prints warnings', async () => {
    const { printed } = await run(await storeWith(), [
      'set',
      'sms/en/any',
      '--text',
      `{code} ${'long '.repeat(40)}`,
    ])
    assert.match(printed[0] ?? '', /\n\nWorth checking:\n {2}sms\/en\/any: It takes 2 message parts/)
  })

  it('saves nothing that exists already', async () => {
    const store = await storeWith(templateText())
    const { printed } = await run(store, ['set', 'sms/en/any', '--text', templateText().text])
    assert.deepEqual(printed, ['sms/en/any is unchanged, in version 1. Nothing was saved.'])
    assert.equal((await versions(store)).length, 1)
  })

  it('replaces nothing that its editor did not see, and shows that text', async () => {
    const store = await storeWith(templateText())
    await run(store, ['set', 'sms/en/any', '--text', 'By another: {code}'])
    const { problem } = await run(store, ['set', 'sms/en/any', '--text', 'Mine: {code}', '--replaces', '1'])
    assert.equal(
      problem?.message,
      [
        'Nothing was saved, because it would replace text that you have not seen.',
        '  sms/en/any: you saw version 1, but the current version is 2: By another: {code}',
        'See what changed with `hookline templates history`, then try again.',
      ].join('\n'),
    )
    assert.equal((await versions(store))[0]?.text, 'By another: {code}')
    const { printed } = await run(store, ['set', 'sms/en/any', '--text', 'Mine: {code}', '--replaces', '2'])
    assert.match(printed[0] ?? '', /version 3 is saved/)
  })

  it('replaces nothing that was saved between its reading and saving', async () => {
    const store = await storeWith(templateText())
    const overtaken: Store = {
      ...store,
      saveTemplates: async (changes, by) => {
        await store.saveTemplates([templateText({ text: 'Faster: {code}' })], { author: 'faster', at: NOW })
        return store.saveTemplates(changes, by)
      },
    }
    const { problem } = await run(overtaken, ['set', 'sms/en/any', '--text', 'Mine: {code}'])
    assert.match(problem?.message ?? '', /you saw version 1, but the current version is 2: Faster/)
    assert.equal((await versions(store))[0]?.text, 'Faster: {code}')
  })

  it('requires a choice to keep or drop a registration in India', async () => {
    const store = await storeWith(templateText({ indiaTemplateId: '1107' }))
    const set = (...args: string[]) => run(store, ['set', 'sms/en/any', '--text', 'New: {code}', ...args])
    assert.match((await set()).problem?.message ?? '', /^The current text is registered in India as 1107\./)
    await set('--india-template', '1108')
    await set('--india-template', 'none')
    assert.deepEqual(
      (await versions(store)).map(({ indiaTemplateId }) => indiaTemplateId),
      [undefined, '1108', '1107'],
    )
  })

  for (const [what, args, says] of [
    [
      'no code',
      ['sms/en/any', '--text', 'Hello'],
      /^sms\/en\/any cannot be saved. Nothing was saved:\n {2}It does not have the code/,
    ],
    [
      'a fault, with its place',
      ['sms/en/any', '--text', 'The {cod} {code}'],
      /\{cod\} \(line 1, column 5\) is not a placeholder/,
    ],
    ['broken SSML', ['voice/en/any', '--text', '<speak>{code}</p></speak>'], /Its SSML is invalid at line 1/],
    ['a voice of another language', ['voice/en/any', '--voice', 'VICKI'], /VICKI speaks de/],
    [
      'a voice for a text',
      ['sms/en/any', '--voice', 'VICKI'],
      /^--voice is for calls, but sms\/en\/any is a text\.$/,
    ],
    ['a registration of a call', ['voice/en/any', '--india-template', '1'], /^--india-template is for texts/],
    ['nothing to change', ['sms/en/any'], /^Nothing to change: give the new text with --text or --file\.$/],
    ['a new one without words', ['voice/es/any', '--voice', 'MIA'], /^voice\/es\/any is new: give its text/],
    ['text and file', ['sms/en/any', '--text', '{code}', '--file', 'x'], /cannot be used with option/],
    ['a file that is not there', ['sms/en/any', '--file', '/nowhere/x'], /\/nowhere\/x cannot be read/],
    [
      'another channel',
      ['mail/en/any', '--text', '{code}'],
      /"mail" is not sms or voice\. Expected channel\/locale\/purpose/,
    ],
    ['no language', ['sms/English/any', '--text', '{code}'], /"English" is not a language tag/],
    ['another purpose', ['sms/en/login', '--text', '{code}'], /the purpose is one of any, pre-enrollment/],
    ['half a name', ['sms', '--text', '{code}'], /"sms" is not the name of a template/],
    ['more than a name', ['sms/en/any/1', '--text', '{code}'], /is not the name of a template/],
    [
      'a version that is none',
      ['sms/en/any', '--text', 'x {code}', '--replaces', '-1'],
      /^--replaces is "-1"; expected a whole number of 0 or more\.$/,
    ],
    [
      'an author of two lines',
      ['sms/en/any', '--text', 'x {code}', '--author', 'a\nb'],
      /^--author is "a\\nb"; expected one line/,
    ],
  ] as const) {
    it(`refuses ${what}, and changes nothing`, async () => {
      const store = await storeWith(templateText(), call)
      const { problem, printed } = await run(store, ['set', ...args])
      assert.match(problem?.message ?? '', says)
      assert.deepEqual(printed, [])
      assert.deepEqual(
        [(await versions(store)).length, (await versions(store, 'voice/en/any')).length],
        [1, 1],
      )
    })
  }

  it('requires an author if the operating system has no user name', async () => {
    const set = ['set', 'sms/en/any', '--text', '{code}']
    const { problem } = await run(await storeWith(), set, { author: () => undefined })
    assert.match(problem?.message ?? '', /Add --author <who>/)
  })
})
