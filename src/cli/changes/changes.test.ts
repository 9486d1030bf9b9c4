import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Command } from 'commander'
import { delivery } from '../../../test/contracts/stores.ts'
import { runCommand } from '../../../test/fixtures/commands.ts'
import { NOW, templateText } from '../../../test/fixtures/planning.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import type { Store } from '../../core/records/store.ts'
import { deliveriesCommand } from '../codes/deliveries.ts'
import { limitsCommand } from '../limits/limits.ts'
import { templatesCommand } from '../templates/templates.ts'
import type { Context } from '../terminal/context.ts'
import { changesCommand } from './changes.ts'

const newStore = () => createMemoryStore(() => NOW)
const show = (store: Store, ...args: string[]) => runCommand(changesCommand, store, ['changes', ...args])
const by = (author: string, at = NOW) => ({ author, at })
const rowsOf = (printed: readonly string[]) =>
  (printed[0] ?? '')
    .split('\n')
    .slice(2)
    .map(line => line.split(/ {2,}/))

describe('hookline changes', () => {
  it('says that there are none', async () => {
    assert.deepEqual((await show(newStore())).printed, ['No changes.'])
    assert.deepEqual((await show(newStore(), '--json')).printed, [])
  })

  it('shows who changed what, newest first: the words of a template, the senders of a route, a limit, a mode', async () => {
    const store = newStore()
    const text = 'Your code is {code}. Do not share it with anyone, whoever asks for it.'
    await store.saveTemplates([templateText({ text })], by('ana'))
    await store.saveTemplates([templateText({ text: text.replace('code is', 'code:') })], by('ben'))
    const route = { country: 'GB', channel: 'sms' } as const
    await store.saveRoutes(
      [{ ...route, candidates: [{ identity: 'Acme', maxPricePerPart: 0.05 }] }],
      by('cid'),
    )
    await store.saveRoutes(
      [{ ...route, candidates: [{ identity: 'pool-1' }, { identity: 'Acme' }] }],
      by('cid'),
    )
    await runCommand(limitsCommand, store, [
      'limits',
      'set',
      '--scope',
      'user',
      '--window',
      '600',
      '--max',
      '7',
    ])
    await runCommand(limitsCommand, store, [
      'limits',
      'observe',
      '--author',
      'dee',
      '--because',
      'a load test',
    ])
    assert.deepEqual(rowsOf((await show(store)).printed), [
      ['2026-03-01 12:00:00', 'dee', 'limits', 'mode: enforce -> observe', 'a load test'],
      ['2026-03-01 12:00:00', 'editor', 'limits', 'user/600: 5 -> 7'],
      ['2026-03-01 12:00:00', 'cid', 'routes', 'GB/sms: Acme (maxPricePerPart 0.05) -> pool-1, then Acme'],
      ['2026-03-01 12:00:00', 'cid', 'routes', 'GB/sms: none -> Acme (maxPricePerPart 0.05)'],
      [
        '2026-03-01 12:00:00',
        'ben',
        'templates',
        'sms/en/any: version 1 -> 2, Your code[+:+] [-is -]{code}. Do n…',
      ],
      ['2026-03-01 12:00:00', 'ana', 'templates', 'sms/en/any: added, version 1'],
    ])
  })

  it('shows a look-up of a person by its digest, never by what was typed', async () => {
    const store = newStore()
    await store.settle(delivery({ openedAt: NOW }))
    for (const search of [
      ['--user', 'Ana.Person@example.com'],
      ['--phone', '+34683783440'],
      ['--event', 'event-1'],
      [],
    ])
      await runCommand(deliveriesCommand, store, ['deliveries', ...search], {
        author: () => 'help desk',
        digests: async text => [`d${text.length}-${'0'.repeat(40)}`],
      })
    const { printed } = await show(store, '--what', 'lookups')
    assert.deepEqual(
      rowsOf(printed).map(([, ...rest]) => rest),
      [
        ['help desk', 'lookups', 'event d7-00000…'],
        ['help desk', 'lookups', 'number d12-0000…'],
        ['help desk', 'lookups', 'user d22-0000…, d22-0000…'],
      ],
    )
    const json = (await show(store, '--json')).printed.join('\n')
    assert.doesNotMatch(json, /person|683783440|event-1/i)
  })

  it('shows a person to someone who may only read the store, and says that it is not logged', async () => {
    const store = newStore()
    await store.settle(delivery({ openedAt: NOW }))
    const said: string[] = []
    const readOnly = {
      ...store,
      logEvent: async () => Promise.reject(new Error('store: AccessDeniedException')),
    }
    const { printed } = await runCommand(deliveriesCommand, readOnly, ['deliveries', '--event', 'event-1'], {
      progress: text => void said.push(text),
    })
    assert.match(printed[0] ?? '', /SENDING/)
    assert.deepEqual(said, ['This look-up is not in the log of changes: store: AccessDeniedException'])
  })

  it('names the first five of many parts', async () => {
    const store = newStore()
    const locales = ['de', 'en', 'es', 'fr', 'it', 'ja', 'nl']
    await store.saveTemplates(
      locales.map(locale => templateText({ locale })),
      by('ana'),
    )
    const rows = rowsOf((await show(store)).printed)
    assert.equal(rows.length, 6)
    assert.deepEqual(rows.at(-1), ['', 'and 2 more'])
  })

  it('prints complete values as JSON, and pages on from a position', async () => {
    const store = newStore()
    for (const author of ['ana', 'ben', 'cid']) await store.saveTemplates([templateText()], by(author))
    const [first = '', second = '', ...others] = (await show(store, '--json', '--limit', '2')).printed
    assert.deepEqual(others, [])
    assert.deepEqual([JSON.parse(first).author, JSON.parse(second).author], ['cid', 'ben'])
    assert.equal(JSON.parse(first).differences[0].after.text, templateText().text)
    const last = await show(store, '--json', '--before', JSON.parse(second).position)
    assert.deepEqual(
      last.printed.map(line => JSON.parse(line).author),
      ['ana'],
    )
  })

  it('shows those since a time, or for so long', async () => {
    const store = newStore()
    for (const hours of [48, 3, 1])
      await store.saveTemplates([templateText()], by(`${hours} h ago`, NOW - hours * 3_600_000))
    for (const [since, count] of [
      ['90m', 1],
      ['24h', 2],
      ['7d', 3],
      ['2026-03-01T10:30:00Z', 1],
      ['2026-03-01', 2],
    ] as const)
      assert.equal((await show(store, '--since', since, '--json')).printed.length, count, since)
  })

  for (const since of ['yesterday', '', '5y', '2026-99-99', '7'])
    it(`refuses --since ${JSON.stringify(since)}`, async () => {
      const { problem } = await show(newStore(), '--since', since)
      assert.match(problem?.message ?? '', /^--since is ".*"; expected 30m, 24h or 7d, or a time such as/)
    })

  for (const before of ['', 'x', '-1', '1.5', '1e3', ' ', '|', 'a\nb|c', "'; --"])
    it(`refuses --before ${JSON.stringify(before)}, which no entry has`, async () => {
      const { problem } = await show(newStore(), '--before', before)
      assert.equal(
        problem?.message,
        `--before is "${before}"; expected the position of an entry that --json printed.`,
      )
    })

  it('shows what people wrote on one line, without control characters', async () => {
    const store = newStore()
    await store.logEvent(
      { what: 'optouts', differences: [{ name: 'x\u001b[31m', before: { list: 'a\nb', region: '\u202e' } }] },
      { ...by('eve\u0007'), because: 'two\nlines' },
    )
    const { printed } = await show(store)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
    assert.doesNotMatch((printed[0] ?? '').replaceAll('\n', ''), /[\u0000-\u001f\u202e]/)
    assert.equal((printed[0] ?? '').split('\n').length, 3)
  })
})

