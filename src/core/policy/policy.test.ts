import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { policyOf, templateText, templateValuesOf } from '../../../test/fixtures/planning.ts'
import { fillIn } from '../message/template.ts'
import { defaultFraudPolicy } from './fraud-policy.ts'
import { defaultLimits } from './limits.ts'
import { findRoute, findTemplate, preparePolicy } from './policy.ts'
import { defaultRoutingPolicy } from './routing-policy.ts'

describe('finding a template', () => {
  const policy = policyOf({
    templates: [
      templateText({ locale: 'en' }),
      templateText({ locale: 'pt-BR' }),
      templateText({ locale: 'zh-TW' }),
      templateText({ locale: 'zh-CN' }),
      templateText({ locale: 'nb' }),
      templateText({ locale: 'nl-NL' }),
      templateText({ locale: 'en', purpose: 'account-unlock' }),
      templateText({ locale: 'de', channel: 'voice' }),
    ],
  })
  const find = (
    locale: string,
    purpose: 'account-unlock' | 'other' = 'other',
    channel: 'sms' | 'voice' = 'sms',
  ) => {
    const found = findTemplate(policy, { channel, purpose, locale })
    return found && `${found.locale}/${found.purpose}`
  }

  for (const [locale, expected] of [
    ['en-US', 'en/any'],
    ['pt', 'pt-BR/any'],
    ['pt-PT', 'pt-BR/any'],
    ['zh', 'zh-CN/any'],
    ['zh-Hans-SG', 'zh-CN/any'],
    ['zh-HK', 'zh-TW/any'],
    ['zh-Hant-HK', 'zh-TW/any'],
    ['no', 'nb/any'],
    ['nn-NO', 'nb/any'],
    ['nl-BE', 'nl-NL/any'],
    ['fr', undefined],
    ['de', undefined], // a template for calls only
  ] as const) {
    it(`gives ${expected ?? 'nothing'} to ${locale}`, () => assert.equal(find(locale), expected))
  }

  it('prefers that of the purpose, else the one for any', () => {
    assert.equal(find('en', 'account-unlock'), 'en/account-unlock')
    assert.equal(find('en', 'other'), 'en/any')
    assert.equal(find('pt', 'account-unlock'), 'pt-BR/any')
  })

  it('finds a template saved for Chinese by script', () => {
    const byScript = policyOf({
      templates: [
        templateText({ locale: 'zh-Hant' }),
        templateText({ locale: 'zh-Hans' }),
        templateText({ locale: 'zh' }),
      ],
    })
    const found = (locale: string) =>
      findTemplate(byScript, { channel: 'sms', purpose: 'other', locale })?.locale
    assert.equal(found('zh-TW'), 'zh-Hant')
    assert.equal(found('zh-HK'), 'zh-Hant')
    assert.equal(found('zh-CN'), 'zh-Hans')
  })

  it('keeps channels apart', () => {
    assert.equal(find('de', 'other', 'voice'), 'de/any')
    assert.equal(find('en', 'other', 'voice'), undefined)
  })
})

describe('finding a route', () => {
  const policy = policyOf({
    routes: [
      { country: 'ES', channel: 'sms', candidates: [{ identity: 'Own' }] },
      { country: '*', channel: 'sms', candidates: [{ identity: 'Default' }] },
      { country: 'FR', channel: 'voice', candidates: [{ identity: '+33987000000' }] },
    ],
  })

  it("uses the country's own, else the default one", () => {
    assert.equal(findRoute(policy, 'ES', 'sms')?.candidates[0]?.identity, 'Own')
    assert.equal(findRoute(policy, 'FR', 'sms')?.candidates[0]?.identity, 'Default')
  })

  it('uses none of another channel', () => {
    assert.equal(findRoute(policy, 'FR', 'voice')?.country, 'FR')
    assert.equal(findRoute(policy, 'ES', 'voice'), undefined)
  })
})

describe('preparing a policy', () => {
  it('succeeds with a broken template, which fails only when it is used', async () => {
    const policy = await preparePolicy({
      version: 3,
      templates: [templateText({ locale: 'en', text: '{code' }), templateText({ locale: 'es' })],
      routes: [],
      limits: defaultLimits,
      fraud: defaultFraudPolicy,
      routing: defaultRoutingPolicy,
    })
    assert.equal(policy.version, 3)
    const found = (locale: string) => findTemplate(policy, { channel: 'sms', purpose: 'other', locale })
    const filledIn = (locale: string) => fillIn(found(locale) ?? assert.fail(), templateValuesOf())
    assert.throws(() => filledIn('en'))
    assert.equal(filledIn('es'), '493817 is your code.')
  })
})
