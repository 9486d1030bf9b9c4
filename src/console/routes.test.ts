import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { delivery } from '../../test/contracts/stores.ts'
import { consoleWith, NOON } from '../../test/fixtures/console.ts'
import { allShippedTexts } from '../../test/fixtures/planning.ts'
import type { CountryToTry } from '../advice/coverage/dry-runs.ts'

const by = { author: 'a test', at: 0 }

async function withRoutes(options: Parameters<typeof consoleWith>[0] = {}) {
  const world = consoleWith(options)
  await world.store.saveTemplates(allShippedTexts, by)
  await world.store.saveRoutes(
    [
      {
        country: 'GB',
        channel: 'sms',
        candidates: [{ identity: 'Acme', maxPricePerPart: 0.05 }, { identity: '+447700900100' }],
      },
      { country: '*', channel: 'voice', candidates: [{ identity: '+12065550100' }] },
    ],
    by,
  )
  return world
}
const attempt = (identity: string, result: 'accepted' | 'failure') => ({
  identity,
  result,
  detail: undefined,
  durationMs: 1,
})

describe('the screen of routes', () => {
  it('shows candidates in order, with kind, pace and price, and gaps', async () => {
    const { get } = await withRoutes()
    const { text } = await get('/routes')
    assert.match(text, /<a href="\/routes\/GB">United Kingdom<\/a>/)
    assert.match(
      text,
      /<li><bdi>Acme<\/bdi> <span class="quiet">sender ID, 10 parts in a second, at most \$0\.05 a part<\/span>/,
    )
    assert.ok(text.indexOf('Acme') < text.indexOf('+447700900100'))
    assert.match(text, /All other countries/)
    assert.match(text, /<code>hookline coverage<\/code>/)
  })

  it('teaches how to get routes while there are none', async () => {
    const { text } = await consoleWith().get('/routes')
    assert.match(text, /There are no routes yet/)
    assert.match(text, /hookline identities discover --apply/)
  })

  it('shows how routes do: answers, and attempts that failed', async () => {
    const { store, get } = await withRoutes()
    for (let index = 0; index < 5; index += 1)
      await store.settle(
        delivery({
          id: `d${index}`,
          openedAt: NOON - 1_000 * (index + 1),
          country: 'GB',
          duplicateKey: `k${index}`,
          end: {
            ...{ state: 'accepted', at: NOON, messageId: `m${index}` },
            attempts: [attempt('Acme', 'failure'), attempt('+447700900100', 'accepted')],
          } as const,
        }),
      )
    const { text } = await get('/routes')
    assert.match(text, /Acme<\/bdi>[^\n]*\n<span class="bad">its five newest attempts failed<\/span>/)
    assert.match(text, /5 of 5 attempts accepted/)
    assert.match(text, /<a href="\/deliveries\?country=GB">0 % of 5 sent<\/a>/)
  })

  it('shows what a user in a country gets, by code or by name', async () => {
    const { get } = await withRoutes()
    assert.equal((await get('/routes/open?country=gb')).headers.location, '/routes/GB')
    assert.equal((await get('/routes/open?country=Germany')).headers.location, '/routes/DE')
    const gb = (await get('/routes/GB')).text
    assert.match(gb, /It has a route of its own:/)
    assert.match(gb, /class="bubble" lang="en/)
    assert.match(gb, /href="\/try\?country=GB&amp;channel=sms"/)
    const fr = (await get('/routes/FR')).text
    assert.match(fr, /It has no route\./)
    assert.match(fr, /It has no route of its own; the default route is used:/)
  })

  for (const path of [
    '/routes/XX',
    '/routes/constructor',
    '/routes/open?country=%3Cscript%3E',
    '/routes/open',
  ])
    it(`knows no country at ${path}`, async () => {
      const { status, text } = await consoleWith().get(path)
      assert.equal(status, 404)
      assert.doesNotMatch(text, /<script>/)
    })

  it('asks AWS by a button, also in a read-only console, and shows what it said', async () => {
    const asked: (readonly CountryToTry[])[] = []
    const { post } = await withRoutes({
      isReadOnly: true,
      tryCountries: async (countries, report) => {
        asked.push(countries)
        const head = {
          country: 'GB',
          route: 'own',
          of: 'GB',
          destination: 'simulator',
          region: null,
        } as const
        report({
          ...head,
          identity: 'Acme',
          result: 'refused',
          detail: 'X_<b>',
          why: 'It is not registered.',
        })
        report({ ...head, identity: '+447700900100', result: 'no objection', detail: null, why: null })
      },
    })
    const { text } = await post('/routes/GB/try', {})
    assert.deepEqual(
      asked.map(all => all.map(({ country }) => country)),
      [['GB']],
    )
    assert.match(text, /<bdi>Acme<\/bdi> \(own\): refused: X_&lt;b&gt;\. It is not registered\./)
    assert.match(text, /<bdi>\+447700900100<\/bdi> \(own\): did not object/)
    assert.match(text, /does not mean that a text will arrive/)
  })

  it('names what AWS does not allow', async () => {
    const refused =
      'User: arn:aws:iam::1:user/x is not authorized to perform: sms-voice:SendTextMessage on resource: *'
    const { post } = await withRoutes({ tryCountries: async () => Promise.reject(new Error(refused)) })
    const { status, text } = await post('/routes/GB/try', {})
    assert.equal(status, 500)
    assert.match(text, /ask an administrator of the account for sms-voice:SendTextMessage/)
  })
})
