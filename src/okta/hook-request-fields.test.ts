import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { body, invalid, type Json, read } from '../../test/fixtures/hook-body.ts'
import { normalizeLocale } from '../core/values/locale.ts'
import { readChannel } from './hook-request.ts'

describe('the network', () => {
  for (const [ipAddress, network] of [
    ['203.0.113.7', '203.0.113'],
    [' 203.0.113.7 ', '203.0.113'],
    ['2001:db8:85a3::8a2e:370:7334', '2001:db8:85a3'],
    ['::ffff:203.0.113.7', '203.0.113'],
  ] as const) {
    it(`is all that is kept of ${ipAddress}`, () => {
      const request = read(body({}, {}, { ipAddress }))
      assert.equal(request.network, network)
      assert.ok(!JSON.stringify(request).includes(ipAddress.trim()))
    })
  }
  for (const ipAddress of [undefined, null, '', 'unknown', 3_405_803_783, '203.0.113.7, 10.0.0.1', {}, []]) {
    it(`is missing if the address cannot be read: ${JSON.stringify(ipAddress)}`, () =>
      assert.equal(read(body({}, {}, { ipAddress })).network, undefined))
  }
})

describe('the channel', () => {
  for (const spelling of ['SMS', 'sms', 'Sms', ' SMS ', 's.m.s']) {
    it(`is a text: "${spelling}"`, () =>
      assert.equal(read(body({ deliveryChannel: spelling })).channel, 'sms'))
  }
  for (const spelling of [
    'voice call',
    'VOICE CALL',
    'voice_call',
    'VoiceCall',
    'voice-call',
    'Voice  Call',
    'CALL',
    'call',
    'Call',
    'Voice',
    'VOICE',
    'voice',
  ]) {
    it(`is a call: "${spelling}"`, () =>
      assert.equal(read(body({ deliveryChannel: spelling })).channel, 'voice'))
  }
  for (const spelling of [
    'email',
    'push',
    'whatsapp',
    '',
    ' ',
    'smsvoice',
    'sms,call',
    'SMS2',
    'voice call 2',
    'nosms',
    'callback',
    'ＳＭＳ',
    'ſms',
    '__proto__',
    'constructor',
    'toString',
    undefined,
    null,
    1,
    true,
    ['SMS'],
    { sms: true },
  ]) {
    it(`is refused, never guessed: ${JSON.stringify(spelling)}`, () => {
      assert.equal(invalid(body({ deliveryChannel: spelling })), 'CHANNEL_UNKNOWN')
    })
  }
  it('is unknown if it is missing', () => assert.equal(readChannel(undefined), undefined))
})

describe('the code', () => {
  for (const otpCode of ['1234', '0000', '004217', '0123456789', 1234, 9_999_999_999]) {
    it(`is 4 to 10 digits: ${JSON.stringify(otpCode)}`, () => {
      assert.equal(read(body({ otpCode })).code.reveal(), String(otpCode))
    })
  }
  for (const otpCode of [
    '123',
    '12345678901',
    'abcdef',
    '12a4',
    '１２３４',
    '١٢٣٤',
    '12 34',
    '12-34',
    '+1234',
    '-1234',
    '1234\n5678',
    '1e10',
    '0x1234',
    '<b>1234</b>',
    'call +1 900 555 0100',
    123,
    -1234,
    12_345_678_901,
  ]) {
    it(`is refused otherwise: ${JSON.stringify(otpCode)}`, () => {
      assert.equal(invalid(body({ otpCode })), 'CODE_NOT_DIGITS')
    })
  }
  for (const otpCode of ['', ' ', null, undefined, true, 12.5, 1e21, ['1234'], { S: '1234' }]) {
    it(`is missing if it is not text: ${JSON.stringify(otpCode)}`, () => {
      assert.equal(invalid(body({ otpCode })), 'CODE_MISSING')
    })
  }
})

describe('the number', () => {
  for (const phoneNumber of ['', ' ', null, undefined, false, [], ['+34683783440'], {}, 1e21, 0.5]) {
    it(`is missing if it is not text: ${JSON.stringify(phoneNumber)}`, () => {
      assert.equal(invalid(body({ phoneNumber })), 'PHONE_NUMBER_MISSING')
    })
  }
  it('is passed on as Okta sent it, trimmed', () => {
    assert.equal(read(body({ phoneNumber: ' 9876543210 ' })).phoneNumber.reveal(), '9876543210')
  })
})

