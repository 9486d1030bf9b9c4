import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { NOW, otpRequest, planRules, policyOf, templateText } from '../../../test/fixtures/planning.ts'
import type { Policy } from '../policy/policy.ts'
import type { OtpRequest } from '../values/request.ts'
import { type Plan, plan } from './plan.ts'

function planOf(request: OtpRequest, policy: Policy = policyOf(), rules = planRules): Plan {
  const planned = plan(request, policy, rules, NOW)
  assert.ok(planned.kind === 'plan', planned.kind === 'refusal' ? planned.code : '')
  return planned
}
const templateUsedOf = (...input: Parameters<typeof planOf>): string => {
  const { templateUsed } = planOf(...input)
  return templateUsed.source === 'okta' ? 'okta' : `${templateUsed.locale}/${templateUsed.purpose}`
}
const OKTAS = 'Ihr Bestätigungscode lautet 493817.'

describe('the template', () => {
  for (const [what, locale, msgTemplate, expected] of [
    ["is in the user's own language", 'es_MX', OKTAS, 'es/any'],
    ["is Okta's own text where we have none in that language", 'de-DE', OKTAS, 'okta'],
    ['is in the default locale where Okta sends no text either', 'de-DE', undefined, 'en/any'],
    ["is Okta's own text where the locale is missing", undefined, OKTAS, 'okta'],
    ["is Okta's own text where the locale is none", 'garbage', OKTAS, 'okta'],
    ['is in the default locale where there is neither', undefined, undefined, 'en/any'],
  ] as const) {
    it(what, () => assert.equal(templateUsedOf(otpRequest({ locale, msgTemplate })), expected))
  }

  it('of Okta is sent unchanged, without a registration of ours', () => {
    const { message, candidates } = planOf(
      otpRequest({ locale: 'de', msgTemplate: OKTAS, phoneNumber: '+919876543210' }),
    )
    assert.equal(message.body.reveal(), OKTAS)
    assert.equal(candidates[0].indiaTemplateId, undefined)
  })

  it("is never Okta's text for a call", () => {
    const request = otpRequest({ channel: 'voice', locale: 'de', msgTemplate: OKTAS })
    assert.equal(templateUsedOf(request), 'en/any')
  })

  it('is that of the purpose before the one for any, in the closer language first', () => {
    const policy = policyOf({
      templates: [
        templateText({ locale: 'es', purpose: 'password-reset' }),
        templateText({ locale: 'es-MX' }),
        templateText({ locale: 'es' }),
      ],
    })
    const of = (purpose: OtpRequest['purpose'], locale: string) =>
      templateUsedOf(otpRequest({ purpose, locale }), policy)
    assert.equal(of('password-reset', 'es'), 'es/password-reset')
    assert.equal(of('mfa-verification', 'es'), 'es/any')
    assert.equal(of('password-reset', 'es-MX'), 'es-MX/any')
    assert.equal(of('other', 'es-AR'), 'es/any')
  })

  it('is reported with its version', () => {
    const policy = policyOf({ templates: [templateText({ version: 7 })] })
    const expected = { source: 'template', locale: 'en', purpose: 'any', version: 7 }
    assert.deepEqual(planOf(otpRequest(), policy).templateUsed, expected)
  })
})

describe("Okta's own text is not used", () => {
  for (const [why, msgTemplate, code = '493817'] of [
    ['without the code', 'Ihr Code lautet ......'],
    ['with another code', 'Ihr Code lautet 111111.'],
    ['with the code twice', '493817 ist Ihr Code: 493817'],
    ['with the code in a longer number', 'Ihr Code lautet 4938170.'],
    ['with the code in a longer number of other digits', 'Ihr Code lautet 493817٣.'],
    ['with the code over itself', 'Ihr Code lautet 11111.', '1111'],
    ['with the code and a longer number that holds it', '493817, Rückruf 0493817123'],
    ['with an address', '493817 https://evil.example/x'],
    ['with an address in capitals', '493817 HTTP://EVIL.EXAMPLE'],
    ['with an address of another scheme', '493817 intent://evil'],
    ['with www', '493817 WWW.evil.example'],
    ['with a bare domain', '493817 bit.ly/3x'],
    ['with a bare domain of any country', '493817 evil.ru/a'],
    ['with a domain in another script', '493817 пример.рф'],
    ['with a punycode domain', '493817 evil.xn--p1ai'],
    ['with a mail address', '493817 help@example.de'],
    ['in three parts', `493817 ${'a'.repeat(400)}`],
    ['in three parts for one character', `493817 ó${'a'.repeat(140)}`],
    ['with an invisible character', 'Ihr Code\u200b lautet 493817'],
    ['with a control character', 'Ihr Code lautet 493817\u0007'],
    ['with its order turned', 'Ihr Code lautet \u202e493817'],
    ['with the code in wide digits', 'Ihr Code lautet ４９３８１７.'],
    ['with the code twice, once in wide digits', '493817 oder ４９３８１７'],
    ['with a number to dial', '493817. Fragen? 0900 123456'],
    ['with a number to dial right after the code', '493817 0900123456'],
    ['with a link in wide letters', '493817 ｅｖｉｌ．ｃｏｍ'],
    ['that is longer than the carrier accepts', `493817 ${'a'.repeat(1_600)}`],
  ] as const) {
    it(why, () => {
      assert.equal(templateUsedOf(otpRequest({ locale: 'de', msgTemplate, code })), 'en/any')
    })
  }
})

