import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { UnsecuredJWT } from 'jose'
import { redactToken } from './redact-token.ts'

const IAT = 1_772_366_400
const CLAIMS = {
  ver: 1,
  jti: 'AT.ZebulonQuackenbush',
  iss: 'https://acme.okta.com/oauth2/aus1a2b3c4d5e6f7g8h9',
  aud: 'https://acme.example.com',
  iat: IAT,
  exp: IAT + 3_600,
  cid: '0oa1a2b3c4d5e6f7g8h9',
  scp: ['acme.send', 'acme.more'],
  sub: '0oa1a2b3c4d5e6f7g8h9',
  '00u1a2b3c4d5e6f7g8h9': 'Zebulon',
}

describe('an access token, redacted', () => {
  const token = tokenOf({ alg: 'RS256', typ: 'JWT', kid: 'acme-key-1' }, CLAIMS)
  const words = redactToken(`Bearer ${token}`, (IAT + 7) * 1_000 + 900)

  test('shows names of claims, algorithm, lifetime and age', () => {
    assert.ok(words)
    assert.deepEqual(Object.fromEntries(words.header.map(({ path, what }) => [path, what])), {
      alg: '`RS256`',
      typ: '`JWT`',
      kid: 'text',
    })
    assert.deepEqual(Object.fromEntries(words.claims.map(({ path, what }) => [path, what])), {
      ver: 'number',
      jti: 'text that begins with `AT.`',
      iss: '`https://(host)/oauth2/…`',
      aud: 'text, a web address',
      iat: 'number',
      exp: 'number',
      cid: 'text',
      scp: 'list of 2',
      'scp.[]': 'text',
      sub: 'text, the same as cid',
      '(a name of 20 characters)': 'text',
    })
    assert.deepEqual([words.lifetimeSeconds, words.ageSeconds], [3_600, 7])
  })

  test('holds nothing of the org, the client or the token', () => {
    const redacted = JSON.stringify(words)
    for (const value of ['acme', 'Zebulon', '0oa1', 'aus1', '00u1', String(IAT), ...token.split('.')])
      assert.equal(value !== '' && redacted.includes(value), false, value)
  })

  test('is empty if there is no readable token', () => {
    for (const header of [
      null,
      '',
      'Bearer',
      'Bearer a.b.c',
      'Basic Zebulon',
      `Bearer ${'a'.repeat(10_000)}`,
    ])
      assert.equal(redactToken(header, 0), undefined)
  })

  test('takes strange headers and claims for what they are', () => {
    const strange = tokenOf({ alg: 'Zebulon', typ: 'Zebulon 740815' }, { iat: 'Zebulon', exp: null, iss: 7 })
    const { header, claims, lifetimeSeconds } = redactToken(`bearer ${strange}`, 0) ?? assert.fail()
    assert.equal(JSON.stringify([header, claims]).includes('Zebulon'), false)
    assert.equal(lifetimeSeconds, undefined)
  })
})

/** Unsigned: it was verified before it comes here. */
function tokenOf(header: object, claims: object): string {
  const [, body = ''] = new UnsecuredJWT({ ...claims } as never).encode().split('.')
  return `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${body}.c2lnbmF0dXJl`
}
