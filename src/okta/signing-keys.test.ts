import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { makeKey, makeToken, NOW_SECONDS, tokenRules } from '../../test/fixtures/tokens.ts'
import { httpsGet } from '../adapters/node/https-get.ts'
import { verifyAccessToken } from './access-token.ts'
import { jwksFetcher, keepSigningKeys } from './signing-keys.ts'

const never = new AbortController().signal
const [first, second] = await Promise.all([makeKey('first'), makeKey('second')])
const MINUTE = 60_000
const HOUR = 60 * MINUTE

type Answer = { readonly jwks: unknown; readonly maxAgeSeconds?: number }

/** An issuer that answers when told to, and a clock that is moved by hand. */
function setUp() {
  let now = NOW_SECONDS * 1_000
  const fetches: PromiseWithResolvers<Answer>[] = []
  const keys = keepSigningKeys({
    fetchJwks: () => {
      const answer = Promise.withResolvers<Answer>()
      fetches.push(answer)
      return answer.promise
    },
    now: () => now,
  })
  const last = () => fetches.at(-1) ?? assert.fail('the issuer was not asked')
  return {
    keys,
    fetches,
    pass: (ms: number) => {
      now += ms
    },
    answer: (jwks: unknown, maxAgeSeconds = 3_600) => last().resolve({ jwks, maxAgeSeconds }),
    fail: () => last().reject(new Error('issuer: out of reach')),
    find: (kid: string, signal = never) => keys.find(kid, signal),
    /** The keys fetched once; `first` is among them. */
    async warm(maxAgeSeconds?: number) {
      const warm = keys.warm(never)
      this.answer({ keys: [first.jwk] }, maxAgeSeconds)
      await warm
    },
  }
}
const settled = () => new Promise(setImmediate)

describe('signing keys', { timeout: 10_000 }, () => {
  it('are fetched once for all waiting requests', async () => {
    const issuer = setUp()
    const all = Array.from({ length: 100 }, () => issuer.find('first'))
    assert.equal(issuer.fetches.length, 1)
    issuer.answer({ keys: [first.jwk] })
    for (const key of await Promise.all(all)) assert.equal(key?.type, 'public')
  })

  it('are kept as long as the issuer says', async () => {
    const issuer = setUp()
    await issuer.warm(600)
    issuer.pass(600_000)
    await issuer.find('first')
    assert.equal(issuer.fetches.length, 1)
    issuer.pass(1)
    await issuer.find('first')
    assert.equal(issuer.fetches.length, 2)
  })

  it('report when no fetch is running, after success or failure', async () => {
    const issuer = setUp()
    await issuer.keys.idle()
    for (const end of [() => issuer.fail(), () => issuer.answer({ keys: [first.jwk] })]) {
      issuer.pass(MINUTE)
      const warm = issuer.keys.warm(never).catch(() => undefined)
      let isIdle = false
      const idle = issuer.keys.idle().then(() => {
        isIdle = true
      })
      await settled()
      assert.equal(isIdle, false)
      end()
      await Promise.all([idle, warm])
    }
  })

  for (const [cacheControl, cachedMs] of [
    [0, MINUTE],
    [59, MINUTE],
    [86_400, HOUR],
  ] as const) {
    it(`are kept at least a minute and at most an hour if the issuer says ${cacheControl} s`, async () => {
      const issuer = setUp()
      await issuer.warm(cacheControl)
      issuer.pass(cachedMs)
      await issuer.find('first')
      assert.equal(issuer.fetches.length, 1)
      issuer.pass(1)
      await issuer.find('first')
      assert.equal(issuer.fetches.length, 2)
    })
  }

  it('that are old stay in use while new ones are fetched, however slow that is', async () => {
    const issuer = setUp()
    await issuer.warm()
    issuer.pass(2 * HOUR)
    for (let request = 0; request < 3; request += 1) await issuer.find('first')
    assert.equal(issuer.fetches.length, 2)
    issuer.answer({ keys: [second.jwk] })
    await settled()
    await issuer.find('second')
    assert.equal(issuer.fetches.length, 2)
  })

  it('that are old stay in use while the issuer is down, with a new try every 10 s', async () => {
    const issuer = setUp()
    await issuer.warm()
    issuer.pass(2 * HOUR)
    for (const tries of [2, 3]) {
      for (let request = 0; request < 3; request += 1) {
        assert.equal((await issuer.find('first'))?.type, 'public')
        issuer.fail()
        await settled()
      }
      assert.equal(issuer.fetches.length, tries)
      issuer.pass(10_000)
    }
  })

  it('stay in use up to 24 hours without the issuer', async () => {
    const issuer = setUp()
    await issuer.warm()
    issuer.pass(24 * HOUR)
    assert.equal((await issuer.find('first'))?.type, 'public')
  })

  it('are unavailable after 24 hours without the issuer, until it is back', async () => {
    const issuer = setUp()
    await issuer.warm()
    issuer.pass(24 * HOUR + 1)
    const refused = issuer.find('first')
    issuer.fail()
    await assert.rejects(refused, /out of reach/)
    const found = issuer.find('first')
    issuer.answer({ keys: [first.jwk] })
    assert.equal((await found)?.type, 'public')
  })

  for (const garbage of [
    undefined,
    null,
    'text',
    [],
    {},
    { keys: 'x' },
    { keys: [7] },
    { keys: [first.jwk, null] },
  ]) {
    it(`stay in use if the issuer answers garbage: ${JSON.stringify(garbage)?.slice(0, 20)}`, async () => {
      const cold = setUp()
      const found = cold.find('first')
      cold.answer(garbage)
      await assert.rejects(found)

      const warm = setUp()
      await warm.warm()
      warm.pass(2 * HOUR)
      await warm.find('first')
      warm.answer(garbage)
      await settled()
      assert.equal((await warm.find('first'))?.type, 'public')
    })
  }
})