describe("Okta's own text that is not used", () => {
  for (const [flaw, msgTemplate] of [
    ['too-long', `493817 ${'a'.repeat(60_000)}`],
    ['too-many-parts', `493817 ${'a'.repeat(400)}`],
    ['hidden-character', '493817\u200b'],
    ['code', '111111'],
    ['link', '493817 evil.ru'],
    ['phone-number', '493817, 0900123456'],
  ] as const) {
    it(`is reported with the reason in the plan and in the delivery: ${flaw}`, () => {
      const planned = planOf(otpRequest({ locale: 'de', msgTemplate }))
      assert.equal('oktasTextFlaw' in planned.templateUsed && planned.templateUsed.oktasTextFlaw, flaw)
    })
  }
  it('is every text with a control character other than a line end', () => {
    const templateFor = (character: string) =>
      planOf(otpRequest({ locale: 'de', msgTemplate: `493817 is${character}your code` })).templateUsed
    const controls = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code)).filter(character =>
      /\p{Cc}/u.test(character),
    )
    assert.equal(controls.length, 65)
    for (const character of controls)
      assert.equal(
        templateFor(character).source,
        /[\n\r]/.test(character) ? 'okta' : 'template',
        JSON.stringify(character),
      )
  })

  it('is not reported if ours has precedence', () => {
    assert.ok(!('oktasTextFlaw' in planOf(otpRequest({ msgTemplate: '493817 evil.ru' })).templateUsed))
  })
})

describe("Okta's own text is used", () => {
  for (const [what, msgTemplate] of [
    ['with the code at its beginning', '493817 ist Ihr Code'],
    ['with the code at its end', 'Ihr Code: 493817'],
    ['with the code next to letters', '验证码493817。请勿转发'],
    ['with dots and other numbers', 'Ihr Code ist 493817. Gültig 5 Min. bzw. bis 14.30 Uhr'],
    ['with two parts', `493817 ${'a'.repeat(299)}`],
  ] as const) {
    it(what, () => assert.equal(templateUsedOf(otpRequest({ locale: 'de', msgTemplate })), 'okta'))
  }

  for (const [what, msgTemplate] of [
    ['on two lines', '493817\nist Ihr Code\r\n'],
    ['with an emoji', '🔐 ⚠️ 493817'],
    ['with a number beside the code', '493817 5 Minuten'],
  ] as const) {
    it(what, () => assert.equal(templateUsedOf(otpRequest({ locale: 'de', msgTemplate })), 'okta'))
  }

  it('only within the allowed parts', () => {
    const request = otpRequest({ locale: 'de', msgTemplate: `493817 ${'a'.repeat(299)}` })
    assert.equal(templateUsedOf(request, policyOf(), { ...planRules, partsMax: 1 }), 'en/any')
  })
})

describe('a plan', () => {
  it('has the code in its message, whatever the locale and the code', () => {
    const locale = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[a-z]{2}([-_][A-Z]{2})?$/),
      fc.constantFrom(undefined, 'es', 'EN-US', 'zh_TW_#Hant', '__proto__'),
    )
    const code = fc.stringMatching(/^[0-9]{4,10}$/)
    fc.assert(
      fc.property(locale, code, fc.constantFrom('sms', 'voice'), (locale, code, channel) => {
        const body = planOf(otpRequest({ locale, code, channel })).message.body.reveal()
        const plain = channel === 'sms' ? body : body.replaceAll(/(?<=\d)<break time="\d+ms"\/>(?=\d)/g, '')
        assert.ok(plain.includes(code), plain)
      }),
    )
  })

  it('has the code in its message, whatever text Okta sends', () => {
    const text = fc.array(fc.constantFrom('1234', '12345', '.', ' ', 'www', 'ж', 'evil', 'com', '\n'), {
      maxLength: 8,
    })
    fc.assert(
      fc.property(text, pieces => {
        const request = otpRequest({ locale: 'de', code: '1234', msgTemplate: pieces.join('') })
        assert.match(planOf(request).message.body.reveal(), /(?<!\d)1234(?!\d)/)
      }),
    )
  })

  it('is the same for the same request, and does not change its input', () => {
    const revealed = (planned: Plan) => ({
      ...planned,
      destination: { ...planned.destination, e164: planned.destination.e164.reveal() },
      message: { ...planned.message, body: planned.message.body.reveal() },
    })
    const policy = policyOf()
    const request = Object.freeze(otpRequest({ locale: 'es_MX', channel: 'voice' }))
    const before = inspect({ request, policy }, { depth: 9 })
    const first = revealed(planOf(request, policy))
    assert.deepEqual(revealed(planOf(request, policy)), first)
    assert.deepEqual(revealed(planOf(otpRequest({ locale: 'es_MX', channel: 'voice' }), policyOf())), first)
    assert.equal(inspect({ request, policy }, { depth: 9 }), before)
  })

  it('prints neither code nor number, and its decisions name every step', () => {
    const planned = planOf(otpRequest())
    const printed = `${JSON.stringify(planned)}${inspect(planned, { depth: 9 })}`
    assert.ok(!printed.includes('493817') && !printed.includes('683783'), printed)
    assert.deepEqual(
      planned.decisions.map(({ kind }) => kind),
      ['request', 'phone-number', 'route', 'template', 'message', 'candidates', 'limits'],
    )
  })
})
