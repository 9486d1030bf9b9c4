import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { getExampleNumber } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { NOW, otpRequest, planRules, policyOf, templateText } from '../../../test/fixtures/planning.ts'
import { plan } from '../../core/plan/plan.ts'
import type { Route } from '../../core/policy/route.ts'
import { allCountries } from '../../core/values/phone-number.ts'
import { channels, purposes } from '../../core/values/request.ts'
import { coverage, oktaLocales } from './coverage.ts'
import type { TemplateCoverage } from './template-coverage.ts'

const EN_VOICE = templateText({ channel: 'voice', text: '<speak>{code}</speak>' })

describe('countries', () => {
  const routes: readonly Route[] = [
    { country: 'GB', channel: 'sms', candidates: [{ identity: 'ACME' }, { identity: '+447700900100' }] },
    { country: 'GB', channel: 'voice', candidates: [{ identity: 'ACME' }, { identity: '+447700900100' }] },
    { country: 'DE', channel: 'voice', candidates: [{ identity: 'ACME' }, { identity: '12345' }] },
    { country: 'US', channel: 'sms', candidates: [{ identity: 'ACME' }] },
    { country: '*', channel: 'sms', candidates: [{ identity: 'pool-a1' }] },
  ]
  const covered = coverage(policyOf({ routes }), planRules, ['JP'], NOW)
  const of = (country: string, channel: string) => {
    const found = covered.routes.find(one => one.country === country && one.channel === channel)
    assert.ok(found)
    return found
  }

  test('those with a route, their neighbours, those that were requested, and last all others', () => {
    assert.deepEqual(
      covered.routes.map(({ country, channel }) => `${country} ${channel}`),
      ['DE', 'GB', 'GG', 'IM', 'JE', 'JP', 'US', '*'].flatMap(country => [
        `${country} sms`,
        `${country} voice`,
      ]),
    )
  })

  test('its own route, in its order, without identities that cannot call', () => {
    assert.deepEqual([of('GB', 'sms').route, of('GB', 'sms').able], ['own', ['ACME', '+447700900100']])
    const { able, unable, gap } = of('GB', 'voice')
    assert.deepEqual([able, unable, gap], [['+447700900100'], ['ACME'], undefined])
  })

  test('the default route serves countries without a route', () => {
    for (const country of ['JP', '*'])
      assert.deepEqual([of(country, 'sms').route, of(country, 'sms').able], ['default', ['pool-a1']])
  })

  test('without a route, or with none that can call, NO_ROUTE', () => {
    for (const country of ['JP', '*', 'US']) {
      assert.equal(of(country, 'voice').route, 'none')
      assert.equal(of(country, 'voice').gap?.refuses, 'NO_ROUTE')
    }
    assert.equal(of('DE', 'voice').gap?.refuses, 'NO_ROUTE')
    assert.match(of('DE', 'voice').gap?.sentence ?? '', /only sender IDs or short codes, which cannot call/)
  })

  test('only sender IDs where the country has none: the carrier refuses', () => {
    assert.equal(of('US', 'sms').gap?.refuses, 'CARRIER_REFUSED')
  })

  test('agrees with the plan in every country', () => {
    const policy = policyOf({ routes })
    const countries = allCountries()
    let planned = 0
    for (const { country, channel, able, gap } of coverage(policy, planRules, countries, NOW).routes) {
      if (country === '*') continue
      const phoneNumber = getExampleNumber(country, examples)?.number
      if (phoneNumber === undefined) continue
      const result = plan(otpRequest({ phoneNumber, channel }), policy, planRules, NOW)
      if (result.kind === 'refusal' && result.code !== 'NO_ROUTE') continue // the example is no mobile number
      if (result.kind === 'plan' && result.destination.country !== country) continue
      planned++
      assert.equal(result.kind === 'refusal', gap?.refuses === 'NO_ROUTE', `${country} ${channel}`)
      if (result.kind === 'plan')
        assert.deepEqual(
          result.candidates.map(({ identity }) => identity),
          able,
        )
    }
    assert.ok(planned > 400, `${planned} were compared`)
  })
})

