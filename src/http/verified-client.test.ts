import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readVerifiedClient, writeVerifiedClient } from './verified-client.ts'

const NOW = 1_700_000_000_000
const asker = { kind: 'asker', name: 'https://example.okta.com/oauth2/default', validUntil: NOW + 1 } as const

describe("the authorizer's word about who is asking", () => {
  it('comes through the gateway as it was', () => {
    for (const one of [asker, { ...asker, name: 'secret header', validUntil: undefined }])
      assert.deepEqual(readVerifiedClient({ principalId: 'x', ...writeVerifiedClient(one) }, NOW), one)
  })

  it('is flat text only, as API Gateway wants it', () => {
    for (const value of Object.values(writeVerifiedClient(asker))) assert.equal(typeof value, 'string')
  })

  it('ends with the token, though the gateway keeps it longer', () => {
    const word = writeVerifiedClient(asker)
    assert.equal(readVerifiedClient(word, NOW).kind, 'asker')
    assert.deepEqual(readVerifiedClient(word, NOW + 1), { kind: 'stranger', code: 'TOKEN_EXPIRED' })
  })

  for (const [what, context] of [
    ['is missing', undefined],
    ['is null', null],
    ['is empty', {}],
    ['names nobody', { asker: '', validUntil: '' }],
    ['names no time', { asker: 'x' }],
    ['is of another authorizer', { principalId: 'x', claims: {} }],
  ] as const) {
    it(`lets nobody in when it ${what}`, () => {
      assert.deepEqual(readVerifiedClient(context, NOW), { kind: 'stranger', code: 'CLIENT_NOT_VERIFIED' })
    })
  }

  it('lets nobody in for a time that is none', () => {
    assert.equal(readVerifiedClient({ asker: 'x', validUntil: 'never' }, NOW).kind, 'stranger')
  })
})
