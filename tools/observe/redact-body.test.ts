import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { body } from '../../test/fixtures/hook-body.ts'
import { redactBody } from './redact-body.ts'

const wordsOf = (json: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(redactBody(json).map(({ path, what }) => [path, what]))
const profileOf = (profile: object): Readonly<Record<string, string>> =>
  Object.fromEntries(
    redactBody({ data: { messageProfile: profile } }).map(({ path, what }) => [
      path.replace('data.messageProfile.', ''),
      what,
    ]),
  )

describe('a hook request, redacted', () => {
  test('shows forms and spellings', () => {
    const url = { value: '/api/internal/v1/inlineHooks/com.okta.telephony.provider/generatePreview' }
    assert.deepEqual(wordsOf(body({}, {}, { url, ipAddress: '203.0.113.77' })), {
      eventId: 'text of 22 base64url characters',
      eventTime: 'ISO 8601 time, milliseconds, UTC (Z)',
      eventType: '`com.okta.telephony.provider`',
      eventTypeVersion: '`1.0`',
      contentType: '`application/json`',
      cloudEventVersion: '`0.1`',
      source: '`https://(host)/api/v1/inlineHooks/…`',
      requestType: '`com.okta.user.telephony.mfa-verification`',
      'data.context.request.id': 'text of 25 base64url characters',
      'data.context.request.method': '`POST`',
      'data.context.request.url.value': `\`${url.value}\``,
      'data.context.request.ipAddress': 'IPv4 address',
      'data.userProfile.firstName': 'text',
      'data.userProfile.lastName': 'text',
      'data.userProfile.login': 'text',
      'data.userProfile.userId': 'text of 20 base64url characters',
      'data.messageProfile.msgTemplate': 'text of 24 characters, the code exactly once, GSM-7',
      'data.messageProfile.phoneNumber': '+ and 11 digits',
      'data.messageProfile.otpExpires': 'ISO 8601 time, milliseconds, UTC (Z)',
      'data.messageProfile.deliveryChannel': '`SMS`',
      'data.messageProfile.otpCode': 'text of 5 digits',
      'data.messageProfile.locale': '`EN-US`',
    })
  })

  test('knows the spellings and types that were seen so far', () => {
    assert.deepEqual(profileOf({ deliveryChannel: 'voice call', locale: 'zh_Hans_CN', otpCode: 740815 }), {
      deliveryChannel: '`voice call`',
      locale: '`zh_Hans_CN`',
      otpCode: 'number of 6 digits',
    })
    assert.deepEqual(profileOf({ phoneNumber: '9876543210', locale: null, msgTemplate: '' }), {
      phoneNumber: '10 digits without +',
      locale: 'null',
      msgTemplate: 'empty text',
    })
    for (const word of ['SMS', 'sms', 'CALL', 'Voice', 'VOICE_CALL', 'voice-call', 'WhatsApp'])
      assert.equal(profileOf({ deliveryChannel: word }).deliveryChannel, `\`${word}\``)
    assert.deepEqual(profileOf({ phoneNumber: 12065550142, msgTemplate: 'Код 7 7', otpCode: '7' }), {
      phoneNumber: 'number of 11 digits',
      msgTemplate: 'text of 7 characters, the code 2 times, UCS-2',
      otpCode: 'text of 1 digits',
    })
    assert.equal(
      wordsOf({ eventTime: '2026-03-01T12:00:00+02:00' }).eventTime,
      'ISO 8601 time, whole seconds, an offset',
    )
    assert.equal(
      wordsOf({ data: { context: { request: { ipAddress: '2001:db8::7' } } } })[
        'data.context.request.ipAddress'
      ],
      'IPv6 address',
    )
  })

  test('says nothing of a value in a field where it does not belong', () => {
    const number = '+12065550142'
    assert.deepEqual(
      profileOf({ locale: number, deliveryChannel: number, otpCode: number, otpExpires: number }),
      {
        locale: OTHER,
        deliveryChannel: OTHER,
        otpCode: OTHER,
        otpExpires: OTHER,
      },
    )
    for (const name of ['eventType', 'requestType', 'contentType', 'eventTypeVersion'])
      assert.equal(wordsOf({ [name]: 'Zebulon 740815' })[name], OTHER)
    assert.equal(wordsOf({ requestType: { ada: 'Zebulon' } })['requestType.ada'], 'text')
    assert.equal(wordsOf({ source: 'zebulon@example.org' }).source, 'text that is no address')
  })

  test('hides every part of an address that is not of Okta', () => {
    const address = 'https://acme.okta.com:8443/app/acme_crm_1/exk1fcia/sso/saml?login=zeb#740815'
    assert.equal(wordsOf({ source: address }).source, '`https://(host)/app/…/…/sso/saml?…`')
    assert.equal(wordsOf({ source: 'https://acme.okta.com' }).source, '`https://(host)`')
    assert.equal(wordsOf({ source: '/users/zebulon' }).source, '`/users/…`')
  })

  test('says of a field that nobody knows its name, if that is a word, and its type', () => {
    assert.deepEqual(wordsOf({ data: { newField: 'Zebulon', is_risky: true, scores: [1, 2], extra: {} } }), {
      'data.newField': 'text',
      'data.is_risky': 'boolean',
      'data.scores': 'list of 2',
      'data.scores.[]': 'number',
      'data.extra': 'empty object',
    })
    const names = [
      '+12065550142',
      'zeb@example.org',
      '00u1a2b3c4d5e6f7g8h9',
      'calX9yZ8wV7uT6sR5qP4',
      '740815',
      '__proto__',
      'a b',
      'a|b',
      '`',
      'x'.repeat(42),
    ]
    for (const name of names) {
      const [field] = redactBody(JSON.parse(`{${JSON.stringify(name)}: "Zebulon"}`))
      assert.deepEqual(field, { path: `(a name of ${name.length} characters)`, what: 'text' })
    }
  })

  test('is bounded, whatever comes', () => {
    const huge = 'Zebulon '.repeat(100_000)
    assert.equal(profileOf({ msgTemplate: huge }).msgTemplate, 'a very long text')
    const deep = JSON.parse(`${'{"a":'.repeat(500)}"Zebulon"${'}'.repeat(500)}`)
    assert.deepEqual(redactBody(deep), [])
    const wide = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, at) => ['n'.repeat(at % 40) + String(at), at]),
    )
    assert.ok(redactBody(wide).length <= 100)
    for (const json of [undefined, null, 'Zebulon', 740815, [], {}]) assert.deepEqual(redactBody(json), [])
  })

  test('holds no value of a person, wherever it stands', () => {
    const secrets = [
      'Zebulon',
      'Quackenbush',
      'zeb@example.org',
      '+12065550142',
      '740815',
      '203.0.113.77',
      '00uyxxSknGtK8022w0g3',
    ]
    const places = redactBody(body()).map(({ path }) => path)
    for (const path of [...places, 'data.other', 'data.list.0.deep', 'source.deep', 'eventId.deep'])
      for (const secret of secrets) {
        const redacted = JSON.stringify(redactBody(put(path.split('.'), secret)))
        assert.equal(redacted.includes(secret), false, `${path}: ${redacted}`)
      }
  })
})

function put([name = '', ...rest]: readonly string[], value: unknown): object {
  const inner = rest.length === 0 ? value : put(rest, value)
  return name === '0' ? [inner] : { [name]: inner }
}

const OTHER = 'text of another form'
