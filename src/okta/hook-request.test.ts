import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { body, invalid, type Json, read } from '../../test/fixtures/hook-body.ts'
import { readHookRequest } from './hook-request.ts'

describe("Okta's request", () => {
  it('is read completely', () => {
    const { phoneNumber, code, msgTemplate, user, ...rest } = read(body())
    const { firstName, ...names } = user
    assert.deepEqual(
      [phoneNumber, code, msgTemplate, firstName].map(secret => secret?.reveal()),
      ['+34683783440', '11111', '(HOOK)Your code is 11111', 'Test'],
    )
    assert.deepEqual(names, { id: '00uyxxSknGtK8022w0g3', login: 'test.user@okta.com' })
    assert.deepEqual(rest, {
      eventId: 'uS5871kJThSMU8qlA1LTcg',
      oktaRequestId: 'reqv66CbCaCStGEFc8AdfS0ng',
      preview: false,
      purpose: 'mfa-verification',
      channel: 'sms',
      network: '127.0.0',
      locale: 'EN-US',
      expiresAt: Date.UTC(2026, 2, 1, 12, 5),
    })
  })

  it('needs a number, a code and a channel, and nothing else', () => {
    const messageProfile = { phoneNumber: '+34683783440', otpCode: '1234', deliveryChannel: 'SMS' }
    const request = read({ data: { messageProfile } })
    const { phoneNumber: _, code: __, ...rest } = request
    assert.deepEqual(rest, {
      eventId: undefined,
      oktaRequestId: undefined,
      preview: false,
      purpose: 'other',
      channel: 'sms',
      network: undefined,
      locale: undefined,
      expiresAt: undefined,
      msgTemplate: undefined,
      user: { id: undefined, login: undefined, firstName: undefined },
    })
  })

  it('may have numbers for texts, as in the OpenAPI example', () => {
    const request = read(body({ phoneNumber: 34683783440, otpCode: 493817 }))
    assert.deepEqual([request.phoneNumber.reveal(), request.code.reveal()], ['34683783440', '493817'])
  })

  it('prints neither code nor number', () => {
    const printed = JSON.stringify(read(body()))
    assert.ok(!printed.includes('11111') && !printed.includes('683783'), printed)
  })
})

describe('the purpose', () => {
  for (const purpose of ['pre-enrollment', 'mfa-verification', 'account-unlock', 'password-reset']) {
    it(`is ${purpose}`, () => {
      const requestType = `com.okta.user.telephony.${purpose}`
      assert.equal(read(body({}, { requestType })).purpose, purpose)
      assert.equal(read(body({ eventAction: requestType }, { requestType: undefined })).purpose, purpose)
    })
  }
  for (const requestType of ['com.okta.user.telephony.later', 'other', '', null, 7, '__proto__', 'any', {}]) {
    it(`is other when it is unknown or missing: ${JSON.stringify(requestType)}`, () => {
      assert.equal(read(body({}, { requestType })).purpose, 'other')
    })
  }
})

describe('a preview', () => {
  const url = (value: unknown) => read(body({}, {}, { url: { value } })).preview
  it('is recognised by its address', () => {
    assert.equal(url('https://example-admin.okta.com/api/v1/inlineHooks/cal4/generatePreview'), true)
  })
  it('is recognised by nothing else', () => {
    for (const value of [
      'https://example.okta.com/api/v1/authn',
      'https://x/generatePreview/no',
      '',
      null,
      7,
      [],
    ]) {
      assert.equal(url(value), false, JSON.stringify(value))
    }
    assert.equal(read(body({}, {}, { url: 'https://x/generatePreview' })).preview, false)
  })
})

describe('a body of any shape', () => {
  for (const json of [
    null,
    [],
    {},
    7,
    'text',
    true,
    { data: null },
    { data: [] },
    { data: { messageProfile: null } },
    { data: { messageProfile: [] } },
    { data: { messageProfile: 'text' } },
    [{ data: {} }],
  ]) {
    it(`lacks at least a number: ${JSON.stringify(json)}`, () =>
      assert.equal(invalid(json), 'PHONE_NUMBER_MISSING'))
  }

  it('may have null or a list in place of every optional part', () => {
    for (const odd of [null, [], 'text', 7]) {
      const { data } = body() as { data: Json }
      const request = read({
        eventId: null,
        requestType: odd,
        data: { ...data, context: odd, userProfile: odd },
      })
      assert.deepEqual([request.purpose, request.preview, request.user.id], ['other', false, undefined])
    }
  })

  it('cannot reach a prototype', () => {
    const inherited = JSON.stringify(body()).replace('"data":', '"__proto__":')
    assert.equal(invalid(JSON.parse(inherited)), 'PHONE_NUMBER_MISSING')
    const profile = JSON.stringify(body()).replace('"messageProfile":', '"__proto__":')
    assert.equal(invalid(JSON.parse(profile)), 'PHONE_NUMBER_MISSING')
    assert.equal(invalid(Object.create(body())), 'PHONE_NUMBER_MISSING')
    read(JSON.parse(JSON.stringify(body()).replace('{', '{"__proto__":{"preview":true,"polluted":1},')))
    assert.equal(Reflect.get({}, 'polluted'), undefined)
  })

  it('is read or refused, and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (one, two, three) => {
        readHookRequest(one)
        readHookRequest({ data: { context: two, userProfile: three, messageProfile: one } })
        const code = invalid(body({ otpCode: one, deliveryChannel: two, phoneNumber: three }))
        assert.match(
          code,
          /^(read|PHONE_NUMBER_(MISSING|TOO_LONG)|CODE_MISSING|CODE_NOT_DIGITS|CHANNEL_UNKNOWN)$/,
        )
      }),
    )
  })
})
