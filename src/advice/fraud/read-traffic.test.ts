import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readTraffic } from './read-traffic.ts'
import { createReplay, type ReplayDecision } from './replay.ts'

const request = (index: number, changed: object = {}): string =>
  JSON.stringify({
    at: 1_767_600_000_000 + index * 1_000,
    event: 'request',
    id: `r${index}`,
    org: 'acme',
    user: `u${index}`,
    number: `+49151234500${10 + index}`,
    ip: '203.0.113.7',
    purpose: 'pre-enrollment',
    channel: 'sms',
    ...changed,
  })

/** What is decided about the text of a file, which is read in pieces of `pieceBytes`. */
async function decided(text: string, pieceBytes = 64): Promise<readonly (ReplayDecision | string)[]> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const bytes = new TextEncoder().encode(text)
    for (let from = 0; from < bytes.length; from += pieceBytes) yield bytes.slice(from, from + pieceBytes)
  }
  const decide = createReplay()
  const decisions: (ReplayDecision | string)[] = []
  for await (const event of readTraffic(chunks())) {
    const decision = 'problem' in event ? event.problem : decide(event)
    if (decision !== undefined) decisions.push(decision)
  }
  return decisions
}
const idsOf = (decisions: readonly (ReplayDecision | string)[]): readonly string[] =>
  decisions.map(decision => (typeof decision === 'string' ? decision : `${decision.id} ${decision.decision}`))

describe('the reader of traffic', () => {
  const BOTH = ['r0 sent', 'r1 sent']

  it('takes a byte order mark, CRLF, blank lines, and a last line without an end', async () => {
    const [one, two] = [request(0), request(1)]
    for (const text of [`\ufeff${one}\r\n${two}\r\n`, `\n${one}\n \n\r\n\n${two}`, `${one}\n${two}\n\n`])
      assert.deepEqual(idsOf(await decided(text)), BOTH)
  })

  it('puts characters together that two chunks share', async () => {
    const text = `${request(0, { user: 'Zoë 你好' })}\n${request(1)}\n`
    assert.deepEqual(idsOf(await decided(text, 1)), BOTH)
  })

  it('has nothing to say about an empty file', async () => {
    for (const text of ['', '\n', '\ufeff']) assert.deepEqual(await decided(text), [])
  })

  it('gives a line up that is too long before it has read it all', async () => {
    let chunksRead = 0
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        chunksRead += 1
        yield new TextEncoder().encode('x'.repeat(4_000))
      }
    }
    const events: unknown[] = []
    for await (const event of readTraffic(endless())) events.push(event)
    assert.deepEqual(events, [{ problem: 'line 1: it has more than 10000 characters' }])
    assert.equal(chunksRead, 3)
  })

  it('names the line, blank ones counted, and reads no further', async () => {
    const text = `\n${request(0)}\n\n${request(1, { event: 'opened' })}\n${request(2)}\n`
    assert.deepEqual(idsOf(await decided(text)), [
      'r0 sent',
      'line 4: "event" is "opened"; allowed are request, answered, delivered, undeliverable',
    ])
  })

  it('takes two events of the same time, and refuses one that goes back', async () => {
    const text = `${request(1)}\n${request(0, { at: JSON.parse(request(1)).at })}\n${request(2, { at: 5 })}`
    assert.deepEqual(idsOf(await decided(text)), [
      'r1 sent',
      'r0 sent',
      'line 3: "at" is 5, before that of an earlier line (1767600001000). Sort the lines by "at"',
    ])
  })

  it('reads a number without its plus, or with separators, as the same number', async () => {
    const numbers = [
      '+4915123450010',
      '4915123450010',
      '+49 (151) 234-500.10',
      '4915123450010',
      '+4915123450010',
    ]
    const text = numbers.map((number, index) => request(index, { number })).join('\n')
    const last = (await decided(text)).at(-1)
    assert.deepEqual(last, {
      id: 'r4',
      decision: 'held',
      reason: 'NUMBER_UNPROVEN',
      hold: { reason: 'NUMBER_UNPROVEN', codes: 4, answers: 0, since: 1_767_600_000_000 },
    })
  })

  it('holds what is no phone number, as the product refuses it', async () => {
    const bad = ['0151 2345', '+0123456789', '+12345', '+1234567890123456', 'anonymous', '٠١٢٣٤٥٦٧٨٩']
    const decisions = await decided(bad.map((number, index) => request(index, { number })).join('\n'))
    for (const decision of decisions)
      assert.equal(
        typeof decision === 'object' && 'reason' in decision && decision.reason,
        'NUMBER_IMPOSSIBLE',
      )
    assert.equal(decisions.length, bad.length)
  })

  it('takes a request whose address is missing or unreadable', async () => {
    const addresses = [undefined, null, '', 'unknown', '999.1.1.1', '2001:db8::1%eth0', '::ffff:203.0.113.9']
    const text = addresses
      .map((ip, index) => request(index, { ip, number: `+33612345${index}10` }))
      .join('\n')
    assert.deepEqual(
      new Set((await decided(text)).map(d => (d as ReplayDecision).decision)),
      new Set(['sent']),
    )
  })

  it('reads null as missing', async () => {
    const missing = { org: null, login: null, ip: null, onlyIf: null }
    assert.deepEqual(await decided(request(0, missing)), await decided(request(0, { org: undefined })))
    assert.deepEqual(idsOf(await decided(request(0, { user: null, login: 'ann' }))), ['r0 sent'])
    assert.deepEqual(idsOf(await decided(request(0, { number: null }))), [
      'line 1: "number" is missing; expected E.164, such as +14155550123',
    ])
  })

  it('ignores events of requests that are unknown, were not sent, or were answered already', async () => {
    const later = { at: 1_767_600_060_000, answeredAt: 1_767_600_060_000 }
    const event = (id: string, name = 'answered'): string => JSON.stringify({ ...later, id, event: name })
    const skipped = request(1, { onlyIf: { id: 'nothing', was: 'sent' } })
    const text = [
      request(0),
      skipped,
      ...['r0', 'r0', 'r1', 'unknown'].map(id => event(id)),
      ...['delivered', 'undeliverable'].flatMap(name => ['r0', 'r1', 'unknown'].map(id => event(id, name))),
    ].join('\n')
    assert.deepEqual(idsOf(await decided(text)), ['r0 sent', 'r1 skipped'])
  })

  it('decides the same about the same file', async () => {
    const text = Array.from({ length: 200 }, (_, index) =>
      request(index % 90, { id: `r${index}`, at: index }),
    ).join('\n')
    assert.deepEqual(await decided(text, 7), await decided(text, 100_000))
  })
})
