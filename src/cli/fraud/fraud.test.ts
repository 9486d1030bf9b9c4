import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { runCommand } from '../../../test/fixtures/commands.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import { fraudCommand } from './fraud.ts'

const START = Date.UTC(2026, 0, 5)
const request = (index: number, changed: object = {}) => ({
  at: START + index * 60_000,
  event: 'request',
  id: `r${index}`,
  org: 'acme',
  user: `u${index}`,
  login: `u${index}@example.org`,
  number: `+49151234500${10 + index}`,
  ip: '203.0.113.7',
  purpose: 'pre-enrollment',
  channel: 'sms',
  ...changed,
})
const answered = (index: number) => ({
  at: START + index * 60_000 + 30_000,
  event: 'answered',
  id: `r${index}`,
  answeredAt: START + index * 60_000 + 20_000,
})

/** Runs `fraud replay` over these lines. */
async function replay(lines: readonly (object | string)[], ...options: string[]) {
  using folder = temporaryFolder()
  const file = join(folder.path, 'traffic.jsonl')
  writeFileSync(
    file,
    lines.map(line => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
  )
  const args = options.map(option => (option.startsWith('{') ? join(folder.path, 'rules.json') : option))
  const rules = options.find(option => option.startsWith('{'))
  if (rules !== undefined) writeFileSync(join(folder.path, 'rules.json'), rules)
  const { printed, problem, exitCode } = await runCommand(
    fraudCommand,
    createMemoryStore(() => START),
    [...['fraud', 'replay', file], ...args],
  )
  const text = printed.join('\n')
  return { text, exitCode, problem: problem?.message.replaceAll(`${folder.path}/`, '') }
}
const seven = [request(0), answered(0), ...[1, 2, 3, 4, 5, 6, 7].map(index => request(index))]

describe('hookline fraud replay', () => {
  it('prints one line of JSON for each request, in order', async () => {
    const { text } = await replay([...seven, request(8, { onlyIf: { id: 'r1', was: 'held' } })], '--json')
    const lines = text.split('\n').map(line => JSON.parse(line))
    assert.deepEqual(
      lines.map(({ id, decision }) => [id, decision]),
      [
        ...[0, 1, 2, 3, 4, 5].map(index => [`r${index}`, 'sent']),
        ['r6', 'held'],
        ['r7', 'held'],
        ['r8', 'skipped'],
      ],
    )
    assert.deepEqual(lines[7], { id: 'r7', decision: 'held', reason: 'FRAUD_BLOCK', group: 'p4:491512345' })
    assert.deepEqual(Object.keys(lines[0]), ['id', 'decision'])
  })

  it('names no group where the record of the number itself holds it', async () => {
    const same = [0, 1, 2, 3, 4].map(index => request(index, { number: '+4915123450010', user: 'one' }))
    const { text } = await replay(same, '--json')
    const last = JSON.parse(text.split('\n')[4] ?? '')
    assert.deepEqual(last, { id: 'r4', decision: 'held', reason: 'NUMBER_UNPROVEN' })
  })

  it('summarizes for people', async () => {
    const { text } = await replay(seven)
    assert.equal(
      text,
      [
        '8 requests: 6 sent, 2 held.',
        '',
        'reason       held  groups',
        '───────────  ────  ────────────',
        'FRAUD_BLOCK  2     p4:491512345',
      ].join('\n'),
    )
  })

  it('takes other constants, and keeps those that the file leaves out', async () => {
    const { text } = await replay(seven, '--json', '--rules', '{"credit":{"p4":2}}')
    const held = text.split('\n').filter(line => line.includes('"held"'))
    assert.equal(held.length, 5)
  })

  it('holds new numbers when a daily budget is spent, and says when half and all of it was', async () => {
    const budgets = '{"eachCountry":{"messages":4},"total":{"dollars":9},"prices":{"default":{"sms":0.5}}}'
    const { text } = await replay(seven, '--budgets', budgets)
    assert.match(text, /^8 requests: 4 sent, 4 held\.$/m)
    assert.match(text, /^The budget of DE is half spent on 2026-01-05: 2 of 4 messages\.$/m)
    assert.match(text, /^The budget of DE is spent on 2026-01-05: 4 of 4 messages\.$/m)
    assert.match(text, /^FRAUD_BUDGET +4 +country:DE$/m)
    const { text: json } = await replay(seven, '--budgets', budgets, '--json')
    assert.deepEqual(JSON.parse(json.split('\n')[1] ?? ''), { id: 'r1', decision: 'sent' })
  })

  const broken: readonly (readonly [string, readonly (object | string)[], readonly string[], RegExp])[] = [
    ['a line that is no JSON', ['{"at":1'], [], /^traffic\.jsonl, line 1: it is not JSON: \{"at":1\.$/],
    ['a line that is no object', ['[]'], [], /line 1: it is not a JSON object/],
    [
      'an unknown event',
      [{ ...request(0), event: 'sent' }],
      [],
      /"event" is "sent"; allowed are request, answered/,
    ],
    ['a number that is no text', [request(0, { number: 49151 })], [], /"number" is 49151; expected E\.164/],
    [
      'two requests with the same ID',
      [request(0), request(1, { id: 'r0' })],
      [],
      /line 2: "id" is "r0", that of an earlier request\. Each request needs its own\.$/,
    ],
    [
      'a line that is too long',
      [request(0), request(1, { user: 'x'.repeat(10_000) })],
      [],
      /line 2: it has more than 10000 characters\.$/,
    ],
    [
      'an unknown purpose',
      [request(0, { purpose: 'login' })],
      [],
      /"purpose" is "login"; allowed are pre-enrollment/,
    ],
    [
      'an unknown channel',
      [request(0, { channel: 'rcs' })],
      [],
      /"channel" is "rcs"; allowed are sms, voice/,
    ],
    [
      'a condition without an outcome',
      [request(0, { onlyIf: { id: 'r1' } })],
      [],
      /"onlyIf" is \{"id":"r1"\}/,
    ],
    [
      'lines that are not in order',
      [request(1), request(0)],
      [],
      /line 2: "at" is \d+, before that of an earlier line/,
    ],
    ['an answer without its time', [{ at: 1, event: 'answered', id: 'r1' }], [], /"answeredAt" is missing/],
    [
      'an unknown constant',
      seven,
      ['--rules', '{"credits":{}}'],
      /rules\.json: credits is unknown; allowed are credit, /,
    ],
    [
      'a negative constant',
      seven,
      ['--rules', '{"credit":{"p4":-1}}'],
      /credit\.p4 is -1; expected a number of at least 0/,
    ],
    [
      'a budget in dollars without prices',
      seven,
      ['--budgets', '{"total":{"dollars":5}}'],
      /rules\.json: a budget in dollars needs "prices", such as /,
    ],
    [
      'a negative budget',
      seven,
      ['--budgets', '{"countries":{"VE":{"messages":-1}}}'],
      /rules\.json: countries\.VE\.messages is -1; expected a number of at least 0/,
    ],
    [
      'an unknown part of a budget',
      seven,
      ['--budgets', '{"each":{}}'],
      /rules\.json: each is unknown; allowed are total, eachCountry, countries, prices/,
    ],
    ['rules that are no JSON', seven, ['--rules', '{'], /rules\.json is not JSON/],
  ]
  for (const [what, lines, options, message] of broken)
    it(`refuses ${what}, and names the place`, async () => {
      const { problem } = await replay(lines, ...options)
      assert.match(problem ?? '', message)
    })

  it('takes a request without org, address or user ID', async () => {
    const { text } = await replay([request(0, { org: undefined, ip: undefined, user: undefined })], '--json')
    assert.equal(text, '{"id":"r0","decision":"sent"}')
  })

  it('prints what was decided before a line that it refuses', async () => {
    const { text, problem } = await replay([request(0), 'no JSON'], '--json')
    assert.equal(text, '{"id":"r0","decision":"sent"}')
    assert.match(problem ?? '', /line 2: it is not JSON: no JSON\.$/)
  })

  it('says that a file cannot be read', async () => {
    const { problem } = await runCommand(
      fraudCommand,
      createMemoryStore(() => START),
      ['fraud', 'replay', '/nothing'],
    )
    assert.match(problem?.message ?? '', /^\/nothing cannot be read: ENOENT/)
  })
})
