import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accepted, delivery } from '../../test/contracts/stores.ts'
import { consoleWith, digestOf, NOON } from '../../test/fixtures/console.ts'
import type { Hold } from '../core/policy/credit/verdict.ts'
import type { Delivery } from '../core/records/delivery.ts'

const BECAUSE = { because: 'HELP-7' }
const WEEK_MS = 7 * 86_400_000

/** The problem below a field, and what the field contains. */
function fieldIn(
  page: string,
  name: string,
): { readonly problem: string | undefined; readonly value: string } {
  const [, problem] = new RegExp(`id="problem-${name}">([^<]*)<`).exec(page) ?? []
  const [, value = ''] = new RegExp(`<input name="${name}"[^>]* value="([^"]*)"`).exec(page) ?? []
  return { problem, value }
}

/** Sends what a page of confirmation asks to send, as a browser does. */
function confirmed(page: string): Readonly<Record<string, string>> {
  const fields = [...page.matchAll(/type="hidden" name="([\w-]+)" value="([^"]*)"/g)]
  return Object.fromEntries(
    fields.map(([, name = '', value = '']) => [
      name,
      value.replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
    ]),
  )
}

const sent = (id: string, changed: Partial<Delivery> = {}): Delivery =>
  delivery({
    ...{ id, openedAt: NOON - 60_000, numberDigest: id, userDigest: id, duplicateKey: id, end: accepted(id) },
    expiresAt: undefined,
    ...changed,
  })

