import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CallOrder } from './call-order.ts'
import { hookRequest, newOrg } from './hook-request.ts'

const org = newOrg('https://example.okta.com')
const now = new Date('2026-05-04T03:02:01.007Z')

test('a text message is requested with every field of the contract', () => {
  const body = read({ to: '+12025550123', code: '012345' })
  assert.match(String(body.eventId), /^[A-Za-z0-9_-]{22}$/)
  assert.equal(body.eventTime, '2026-05-04T03:02:01.007Z')
  assert.equal(body.eventType, 'com.okta.telephony.provider')
  assert.equal(body.eventTypeVersion, '1.0')
  assert.equal(body.cloudEventVersion, '0.1')
  assert.equal(body.contentType, 'application/json')
  assert.match(
    String(body.source),
    /^https:\/\/example\.okta\.com\/api\/v1\/inlineHooks\/cal[A-Za-z0-9]{17}$/,
  )
  assert.equal(body.requestType, 'com.okta.user.telephony.mfa-verification')
  assert.deepEqual(Object.keys(body.data.context.request), ['id', 'method', 'url', 'ipAddress'])
  assert.deepEqual(Object.keys(body.data.userProfile), ['firstName', 'lastName', 'login', 'userId'])
  assert.deepEqual(body.data.messageProfile, {
    msgTemplate: 'Your verification code is 012345.',
    phoneNumber: '+12025550123',
    otpExpires: '2026-05-04T03:07:01.007Z',
    deliveryChannel: 'SMS',
    otpCode: '012345',
    locale: 'en',
  })
})

test('a voice call has no text, and another spelling of a channel is passed on', () => {
  const call = read({ to: '+12025550123', channel: 'voice' }).data.messageProfile
  assert.equal(call.deliveryChannel, 'voice call')
  assert.equal('msgTemplate' in call, false)
  assert.equal(read({ to: '1', channel: 'CALL' }).data.messageProfile.deliveryChannel, 'CALL')
})

test('a Spanish user gets a Spanish text', () => {
  for (const locale of ['es', 'es_MX', 'ES-ES']) {
    const profile = read({ to: '1', locale, code: '1' }).data.messageProfile
    assert.equal(profile.msgTemplate, 'Tu código de verificación es 1.')
    assert.equal(profile.locale, locale)
  }
  assert.match(String(read({ to: '1', locale: 'est' }).data.messageProfile.msgTemplate), /^Your/)
})

test("a preview is that of Okta's console, unless the order changes it", () => {
  const { context, messageProfile } = read({ preview: true }).data
  assert.equal(messageProfile.phoneNumber, '9876543210')
  assert.equal(messageProfile.otpCode, '11111')
  assert.match(context.request.url.value, /\/generatePreview$/)
  assert.equal(read({ preview: true, to: '+1' }).data.messageProfile.phoneNumber, '+1')
})

test('overrides are merged into the body and fields can be left out, so that anything can be sent', () => {
  const overrides = { requestType: null, data: { messageProfile: { otpCode: 11111 }, context: [] } }
  const body = read({ to: '1', overrides, omit: ['eventId', 'data.messageProfile.locale', 'no.such.field'] })
  assert.equal(body.requestType, null)
  assert.equal(body.data.messageProfile.otpCode, 11111)
  assert.equal(body.data.messageProfile.phoneNumber, '1')
  assert.deepEqual(body.data.context, [])
  assert.equal('eventId' in body, false)
  assert.equal('locale' in body.data.messageProfile, false)
})

test('an override named `__proto__` is a plain field', () => {
  const body = read({ to: '1', overrides: JSON.parse('{"__proto__": {"polluted": true}}') })
  assert.equal('polluted' in {}, false)
  assert.match(JSON.stringify(body), /"__proto__":\{"polluted":true\}/)
})

type Body = Record<string, unknown> & {
  readonly data: {
    readonly context: { readonly request: { readonly url: { readonly value: string } } }
    readonly userProfile: Record<string, unknown>
    readonly messageProfile: Record<string, unknown>
  }
}

function read(order: CallOrder): Body {
  return hookRequest(order, org, now) as Body
}
