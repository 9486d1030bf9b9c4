import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessTokens } from './access-tokens.ts'
import type { Poster } from './post.ts'
import { newServiceClient } from './service-client.ts'

const client = await newServiceClient()

test('a token is kept until a minute before it expires', async () => {
  const { tokens, clock } = tokensOf({ expiresInSeconds: 3600 })
  const first = await tokens.get()
  clock.nowMs += 3_539_000
  assert.equal(await tokens.get(), first)
  clock.nowMs += 1_000
  assert.notDeepEqual(await tokens.get(), first)
})

test('a token that lives for less is kept for nine tenths of its life', async () => {
  const { tokens, clock } = tokensOf({ expiresInSeconds: 10 })
  const first = await tokens.get()
  clock.nowMs += 8_999
  assert.equal(await tokens.get(), first)
  clock.nowMs += 1
  assert.notDeepEqual(await tokens.get(), first)
})

test('a token that was being fetched when the cache was cleared is not kept', async () => {
  const { tokens } = tokensOf({ expiresInSeconds: 3600 })
  const underway = tokens.get()
  tokens.forget()
  assert.notDeepEqual(await tokens.get(), await underway)
})

test('a refusal reports what the token endpoint answered, and is not kept', async () => {
  const answers = [{ error: 'invalid_scope' }, { access_token: 'a', expires_in: 60 }]
  const { tokens } = tokensOf({ answers })
  const refused = { kind: 'no-token', reason: 'the token endpoint answered 400 invalid_scope' }
  assert.deepEqual(await tokens.get(), refused)
  assert.equal((await tokens.get()).kind, 'token')
})

function tokensOf({ expiresInSeconds = 60, answers = [] as object[] }) {
  const clock = { nowMs: 1_000_000 }
  let issued = 0
  const poster: Poster = {
    async post() {
      const answer = answers.shift() ?? { access_token: `token-${issued++}`, expires_in: expiresInSeconds }
      const httpStatus = 'error' in answer ? 400 : 200
      return { kind: 'answered', httpStatus, body: Buffer.from(JSON.stringify(answer)) }
    },
    get: () => assert.fail('tokens are posted for'),
    close() {},
  }
  const tokenUrl = 'https://example.okta.com/oauth2/default/v1/token'
  const scope = 'telephony.send'
  const now = () => clock.nowMs
  return { clock, tokens: accessTokens({ tokenUrl, scope, client, poster, limitMs: 1000, now }) }
}