describe("a value that is longer than any of Okta's", () => {
  const long = 'x'.repeat(60_000)
  it('is an error that names the field, if it decides who gets the code or what is a duplicate', () => {
    assert.equal(invalid(body({ phoneNumber: '+'.padEnd(65, '1') })), 'PHONE_NUMBER_TOO_LONG')
    assert.equal(invalid(body({ phoneNumber: '+'.padEnd(64, '1') })), 'read')
    assert.equal(invalid(body({ otpCode: '1'.repeat(60_000) })), 'CODE_NOT_DIGITS')
    assert.equal(invalid(body({ deliveryChannel: `sms${' '.repeat(300)}.` })), 'CHANNEL_UNKNOWN')
    assert.equal(invalid(body({}, { eventId: 'e'.repeat(256) })), 'EVENT_ID_INVALID')
    assert.equal(invalid(body({}, { eventId: 'e'.repeat(255) })), 'read')
  })
  it('is cut or left out otherwise, without refusing the code', () => {
    const { data } = body() as { data: Json }
    const userProfile = { firstName: long, login: long, userId: long }
    const context = { request: { id: long, url: { value: `${long}/generatePreview` } } }
    const request = read({
      ...body({ locale: long, otpExpires: long, msgTemplate: long }),
      data: {
        ...data,
        userProfile,
        context,
        messageProfile: {
          ...(data.messageProfile as Json),
          locale: long,
          otpExpires: long,
          msgTemplate: long,
        },
      },
      requestType: long,
    })
    const { user, locale, expiresAt, purpose, msgTemplate, oktaRequestId } = request
    assert.deepEqual(
      [user.login, user.id, user.firstName?.reveal(), oktaRequestId].map(text => text?.length),
      [256, 256, 256, 256],
    )
    assert.deepEqual([locale, expiresAt, purpose], [undefined, undefined, 'other'])
    assert.equal(msgTemplate?.reveal().length, 2_001)
  })
})

describe('the event ID', () => {
  for (const eventId of ['a\u0000b', 'a\nb', 'a\u001b[31m', 'a\u202eb', 'a\u200bb', '\u0085x', 'a\ud83d']) {
    it(`has no invisible characters: ${JSON.stringify(eventId)}`, () =>
      assert.equal(invalid(body({}, { eventId })), 'EVENT_ID_INVALID'))
  }
})

describe('the locale', () => {
  const spellings = {
    'en-US': ['EN-US', 'en-US', 'en-us', 'en_US', 'EN_US', 'en_US.UTF-8', ' en-US '],
    en: ['en', 'EN'],
    'es-MX': ['es_MX', 'es-mx', 'ES-MX'],
    'pt-BR': ['pt_BR', 'pt-br'],
    'zh-Hant-HK': ['zh_Hant_HK', 'zh-hant-hk'],
    'zh-Hant-TW': ['zh_TW_#Hant'],
    'nb-NO': ['nb_NO'],
    nb: ['nb', 'NB'],
  }
  for (const [locale, ways] of Object.entries(spellings)) {
    for (const way of ways) {
      it(`"${way}" is ${locale}`, () =>
        assert.equal(normalizeLocale(read(body({ locale: way })).locale), locale))
    }
  }
  for (const locale of [undefined, null, '', ' ', [], {}, true]) {
    it(`is missing: ${JSON.stringify(locale)}`, () => assert.equal(read(body({ locale })).locale, undefined))
  }
})

describe('the expiry', () => {
  for (const [otpExpires, expected] of [
    ['2026-03-01T12:05:00.000Z', '2026-03-01T12:05:00.000Z'],
    ['2026-03-01T12:05:00Z', '2026-03-01T12:05:00.000Z'],
    ['2026-03-01T13:05:00.5+01:00', '2026-03-01T12:05:00.500Z'],
    ['2026-03-01T12:05:00.000', '2026-03-01T12:05:00.000Z'], // UTC, in whatever zone this machine is
  ] as const) {
    it(`is read: ${otpExpires}`, () => {
      assert.equal(read(body({ otpExpires })).expiresAt, Date.parse(expected))
    })
  }
  for (const otpExpires of [
    'soon',
    '300',
    300,
    1_772_366_700_000,
    '2026-02-31',
    '2026-13-01T00:00:00Z',
    'Mar 1 2026',
    null,
    '',
    {},
  ]) {
    it(`is missing if it cannot be read, so that a new format does not stop codes: ${JSON.stringify(otpExpires)}`, () => {
      assert.equal(read(body({ otpExpires })).expiresAt, undefined)
    })
  }
})
