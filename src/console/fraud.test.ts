import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accepted, delivery } from '../../test/contracts/stores.ts'
import { consoleWith, NOON } from '../../test/fixtures/console.ts'
import type { Hold } from '../core/policy/credit/verdict.ts'
import type { Delivery } from '../core/records/delivery.ts'

const BECAUSE = { because: 'HELP-7' }
const holdOf = (group: Hold['group']): Hold => ({
  ...{ reason: 'FRAUD_PREFIX', codes: 6, answers: 0, since: NOON - 1_800_000, probeAt: NOON + 600_000 },
  ...(group !== undefined && { group }),
})

const held = (id: string, hold: Hold, changed: Partial<Delivery> = {}): Delivery =>
  delivery({
    ...{ id, openedAt: NOON - 60_000, country: 'VE', numberDigest: id, userDigest: id, duplicateKey: id },
    credit: { block: '584127712', hold },
    end: { state: 'refused', at: NOON, code: hold.reason, detail: 'as it was', attempts: [] },
    ...changed,
  })

/** The hidden fields of the first held group's form, as a browser sends them. */
const formOf = (page: string): Readonly<Record<string, string>> => {
  const [, card = ''] =
    /<form method="post" action="\/fraud\/(?:allow|expect)"[^>]*>([\s\S]*?)<\/form>/.exec(page) ?? []
  const fields = [...card.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)]
  return Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value]))
}

const PREFIX = { kind: 'prefix', whom: '+58 412 7*', for: '2d', ...BECAUSE }

describe('the screen of limits and fraud', () => {
  it('says what is in force when nothing was held', async () => {
    const { text } = await consoleWith().get('/fraud')
    assert.match(text, /Mode of the fraud rule: observe/)
    assert.match(text, /No group is held/)
    assert.match(text, /There are none\. An override lets codes through/)
    assert.match(text, /A code over one of these limits is not sent/)
  })

  it('explains each held group in one sentence, with what it saved, and allows it', async () => {
    const console = consoleWith()
    await console.store.settle(held('d1', holdOf('p6:584127')))
    await console.store.settle(held('d2', holdOf('p6:584127'), { end: accepted() }))
    const { text } = await console.get('/fraud')
    assert.match(
      text,
      /New numbers that begin with \+584127\. 6 numbers got a code in the last 14 days, 0 answered\. Held since 2026-11-28 11:30 UTC\./,
    )
    assert.match(text, /Not sent: 1\. Sent although held: 1\./)
    assert.match(text, /would have held, 2 of 2 people; 0 of them entered a code later/)
    assert.match(text, /hookline fraud allow &quot;\+584127\*&quot; --for 7d/)
    assert.match(text, /<strong>Next:<\/strong> One code is let through from/)
    assert.equal((await console.post('/fraud/allow', { ...formOf(text), ...BECAUSE })).status, 303)
    const { fraud } = (await console.store.readPolicy()) ?? {}
    assert.deepEqual(fraud?.overrides, [
      {
        ...{ what: 'allow', whom: { kind: 'prefix', digits: '584127' }, author: 'casey', because: 'HELP-7' },
        ...{ at: NOON, until: NOON + 7 * 86_400_000 },
      },
    ])
  })

  for (const [group, whom] of [
    ['ip:198.51.100', { kind: 'network', cidr: '198.51.100.0/24' }],
    ['ip:2001:db8:1', { kind: 'network', cidr: '2001:db8:1::/48' }],
    ['country:VE', { kind: 'country', country: 'VE' }],
  ] as const) {
    it(`lets an operator allow or expect ${group}`, async () => {
      const console = consoleWith()
      await console.store.settle(held('d1', holdOf(group)))
      const fields = formOf((await console.get('/fraud')).text)
      const path = group === 'country:VE' ? '/fraud/expect' : '/fraud/allow'
      assert.equal((await console.post(path, { ...fields, count: '60', ...BECAUSE })).status, 303)
      assert.deepEqual((await console.store.readPolicy())?.fraud.overrides[0]?.whom, whom)
    })
  }

  it('ends an override', async () => {
    const console = consoleWith()
    await console.store.settle(held('d1', holdOf('p6:584127')))
    await console.post('/fraud/allow', PREFIX)
    const { text } = await console.get('/fraud')
    assert.match(text, /numbers that begin with \+584127<\/td>/)
    const override = /name="override" value="([^"]+)"/.exec(text)?.[1]?.replaceAll('&quot;', '"') ?? ''
    assert.equal((await console.post('/fraud/end', { override })).status, 303)
    assert.deepEqual((await console.store.readPolicy())?.fraud.overrides, [])
    assert.match((await console.post('/fraud/end', { override })).text, /Nothing was changed/)
  })
})