describe('an unknown key', { timeout: 10_000 }, () => {
  it('causes one fetch, and is found if the issuer has it now', async () => {
    const issuer = setUp()
    await issuer.warm()
    issuer.pass(10_000)
    const found = issuer.find('second')
    await settled()
    assert.equal(issuer.fetches.length, 2)
    issuer.answer({ keys: [first.jwk, second.jwk] })
    assert.equal((await found)?.type, 'public')
  })

  it('causes no fetch within 10 s of the last one', async () => {
    const issuer = setUp()
    await issuer.warm()
    issuer.pass(9_999)
    assert.equal(await issuer.find('second'), undefined)
    assert.equal(issuer.fetches.length, 1)
  })

  it('causes one fetch for a thousand requests, and one more 10 s later', async () => {
    const issuer = setUp()
    await issuer.warm()
    for (const round of [2, 3]) {
      issuer.pass(10_000)
      const storm = Array.from({ length: 1_000 }, (_, number) => issuer.find(`unknown-${number}`))
      const all = Promise.allSettled(storm)
      await settled()
      assert.equal(issuer.fetches.length, round)
      issuer.answer({ keys: [first.jwk] })
      assert.ok((await all).every(end => end.status === 'fulfilled' && end.value === undefined))
      await Promise.allSettled(Array.from({ length: 1_000 }, (_, number) => issuer.find(`later-${number}`)))
      assert.equal(issuer.fetches.length, round)
      assert.equal((await issuer.find('first'))?.type, 'public')
    }
  })

  it('does not delay requests with a known key while the issuer is slow', async () => {
    const issuer = setUp()
    await issuer.warm()
    issuer.pass(10_000)
    const waiting = issuer.find('unknown')
    await settled()
    assert.equal((await issuer.find('first'))?.type, 'public')
    issuer.fail()
    await assert.rejects(waiting, /out of reach/)
    assert.equal((await issuer.find('first'))?.type, 'public')
  })
})

