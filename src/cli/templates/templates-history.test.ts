import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runCommand } from '../../../test/fixtures/commands.ts'
import { NOW, templateText } from '../../../test/fixtures/planning.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import type { TemplateText } from '../../core/message/template.ts'
import type { Store } from '../../core/records/store.ts'
import { templatesCommand } from './templates.ts'

const run = (store: Store, ...args: string[]) => runCommand(templatesCommand, store, ['templates', ...args])

/** The same template, changed again and again, a second apart; the first one from before versions were kept. */
async function storeWith(...changes: readonly Partial<TemplateText>[]): Promise<Store> {
  const store = createMemoryStore(() => NOW)
  for (const [index, change] of changes.entries()) {
    const by = index === 0 ? { author: 'unknown', at: 0 } : { author: 'editor', at: NOW + index * 1_000 }
    await store.saveTemplates([templateText(change)], by)
  }
  return store
}
const three = () =>
  storeWith({ text: 'Your code is {code}' }, { text: 'The code is {code}' }, { text: 'Code:\n{code}' })

describe('hookline templates history', () => {
  it('lists versions with time, author and first words, newest first', async () => {
    const { printed } = await run(await three(), 'history', 'sms/EN/any')
    const [head, , ...rows] = (printed[0] ?? '').split('\n').map(line => line.split(/ {2,}/))
    assert.deepEqual(head, ['version', 'saved (UTC)', 'by', 'voice', 'text'])
    assert.deepEqual(rows, [
      ['3', '2026-03-01 12:00:02', 'editor', 'Code: {code}'],
      ['2', '2026-03-01 12:00:01', 'editor', 'The code is {code}'],
      ['1', 'unknown', 'unknown', 'Your code is {code}'],
    ])
  })

  it('prints all of them as JSON', async () => {
    const { printed } = await run(await three(), 'history', 'sms/en/any', '--json')
    const [newest, ...others] = JSON.parse(printed[0] ?? '')
    assert.deepEqual(newest, {
      ...JSON.parse(JSON.stringify(templateText({ text: 'Code:\n{code}', version: 3 }))),
      author: 'editor',
      savedAt: NOW + 2_000,
    })
    assert.equal(others.length, 2)
  })

  it('lists the existing ones if one does not exist', async () => {
    const store = await three()
    const message = async (name: string) => (await run(store, 'history', name)).problem?.message
    assert.equal(await message('voice/en/any'), 'There is no template "voice/en/any". Available: sms/en/any.')
    assert.equal(await message('sms/es/any'), 'There is no template "sms/es/any". Available: languages en.')
  })
})

describe('hookline templates diff', () => {
  it('compares the current version with the previous one, word by word', async () => {
    const { printed } = await run(await three(), 'diff', 'sms/en/any', '--to', '2')
    assert.deepEqual((printed[0] ?? '').split('\n'), [
      'sms/en/any: from version 1 (by unknown, time unknown) to version 2 (by editor, 2026-03-01 12:00:01 UTC)',
      '',
      '[-Your-][+The+] code is {code}',
    ])
    const latest = await run(await three(), 'diff', 'sms/en/any')
    assert.match(latest.printed[0] ?? '', /from version 2 .* to version 3 /)
  })

  it('compares any two, in either direction', async () => {
    const { printed } = await run(await three(), 'diff', 'sms/en/any', '--from', '2', '--to', '1')
    assert.match(
      printed[0] ?? '',
      /from version 2 .* to version 1 .*\n\n\[-The-\]\[\+Your\+\] code is \{code\}$/,
    )
  })

  it('shows voice and registration if they changed', async () => {
    const store = await storeWith(
      { text: '{code}', voiceId: '', indiaTemplateId: '1107' },
      { text: '{code}', voiceId: 'MATTHEW', indiaTemplateId: undefined },
    )
    const { printed } = await run(store, 'diff', 'sms/en/any')
    assert.deepEqual((printed[0] ?? '').split('\n').slice(2), [
      'The text is the same.',
      '',
      'voice: of the language -> MATTHEW',
      'registration in India: 1107 -> none',
    ])
  })

  for (const [args, says] of [
    [['--to', '1'], /^No version of sms\/en\/any before 1 is kept, so there is nothing to compare\.$/],
    [['--to', '9'], /^--to is 9, but that version is not kept\. Available: 3, 2, 1\.$/],
    [['--from', 'x'], /^--from is "x"; expected a whole number of 1 or more\.$/],
  ] as const) {
    it(`reports the problem of ${args.join(' ')}`, async () => {
      const { problem } = await run(await three(), 'diff', 'sms/en/any', ...args)
      assert.match(problem?.message ?? '', says)
    })
  }
})

describe('hookline templates rollback', () => {
  it('saves the old text as a new version, and can be undone', async () => {
    const store = await three()
    const { printed } = await run(store, 'rollback', 'sms/en/any', '--to', '1', '--author', 'somebody')
    assert.deepEqual(printed, [
      'sms/en/any: version 4 is saved with the text of version 1. It is live within a second.',
    ])
    await run(store, 'rollback', 'sms/en/any', '--to', '3')
    assert.deepEqual(
      (await store.readTemplateVersions(templateText())).map(({ version, text, author }) => [
        version,
        text,
        author,
      ]),
      [
        [5, 'Code:\n{code}', 'editor'],
        [4, 'Your code is {code}', 'somebody'],
        [3, 'Code:\n{code}', 'editor'],
        [2, 'The code is {code}', 'editor'],
        [1, 'Your code is {code}', 'unknown'],
      ],
    )
  })

  it('also restores voice and registration', async () => {
    const store = await storeWith({ voiceId: 'X', indiaTemplateId: '1107' }, { text: 'New {code}' })
    await run(store, 'rollback', 'sms/en/any', '--to', '1')
    const [newest] = await store.readTemplateVersions(templateText())
    assert.deepEqual([newest?.voiceId, newest?.indiaTemplateId], ['X', '1107'])
  })

  for (const [what, to, says] of [
    ['the version in force', '3', undefined],
    ['a version that is not kept', '9', /^--to is 9, but that version is not kept/],
    ['no number', 'first', /^--to is "first"; expected a whole number/],
  ] as const) {
    it(`to ${what} saves nothing, with the reason`, async () => {
      const store = await three()
      const { printed, problem } = await run(store, 'rollback', 'sms/en/any', '--to', to)
      if (says === undefined)
        assert.deepEqual(printed, ['sms/en/any is unchanged, in version 3. Nothing was saved.'])
      else assert.match(problem?.message ?? '', says)
      assert.equal((await store.readTemplateVersions(templateText())).length, 3)
    })
  }

  it('does not restore a version that could not be saved today', async () => {
    const store = await storeWith({ text: 'Hello {name}' }, { text: 'New {code}' })
    const { problem } = await run(store, 'rollback', 'sms/en/any', '--to', '1')
    assert.match(problem?.message ?? '', /\{name\} \(line 1, column 7\) is not a placeholder/)
  })
})
