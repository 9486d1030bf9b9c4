import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readVerifiedClient, writeVerifiedClient } from './verified-client.ts'

const NOW = 1_700_000_000_000
const issuer = 'https://example.okta.com/oauth2/default'
const claims = { issuer, audience: 'api://default', clientId: '0oa1', scopes: ['a', 'b'], expires: 7 }
const caller = { kind: 'caller', name: issuer, org: undefined, claims, validUntil: NOW + 1 } as const
const bySecret = { ...caller, name: 'acme', org: 'acme', claims: undefined, validUntil: undefined } as const

describe("the authorizer's result about the caller", () => {
  it('passes through the gateway unchanged', () => {
    for (const one of [caller, bySecret])
      assert.deepEqual(readVerifiedClient({ principalId: 'x', ...writeVerifiedClient(one) }, NOW), one)
  })

  it('contains only flat text, as API Gateway requires', () => {
    for (const one of [caller, bySecret])
      for (const value of Object.values(writeVerifiedClient(one))) assert.equal(typeof value, 'string')
  })

  it('expires with the token, even if the gateway caches it longer', () => {
    const word = writeVerifiedClient(caller)
    assert.equal(readVerifiedClient(word, NOW).kind, 'caller')
    assert.deepEqual(readVerifiedClient(word, NOW + 1), { kind: 'unauthenticated', code: 'TOKEN_EXPIRED' })
  })

  it('of the previous release, cached by the gateway, has no org and no claims', () => {
    const word = { caller: issuer, validUntil: String(NOW + 1) }
    assert.deepEqual(readVerifiedClient(word, NOW), { ...caller, claims: undefined })
  })

  for (const [what, context] of [
    ['is missing', undefined],
    ['is null', null],
    ['is empty', {}],
    ['names nobody', { caller: '', validUntil: '' }],
    ['names no time', { caller: 'x' }],
    ['is of another authorizer', { principalId: 'x', claims: {} }],
  ] as const) {
    it(`accepts no caller when it ${what}`, () => {
      assert.deepEqual(readVerifiedClient(context, NOW), {
        kind: 'unauthenticated',
        code: 'CLIENT_NOT_VERIFIED',
      })
    })
  }

  it('accepts no caller with an invalid time', () => {
    assert.equal(readVerifiedClient({ caller: 'x', validUntil: 'never' }, NOW).kind, 'unauthenticated')
  })
})
