import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { OktaApi } from './okta-api.ts'
import { publicKeyOf, readPublicKey } from './public-key.ts'

const half = { e: 'AQAB', n: '2naqCnv6r4xNQs72' }
const asOktaWrites = { kty: 'RSA', alg: 'RSA', kid: 'k1', use: null, ...half }
const key = { id: 'HKY1', kid: 'k1', name: 'Hookline hook key', isOurs: true, embedded: undefined }
const ready = { kty: 'RSA', kid: 'k1', ...half, alg: 'RS256', use: 'sig' }

describe('the public key of a hook key', () => {
  test('is read flat, as in the schema, and nested, as in the example', () => {
    for (const answer of [asOktaWrites, { _embedded: asOktaWrites }, { id: 'HKY1', _embedded: half }]) {
      assert.deepEqual(publicKeyOf(answer), half)
    }
  })

  test('is missing if n or e is missing or is not base64url', () => {
    const answers = [
      undefined,
      null,
      'text',
      [],
      {},
      { e: 'AQAB' },
      { ...half, n: null },
      { ...half, n: '' },
      { ...half, n: `${half.n}\`` }, // as in Okta's example
      { ...half, e: 65_537 },
      { _embedded: null },
      { _embedded: { e: 'AQAB' } },
    ]
    for (const answer of answers) assert.equal(publicKeyOf(answer), undefined)
  })

  test("is read from the creation's answer or from the key itself, if the list has none", async () => {
    assert.deepEqual(await readPublicKey(apiThat({ 'public/k1': asOktaWrites }), key), ready)
    assert.deepEqual(
      await readPublicKey(apiThat({ 'public/k1': {} }), { ...key, embedded: asOktaWrites }),
      ready,
    )
    const expanded = { 'HKY1?expand=publickey': { id: 'HKY1', _embedded: asOktaWrites } }
    assert.deepEqual(
      await readPublicKey(apiThat({ 'public/k1': { _embedded: {} }, ...expanded }), key),
      ready,
    )
    assert.deepEqual(await readPublicKey(apiThat(expanded), key), ready)
  })

  test('that is missing everywhere is an error with what to do', async () => {
    const { n: _, ...without } = asOktaWrites
    await assert.rejects(
      readPublicKey(apiThat({ 'public/k1': without, 'HKY1?expand=publickey': key }), key),
      {
        name: 'OktaAnswerError',
        message: /public key of the hook key "Hookline hook key" \(HKY1\): its modulus "n" is missing.*again/,
      },
    )
  })

  test('that Okta refuses to return is not treated as missing', async () => {
    const refusing = { ...apiThat({}), get: async () => Promise.reject(oktaError('E0000006')) }
    await assert.rejects(readPublicKey(refusing, key), { errorCode: 'E0000006' })
  })
})

/** Answers by the end of the path; anything else is not found. */
function apiThat(answers: Readonly<Record<string, unknown>>): OktaApi {
  return {
    get: async (path: string) => {
      const name = path.replace('/api/v1/hook-keys/', '')
      if (name in answers) return answers[name]
      throw oktaError('E0000007')
    },
  } as OktaApi
}

function oktaError(errorCode: string): Error {
  return Object.assign(new Error(errorCode), { errorCode })
}