describe('a request that waits for keys', { timeout: 10_000 }, () => {
  it('ends on time, and others get the result of the fetch', async () => {
    const issuer = setUp()
    const inTime = new AbortController()
    const one = issuer.find('first', inTime.signal)
    const other = issuer.find('first')
    inTime.abort(new Error('too late'))
    await assert.rejects(one, /too late/)
    issuer.answer({ keys: [first.jwk] })
    assert.equal((await other)?.type, 'public')
    assert.equal(issuer.fetches.length, 1)
  })

  it('is refused because keys are unavailable, not because the token is wrong', async () => {
    const issuer = setUp()
    const authorization = `Bearer ${await makeToken(first)}`
    const verify = (signal: AbortSignal) =>
      verifyAccessToken(authorization, tokenRules, issuer.keys, NOW_SECONDS * 1_000, signal)
    const denied = { kind: 'refusal', code: 'KEYS_UNAVAILABLE' }
    assert.deepEqual(await verify(AbortSignal.abort(new Error('too late'))), denied)
    const down = verify(never)
    await settled()
    issuer.fail()
    assert.deepEqual(await down, denied)
    const garbage = verify(never)
    await settled()
    issuer.answer('not a key set')
    assert.deepEqual(await garbage, denied)
  })
})

const JWKS = { keys: [] }

/** Fetches once from an issuer on loopback. */
async function fetchFrom(listener: RequestListener, path = '/oauth2/default', signal = never) {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as AddressInfo
    return await jwksFetcher(`http://127.0.0.1:${port}${path}`, httpsGet)(signal)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

describe("the issuer's keys", () => {
  for (const issuer of ['/oauth2/default', '/oauth2/default/']) {
    it(`are read from its /v1/keys: ${issuer}`, async () => {
      let asked = ''
      const fetched = await fetchFrom((request, response) => {
        asked = `${request.method} ${request.url}`
        response
          .setHeader('cache-control', 'public, max-age=86400, must-revalidate')
          .end(JSON.stringify(JWKS))
      }, issuer)
      assert.equal(asked, 'GET /oauth2/default/v1/keys')
      assert.deepEqual(fetched, { jwks: JWKS, maxAgeSeconds: 86_400 })
    })
  }

  it('may have no age', async () => {
    const fetched = await fetchFrom((_, response) => response.end(JSON.stringify(JWKS)))
    assert.deepEqual(fetched, { jwks: JWKS })
  })

  for (const [what, listener, problem] of [
    [
      'with another status than 200',
      (_, response) => response.writeHead(503).end(),
      /answered HTTP 503; expected 200/,
    ],
    [
      'by a redirect',
      (_, response) => response.writeHead(302, { location: '/other' }).end(),
      /answered HTTP 302/,
    ],
    ['that are no JSON', (_, response) => response.end('<html>'), SyntaxError],
    [
      'that are too many',
      (_, response) => response.end(JSON.stringify('k'.repeat(100_000))),
      /more than 100000 bytes/,
    ],
    [
      'that never end, nor read any further',
      (_, response) => {
        const more = (): void => {
          while (!response.destroyed && response.write('k'.repeat(16_384)));
        }
        response.on('drain', more)
        more()
      },
      /more than 100000 bytes/,
    ],
    [
      'cut off',
      (_, response) => response.writeHead(200, { 'content-length': 99 }).end('{', () => response.destroy()),
      /.*/,
    ],
  ] as readonly (readonly [string, RequestListener, RegExp | typeof SyntaxError])[]) {
    it(`are not accepted ${what}`, async () => {
      await assert.rejects(fetchFrom(listener), problem)
    })
  }

  it('are awaited no longer than the signal allows', async () => {
    const controller = new AbortController()
    const fetched = fetchFrom(() => controller.abort(new Error('too late')), '', controller.signal)
    await assert.rejects(fetched, /AbortError/)
  })
})
