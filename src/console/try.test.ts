import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { consoleWith } from '../../test/fixtures/console.ts'
import { allShippedTexts } from '../../test/fixtures/planning.ts'

const by = { author: 'a test', at: 0 }
const fields = { to: '+34683783440', channel: 'sms', purpose: 'mfa-verification', locale: 'es' }

async function withSpain() {
  const world = consoleWith()
  await world.store.saveTemplates(allShippedTexts, by)
  await world.store.saveRoutes([{ country: 'ES', channel: 'sms', candidates: [{ identity: 'Acme' }] }], by)
  return world
}

describe('the screen that tries a request', () => {
  it('shows each decision on the way, and the message on a phone', async () => {
    const { post } = await withSpain()
    const { status, text } = await post('/try', fields)
    assert.equal(status, 200)
    assert.match(text, /role="status">It would be sent\./)
    assert.match(text, /<strong>route<\/strong> The route of ES: Acme\./)
    assert.match(text, /<strong>template<\/strong> Okta&#39;s locale is es/)
    assert.match(text, /class="bubble" lang="es-ES" dir="ltr">[^<]*123456/)
    assert.match(
      text,
      /hookline explain --to \+34683783440 --channel sms --purpose mfa-verification --locale es/,
    )
  })

  it('shows why it would not be sent, and what to do', async () => {
    const { post } = await withSpain()
    const { text } = await post('/try', { ...fields, channel: 'voice' })
    assert.match(text, /role="status">It would not be sent\./)
    assert.match(text, /<strong>What to do \([^)]+\):<\/strong> /)
  })

  it('asks the fraud rule about a person, which is logged as a look-up, or about an address', async () => {
    const asked: object[] = []
    const world = consoleWith({
      explainRule: async (_request, _planned, _policy, who) => {
        asked.push(who)
        if (who.from === 'x') throw new Error('--from is "x"; expected an address')
        return 'The fraud rule (acme, mode enforce) would hold it: <b>'
      },
    })
    await world.store.saveTemplates(allShippedTexts, by)
    await world.store.saveRoutes([{ country: 'ES', channel: 'sms', candidates: [{ identity: 'Acme' }] }], by)
    const { text } = await world.post('/try', { ...fields, user: 'ada@example.com' })
    assert.match(text, /The fraud rule \(acme, mode enforce\) would hold it: &lt;b&gt;/)
    assert.doesNotMatch(text, /ada@example/)
    const [logged] = await world.store.listChanges({ limit: 1, what: 'lookups' })
    assert.deepEqual(
      [logged?.author, logged?.differences.map(({ name }) => name)],
      ['casey', ['user', 'number']],
    )
    assert.doesNotMatch(JSON.stringify(logged), /ada/)
    assert.match((await world.post('/try', { ...fields, from: 'x' })).text, /expected an address/)
    assert.deepEqual(asked, [{ user: 'ada@example.com' }, { from: 'x' }])
    const [byAddress, ...others] = await world.store.listChanges({ limit: 9, what: 'lookups' })
    assert.deepEqual(
      byAddress?.differences.map(({ name }) => name),
      ['number'],
    )
    assert.equal(others.length, 1)
  })

  it('never shows a number whole that may belong to somebody', async () => {
    const { post } = await withSpain()
    const { text } = await post('/try', { ...fields, to: '+34 612 345 678' })
    assert.match(text, /To the number that ends in 78/)
    assert.doesNotMatch(text.replaceAll(/\D/g, ''), /612345678/)
    assert.match(text, /hookline explain --to \+NUMBER/)
  })

  it('is filled in for a country by its address', async () => {
    const { get } = consoleWith()
    assert.match((await get('/try?country=GB&channel=voice')).text, /value="\+447860019066"/)
    for (const query of ['', '?country=xx', '?country=constructor&channel=__proto__'])
      assert.equal((await get(`/try${query}`)).status, 200)
  })

  for (const [what, changed] of [
    ['no number', { to: '' }],
    ['another channel', { channel: 'fax' }],
    ['another purpose', { purpose: '<script>' }],
    [
      'markup in every field',
      { to: '"><script>', channel: '"><script>', locale: '"><script>', oktaText: '"><script>' },
    ],
  ] as const)
    it(`says what is wrong with ${what}, as text`, async () => {
      const { post } = await withSpain()
      const { status, text } = await post('/try', { ...fields, ...changed })
      assert.equal(status, 200)
      assert.doesNotMatch(text, /<script>/)
    })
})