describe('who changes something, and why', () => {
  const change = (options: readonly string[], context: Partial<Context> = {}) =>
    runCommand(
      limitsCommand as (command: Command, context: Context) => void,
      newStore(),
      ['limits', 'observe', ...options],
      context,
    )

  it('must be known', async () => {
    const { problem } = await change([], { author: () => undefined })
    assert.match(problem?.message ?? '', /reports no user name\. Add --author/)
  })

  for (const [option, text] of [
    ['--author', 'x'.repeat(101)],
    ['--author', 'a\u001b[31m'],
    ['--because', 'x'.repeat(201)],
    ['--because', 'two\nlines'],
  ] as const)
    it(`is refused as ${option} ${JSON.stringify(text.slice(0, 10))}`, async () => {
      const { problem } = await change([option, text])
      assert.match(
        problem?.message ?? '',
        new RegExp(`^${option} is ".*"; expected one line of at most \\d+ characters\\.$`),
      )
    })

  for (const command of ['set', 'rollback'])
    it(`can be given to templates ${command} as well`, async () => {
      const store = newStore()
      await store.saveTemplates([templateText()], by('ana'))
      await store.saveTemplates([templateText({ text: 'Other: {code}' })], by('ana'))
      const args = command === 'set' ? ['--text', 'New: {code}'] : ['--to', '1']
      await runCommand(templatesCommand, store, [
        'templates',
        command,
        'sms/en/any',
        ...args,
        '--because',
        'ticket 7',
      ])
      const [newest] = await store.listChanges({ limit: 1 })
      assert.deepEqual([newest?.author, newest?.because], ['editor', 'ticket 7'])
    })
})
