import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import type { CallOrder } from '../../simulators/okta/call-order.ts'
import { sharedWorld } from '../world/world.ts'

const world = await sharedWorld()
const profile = (fields: object): CallOrder => ({ overrides: { data: { messageProfile: fields } } })

describe("all of Okta's spellings are understood", () => {
  beforeEach(async () => {
    await world.takeMessages()
  })
  const channels = {
    sms: ['SMS', 'sms', 'Sms', ' sms '],
    voice: [
      'voice call',
      'VOICE CALL',
      'voice_call',
      'Voice-Call',
      'voicecall',
      'CALL',
      'call',
      'Voice',
      'VOICE',
    ],
  }
  for (const [channel, spellings] of Object.entries(channels)) {
    for (const spelling of spellings) {
      test(`the channel "${spelling}" is ${channel}`, async () => {
        const { verdict } = await world.call(profile({ deliveryChannel: spelling }))
        assert.equal(verdict.kind, 'delivered-by-hook')
        const arrived = await world.takeMessages()
        assert.deepEqual(
          arrived.map(message => message.channel),
          [channel],
        )
      })
    }
  }

  // A call has the voice of the user's region; if AWS has no voice for the language, the call is in the default
  // language, English.
  const locales: readonly (readonly [locale: unknown, language: string])[] = [
    ['en', 'en-US'],
    ['EN', 'en-US'],
    ['EN-US', 'en-US'],
    ['en_US', 'en-US'],
    ['en-gb', 'en-GB'],
    ['en_US.UTF-8', 'en-US'],
    ['es', 'es-US'],
    ['ES', 'es-US'],
    ['es-MX', 'es-MX'],
    ['es_MX', 'es-MX'],
    ['ES-mx', 'es-MX'],
    ['es_ES', 'es-ES'],
    ['es-419', 'es-MX'],
    ['es_ES.UTF-8', 'es-ES'],
    ['es-Latn-ES', 'es-ES'],
    [' es_MX ', 'es-MX'],
    ['zh_Hant_HK', 'cmn-CN'],
    ['pt', 'pt-BR'],
    ['pt_PT', 'pt-PT'],
    ['fr_CA', 'fr-CA'],
    ['fi_FI', 'en-US'],
    ['sw', 'en-US'],
    ['', 'en-US'],
    [null, 'en-US'],
    ['not a locale at all', 'en-US'],
    [42, 'en-US'],
  ]
  for (const [locale, language] of locales) {
    test(`the locale ${JSON.stringify(locale)} is spoken in ${language}`, async () => {
      const { verdict } = await world.call({ ...profile({ locale, deliveryChannel: 'voice call' }) })
      assert.equal(verdict.kind, 'delivered-by-hook')
      const arrived = await world.takeMessages()
      assert.deepEqual(
        arrived.map(message => message.language),
        [language],
      )
    })
  }

  test('a missing locale is spoken in the default language', async () => {
    await world.call({ channel: 'voice', omit: ['data.messageProfile.locale'] })
    assert.equal((await world.takeMessages())[0]?.language, 'en-US')
  })

  test("a text in a language without a template is Okta's own text", async () => {
    const msgTemplate = 'Nambari yako: 123456'
    await world.call({ ...profile({ msgTemplate, locale: 'sw_KE' }), code: '123456' })
    assert.equal((await world.takeMessages())[0]?.body, msgTemplate)
  })

  test('phone numbers as JSON numbers are read if no digit is lost', async () => {
    const { verdict } = await world.call(profile({ phoneNumber: 34683783441, otpCode: 123456 }))
    assert.equal(verdict.kind, 'delivered-by-hook')
    const [message] = await world.takeMessages()
    assert.deepEqual([message?.to, message?.body.includes('123456')], ['+34683783441', true])
  })
})
