import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { makeKey, makeToken, NOW_SECONDS, tokenRules } from '../../test/fixtures/tokens.ts'
import { identifyCaller } from './caller.ts'
import { keepSigningKeys } from './signing-keys.ts'
import { createVerifiedTokens } from './verified-tokens.ts'

const [first, second] = await Promise.all([makeKey('first'), makeKey('second')])
const never = new AbortController().signal
const MINUTE = 60_000

/** A deployment whose issuer's keys and clock the test changes. */
function setUp(max?: number) {
  let now = NOW_SECONDS * 1_000
  let jwks: object = { keys: [first.jwk, second.jwk] }
  const keys = keepSigningKeys({ fetchJwks: async () => ({ jwks }), now: () => now })
  let verified = 0
  const counting: typeof keys = {
    ...keys,
    find: (keyId, signal) => {
      verified += 1
      return keys.find(keyId, signal)
    },
  }
  const methods = {
    tokens: [{ org: undefined, rules: tokenRules, keys: counting }],
    secretHeaders: [],
    verified: createVerifiedTokens(max),
  }
  return {
    identify: async (token: string) => {
      const caller = await identifyCaller(
        name => (name === 'authorization' ? `Bearer ${token}` : null),
        methods,
        now,
        never,
      )
      return caller.kind === 'caller' ? 'caller' : caller.code
    },
    verified: () => verified,
    pass: (ms: number) => {
      now += ms
    },
    /** What the issuer answers from now on. */
    publish: (...issued: readonly object[]) => {
      jwks = { keys: issued }
    },
    warm: () => keys.warm(never),
    settled: () => new Promise(setImmediate),
  }
}

describe('a verified access token', () => {
  it('is verified once, and then recognised until it expires', async () => {
    const world = setUp()
    const token = await makeToken(first, { exp: NOW_SECONDS + 600 })
    await world.warm()
    for (let call = 0; call < 3; call += 1) assert.equal(await world.identify(token), 'caller')
    assert.equal(world.verified(), 1)
    world.pass(659_000) // inside the leeway
    assert.equal(await world.identify(token), 'caller')
    world.pass(1_000)
    assert.equal(await world.identify(token), 'TOKEN_EXPIRED')
  })

  it('is verified again after each fetch of keys, and refused once its key was removed', async () => {
    const world = setUp()
    const token = await makeToken(first)
    await world.warm()
    await world.identify(token)
    world.publish(second.jwk)
    world.pass(2 * MINUTE)
    assert.equal(await world.identify(token), 'caller') // its key is still kept; the fetch begins
    await world.settled()
    assert.equal(await world.identify(token), 'TOKEN_KEY_UNKNOWN')
  })

  it('is recognised no longer than the keys are valid, if the issuer is down', async () => {
    const world = setUp()
    const token = await makeToken(first, { exp: NOW_SECONDS + 86_390 })
    await world.warm()
    await world.identify(token)
    world.publish()
    world.pass(25 * 60 * MINUTE)
    assert.notEqual(await world.identify(token), 'caller')
  })

  it('is checked again by its times if the clock is set back', async () => {
    const world = setUp()
    const token = await makeToken(first, { nbf: NOW_SECONDS, exp: NOW_SECONDS + 600 })
    await world.warm()
    assert.equal(await world.identify(token), 'caller')
    world.pass(-10 * MINUTE)
    assert.equal(await world.identify(token), 'TOKEN_NOT_YET_VALID')
  })

  it('is one of at most a thousand, and refusals are never kept', async () => {
    const world = setUp(2)
    const [one = '', two = '', three = ''] = await Promise.all(
      ['1', '2', '3'].map(jti => makeToken(first, { jti })),
    )
    await world.warm()
    for (const token of [one, two, three, three, two]) await world.identify(token)
    assert.equal(world.verified(), 3)
    await world.identify(one)
    assert.equal(world.verified(), 4)
    const wrong = await makeToken(first, { cid: 'another' })
    for (let call = 0; call < 2; call += 1) assert.equal(await world.identify(wrong), 'TOKEN_CLIENT')
    assert.equal(world.verified(), 6)
  })

  it('does not help a token that differs in one character', async () => {
    const world = setUp()
    const token = await makeToken(first)
    await world.warm()
    await world.identify(token)
    const changed = `${token.slice(0, -5)}${token.at(-5) === 'A' ? 'B' : 'A'}${token.slice(-4)}`
    assert.equal(await world.identify(changed), 'TOKEN_SIGNATURE')
  })
})