describe('languages', () => {
  const templatesOf = (
    templates: Parameters<typeof policyOf>[0],
    rules: Partial<typeof planRules> = {},
  ): ((locale: string, channel?: string, purpose?: string) => TemplateCoverage) => {
    const covered = coverage(policyOf(templates), { ...planRules, ...rules }, [], NOW)
    return (locale, channel = 'sms', purpose = 'mfa-verification') => {
      const found = covered.templates.find(
        one => one.locale === locale && one.channel === channel && one.purpose === purpose,
      )
      assert.ok(found, `${locale} ${channel} ${purpose} is covered`)
      return found
    }
  }

  test('every language of Okta, of a template, and of the settings, for each channel and purpose', () => {
    const policy = policyOf({ templates: [templateText({ locale: 'he' })] })
    const rules = { ...planRules, defaultLocale: 'fr-CA', fallbackVoiceLocale: 'es' }
    const { templates } = coverage(policy, rules, [], NOW)
    assert.equal(oktaLocales.length, 28)
    const locales = [...oktaLocales, 'fr-CA', 'he'].toSorted()
    assert.deepEqual([...new Set(templates.map(({ locale }) => locale))], locales)
    assert.equal(templates.length, locales.length * channels.length * purposes.length)
  })

  test('a template of its own, for the purpose or for any', () => {
    const of = templatesOf({
      templates: [templateText(), templateText({ purpose: 'password-reset', version: 3 }), EN_VOICE],
    })
    assert.deepEqual(
      [of('en').source, of('en').template, of('en').gap],
      ['own', { locale: 'en', purpose: 'any', version: 1 }, undefined],
    )
    assert.deepEqual(of('en', 'sms', 'password-reset').template?.version, 3)
    assert.deepEqual([of('en', 'voice').source, of('en', 'voice').voiceId], ['own', 'JOANNA'])
  })

  test('a template of the language, from another region', () => {
    const of = templatesOf({ templates: [templateText(), templateText({ locale: 'nl' })] })
    assert.deepEqual(
      [of('nl-NL').source, of('nl-NL').template?.locale, of('nl-NL').gap],
      ['related', 'nl', undefined],
    )
  })

  test("a text without a template is Okta's own, and the default locale without one", () => {
    const of = templatesOf({ templates: [templateText()] })
    assert.equal(of('fi').source, 'okta')
    assert.deepEqual(of('fi').gap, {
      sentence: "no template, so Okta's own text is sent. Without a usable one, the text in en is sent.",
      refuses: undefined,
    })
  })

  test('with nothing to fall back to, a text without one of Okta is refused', () => {
    const of = templatesOf({ templates: [] })
    assert.deepEqual([of('fi').source, of('fi').gap?.refuses], ['okta', 'NO_TEMPLATE'])
  })

  test("Okta's own text is no gap if the settings prefer it", () => {
    const templates = [templateText(), templateText({ locale: 'fi' })]
    const of = templatesOf({ templates }, { oktasTextFor: ['fi'] })
    assert.deepEqual([of('fi').source, of('fi').gap], ['okta', undefined])
  })

  test('a call in the default locale, or in the fallback of calls', () => {
    const of = templatesOf({ templates: [EN_VOICE] })
    assert.equal(of('de', 'voice').source, 'fallback')
    assert.equal(of('de', 'voice').gap?.sentence, 'no template, so users get a call in en.')
    assert.equal(of('fi', 'voice').gap?.sentence, 'AWS has no voice for it, so users get a call in en.')
    const spanish = templateText({
      channel: 'voice',
      locale: 'es',
      voiceId: '',
      text: '<speak>{code}</speak>',
    })
    const rules = { defaultLocale: 'fi', fallbackVoiceLocale: 'es' }
    const other = templatesOf({ templates: [spanish] }, rules)
    assert.deepEqual([other('fi', 'voice').template?.locale, other('fi', 'voice').voiceId], ['es', 'MIA'])
  })

  test('a template that no voice speaks is not used for calls', () => {
    const finnish = templateText({
      channel: 'voice',
      locale: 'fi',
      voiceId: '',
      text: '<speak>{code}</speak>',
    })
    const of = templatesOf({ templates: [EN_VOICE, finnish] })
    assert.deepEqual([of('fi', 'voice').source, of('fi', 'voice').template?.locale], ['fallback', 'en'])
  })

  test('without any template for calls, they are refused', () => {
    const of = templatesOf({ templates: [templateText()] })
    const { source, gap } = of('en', 'voice')
    assert.deepEqual([source, gap?.refuses], ['none', 'NO_TEMPLATE'])
    assert.match(gap?.sentence ?? '', /^refused \(NO_TEMPLATE\)\. There is no template/)
  })
})