describe('the forms of limits and fraud', () => {
  for (const [kind, whom, expected] of [
    ['number', '+34 683 783 440', { kind: 'number', digest: digestOf('+34683783440'), lastDigits: '40' }],
    [
      'user',
      'Ann@example.com',
      { kind: 'user', digests: ['Ann@example.com', 'ann@example.com'].map(digestOf) },
    ],
    ['prefix', '+58 412 77', { kind: 'prefix', digits: '5841277' }],
    ['network', '203.0.113.7', { kind: 'network', cidr: '203.0.113.0/24' }],
    ['country', 've', { kind: 'country', country: 'VE' }],
  ] as const) {
    it(`allow ${kind}: ${whom}`, async () => {
      const console = consoleWith()
      const { status } = await console.post('/fraud/allow', { kind, whom, for: '12h', ...BECAUSE })
      assert.equal(status, 303)
      assert.deepEqual((await console.store.readPolicy())?.fraud.overrides, [
        {
          ...{ what: 'allow', whom: expected, author: 'casey', because: 'HELP-7' },
          ...{ at: NOON, until: NOON + 12 * 3_600_000 },
        },
      ])
      const [change] = await console.store.listChanges({ limit: 1 })
      assert.deepEqual([change?.what, change?.author, change?.because], ['fraud', 'casey', 'HELP-7'])
    })
  }

  it('tell AWS about one number too, and show what it said', async () => {
    const told: unknown[] = []
    const console = consoleWith({
      numberAtAws: async (number, { what }) => {
        told.push([number.reveal(), what])
        return 'The rule could not be changed in pc-1 at AWS.'
      },
    })
    const fields = { kind: 'number', whom: '+34 683 783 440', for: '1d', ...BECAUSE }
    const { text } = await console.post('/fraud/deny', fields)
    assert.match(text, /Saved, and in force within a second\. The rule could not be changed in pc-1/)
    assert.deepEqual(told, [['+34683783440', 'deny']])
    assert.equal((await console.post('/fraud/allow', { ...fields, kind: 'country', whom: 'ES' })).status, 303)
    assert.equal(told.length, 1)
  })

  it('deny a group only after showing whom that would have locked out', async () => {
    const console = consoleWith()
    await console.store.settle(sent('d1', { country: 'ES' }))
    await console.store.settle(sent('d2', { country: 'ES' }))
    await console.store.settle(sent('d3', { country: 'DE' }))
    const { caller } = delivery()
    await console.store.addAnswer({
      ...{ callers: [caller], userDigests: ['d1'], channel: 'sms', at: NOON - 30_000 },
    })
    const form = { kind: 'country', whom: 'es', for: '7d', ...BECAUSE }
    const { text } = await console.post('/fraud/deny', form)
    assert.match(text, /Confirm the change/)
    assert.match(text, /Denied: numbers in ES, until 2026-12-05 12:00:00/)
    assert.match(text, /it would have refused 2 codes to 2 people, of whom 1 entered one/)
    assert.match(text, /hookline fraud deny &quot;es&quot; --for 7d/)
    assert.deepEqual((await console.store.readPolicy())?.fraud.overrides, [])
    assert.equal((await console.post('/fraud/deny', confirmed(text))).status, 303)
    const [override] = (await console.store.readPolicy())?.fraud.overrides ?? []
    assert.deepEqual([override?.what, override?.until], ['deny', NOON + WEEK_MS])
  })

  it('explain each wrong input below its field, keep what was typed, and change nothing', async () => {
    const console = consoleWith()
    for (const [path, fields, name, problem] of [
      ['allow', { kind: 'country', whom: 'Venezula', for: '7d' }, 'whom', /Did you mean VE \(Venezuela\)/],
      [
        'allow',
        { kind: 'number', whom: '+58 412', for: '7d' },
        'whom',
        /read as numbers that begin with \+58412/,
      ],
      ['deny', { kind: 'network', whom: '203.0.113', for: '7d' }, 'whom', /is not a network/],
      ['deny', { kind: 'dog', whom: 'VE', for: '7d' }, 'whom', /Choose what it is about/],
      ['allow', { kind: 'user', whom: ' ', for: '7d' }, 'whom', /Name somebody/],
      ['allow', { kind: 'country', whom: 'VE', for: 'soon' }, 'for', /Expected minutes, hours or days/],
      ['allow', { kind: 'country', whom: 'VE', for: '400d' }, 'for', /within the next 366 days/],
      ['expect', { country: 'UK', count: '5', for: '7d' }, 'country', /Did you mean GB/],
      ['expect', { country: 'VE', count: '0', for: '7d' }, 'count', /from 1 to 10000/],
      ['expect', { country: 'VE', count: '1e3', for: '7d' }, 'count', /from 1 to 10000/],
      ['limit', { scope: 'number', window: '0', max: '5' }, 'window', /from 1 to 86400/],
      ['limit', { scope: 'number', window: '60', max: '-1' }, 'max', /from 0 to 1000/],
      ['limit', { scope: 'phone', window: '60', max: '1' }, 'scope', /Choose what is counted/],
      ['limits', { mode: 'off' }, 'mode', /Choose whether/],
      ['mode', { mode: 'shiny' }, 'mode', /Choose off, observe or enforce/],
      ['mode', { mode: 'off', org: 'nobody' }, 'org', /No delivery of this org/],
      ['budgets', { plan: '{' }, 'plan', /This is not JSON/],
      ['budgets', { plan: '{"totl":{}}' }, 'plan', /totl is unknown/],
    ] as const) {
      const { status, text } = await console.post(`/fraud/${path}`, { ...fields, ...BECAUSE })
      assert.equal(status, 200, JSON.stringify(fields))
      assert.match(fieldIn(text, name).problem?.replaceAll('&quot;', '"') ?? '', problem)
      assert.match(
        text,
        new RegExp(`name="${name}"[^>]* aria-invalid="true" aria-describedby="problem-${name}"`),
      )
      assert.equal(fieldIn(text, 'because').value, 'HELP-7')
      const typed = Object.entries(fields).filter(([field]) => field === 'for' || field === 'count')
      for (const [field, value] of typed) assert.equal(fieldIn(text, field).value, value)
    }
    const { text } = await console.post('/fraud/deny', { kind: 'country', whom: 'VE', for: '7d' })
    assert.match(fieldIn(text, 'because').problem ?? '', /A reason of at most 200 characters/)
    const { fraud, limits } = (await console.store.readPolicy()) ?? {}
    assert.deepEqual([fraud?.overrides, fraud?.version], [[], 0])
    assert.equal(limits?.windows.length, 9)
  })

  it('show no whole number again: it is asked for once more', async () => {
    const console = consoleWith()
    const fields = { kind: 'number', whom: '+1 415 555 0123', for: 'soon', ...BECAUSE }
    const { text } = await console.post('/fraud/allow', fields)
    assert.doesNotMatch(text, /555 ?0123/)
    assert.match(fieldIn(text, 'whom').problem ?? '', /Give the number again/)
    const { text: opened } = await console.get(`/fraud/allow?whom=${encodeURIComponent('+14155550123')}`)
    assert.doesNotMatch(opened, /5550123/)
  })

  it('change the mode of all orgs or of one, and ask first where people would be refused', async () => {
    const console = consoleWith()
    const hold: Hold = {
      ...{ reason: 'FRAUD_PREFIX', group: 'p6:584127', codes: 6, answers: 0 },
      ...{ since: NOON - 1_800_000, probeAt: NOON + 600_000 },
    }
    await console.store.settle(sent('d1', { credit: { block: '584127712', hold } }))
    const { caller } = delivery()
    const form = { mode: 'enforce', org: caller, ...BECAUSE }
    const { text } = await console.post('/fraud/mode', form)
    assert.match(text, /Mode of example\.okta\.com: enforce\. What the rule holds is not sent/)
    assert.match(text, /it would have refused 1 code to 1 person, of whom 0 entered one/)
    assert.match(text, /hookline fraud mode enforce --org &quot;example\.okta\.com&quot;/)
    assert.equal((await console.store.readPolicy())?.fraud.version, 0)
    assert.equal((await console.post('/fraud/mode', confirmed(text))).status, 303)
    assert.equal((await console.post('/fraud/mode', { mode: 'off', org: '', ...BECAUSE })).status, 303)
    const { fraud } = (await console.store.readPolicy()) ?? {}
    assert.deepEqual([fraud?.mode, fraud?.modes], ['off', { [caller]: 'enforce' }])
    assert.match((await console.get('/fraud')).text, /example\.okta\.com: enforce\./)
  })

  it('set and remove a limit, and show what it would have refused', async () => {
    const console = consoleWith()
    for (const index of [1, 2, 3])
      await console.store.settle(
        sent(`d${index}`, { numberDigest: 'one', userDigest: 'one', openedAt: NOON - index * 60_000 }),
      )
    const form = { scope: 'number', window: '3600', max: '2', ...BECAUSE }
    const { text } = await console.post('/fraud/limit', form)
    assert.match(text, /2 per 3600 s for one number/)
    assert.match(text, /it would have refused 1 code to 1 person/)
    assert.match(text, /hookline limits set --scope number --window 3600 --max 2 --because/)
    assert.equal((await console.post('/fraud/limit', confirmed(text))).status, 303)
    const limits = async () => (await console.store.readPolicy())?.limits
    assert.deepEqual(
      (await limits())?.windows.filter(
        ({ scope, windowSeconds }) => scope === 'number' && windowSeconds === 3_600,
      ),
      [{ scope: 'number', windowSeconds: 3_600, max: 2 }],
    )
    assert.equal((await console.post('/fraud/limit', { ...form, max: '0' })).status, 303)
    assert.equal((await limits())?.windows.length, 8)
    assert.equal((await console.post('/fraud/limits', { mode: 'observe', ...BECAUSE })).status, 303)
    assert.equal((await limits())?.mode, 'observe')
    const [change] = await console.store.listChanges({ limit: 1 })
    assert.deepEqual([change?.what, change?.author, change?.because], ['limits', 'casey', 'HELP-7'])
    const enforcing = await console.post('/fraud/limits', { mode: 'enforce', ...BECAUSE })
    assert.match(enforcing.text, /It would have refused none of the 3 codes/)
  })

  it('propose budgets, set them with a confirmation, and remove them', async () => {
    const console = consoleWith()
    for (const index of [1, 2])
      await console.store.settle(sent(`d${index}`, { purpose: 'pre-enrollment', country: 'VE' }))
    const { text: proposed } = await console.get('/fraud/budgets')
    assert.match(proposed, /&quot;VE&quot;: \{\s+&quot;messages&quot;: 30/)
    const plan = JSON.stringify({ countries: { VE: { messages: 1 } } }, undefined, 2)
    const { text } = await console.post('/fraud/budgets', { plan, ...BECAUSE })
    assert.match(text, /it would have refused 1 code to 1 person/)
    assert.equal((await console.post('/fraud/budgets', confirmed(text))).status, 303)
    const { fraud } = (await console.store.readPolicy()) ?? {}
    assert.deepEqual(fraud?.budgets, { budgets: { countries: { VE: { messages: 1 } } }, prices: {} })
    assert.match((await console.get('/fraud')).text, /<th scope="row">VE<\/th>\s*<td class="number">1<\/td>/)
    assert.equal((await console.post('/fraud/budgets', { plan: ' ', ...BECAUSE })).status, 303)
    assert.equal((await console.store.readPolicy())?.fraud.budgets, undefined)
  })

  it('cannot be sent in a read-only console, and say so', async () => {
    const console = consoleWith({ isReadOnly: true })
    for (const path of ['allow', 'deny', 'expect', 'limit', 'limits', 'budgets', 'mode']) {
      assert.match((await console.get(`/fraud/${path}`)).text, /<button type="submit" disabled>/)
      assert.equal((await console.post(`/fraud/${path}`, { confirmed: 'yes', ...BECAUSE })).status, 403)
    }
  })
})
