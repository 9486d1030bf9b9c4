import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  NOW,
  otpRequest,
  planRules,
  policyOf,
  shippedTexts,
  templateText,
} from '../../test/fixtures/planning.ts'
import { plan } from '../core/plan/plan.ts'
import type { Policy } from '../core/policy/policy.ts'
import { reasons } from '../core/values/reasons.ts'
import type { OtpRequest } from '../core/values/request.ts'
import { explainDecision } from './explain-plan.ts'

const explain = (request: OtpRequest, policy: Policy = policyOf(), rules = planRules): readonly string[] =>
  plan(request, policy, rules, NOW)
    .decisions.map(explainDecision)
    .map(({ step, sentence }) => `${step}: ${sentence}`)

const routeOf = (identities: readonly string[], channel: 'sms' | 'voice' = 'sms') =>
  policyOf({
    routes: [{ country: 'ES', channel, candidates: identities.map(identity => ({ identity })) }],
  })

describe('a plan is explained', () => {
  it('step by step, each in a sentence', () => {
    assert.deepEqual(explain(otpRequest({ preview: true }), routeOf(['MyCompany', '+34911234567'])), [
      'request: sms, mfa-verification, a preview.',
      'phone-number: ES, MOBILE, ends in 40; read as international.',
      'route: The route of ES: MyCompany, then +34911234567.',
      "template: Okta's locale is en-US: template sms/en/any version 1.",
      'message: 1 part, GSM-7.',
      'candidates: Tried first: MyCompany; then, only on proof that nothing was sent, +34911234567. An identity at its pace limit, or with recent failures, is tried last.',
      'limits: Valid for 300 s. The price is at most $0.5 for the text.',
    ])
  })

  it('for a call, with what cannot call', () => {
    const policy = routeOf(['MyCompany', '12345', '+34911234567'], 'voice')
    const [, , route, , message, , limits] = explain(otpRequest({ channel: 'voice' }), policy)
    assert.equal(
      route,
      'route: The route of ES: +34911234567 (2 skipped: sender IDs and short codes cannot call).',
    )
    assert.match(message ?? '', /^message: Spoken by JOANNA, \d+ characters of SSML\.$/)
    assert.equal(limits, 'limits: Valid for 300 s. The price is at most $1 per minute.')
  })

  it('with the default route, and the region of an identity elsewhere', () => {
    const candidates = [{ identity: 'pool-1', region: 'eu-west-1' }]
    const policy = policyOf({ routes: [{ country: '*', channel: 'sms', candidates }] })
    const [, , route, , , tried] = explain(otpRequest(), policy)
    assert.equal(route, 'route: The default route (ES has no route of its own): pool-1.')
    assert.match(tried ?? '', /^candidates: Tried first: pool-1 in eu-west-1\./)
  })

  it('with a price without rounding errors', () => {
    const policy = policyOf({ templates: [templateText({ text: `${'a'.repeat(400)}{code}` })] })
    const steps = explain(otpRequest(), policy, { ...planRules, maxPricePerPart: 0.1 })
    assert.equal(steps.at(-1), 'limits: Valid for 300 s. The price is at most $0.3 for the text.')
  })
})

describe('the template is explained', () => {
  const OKTAS = 'Ihr Code lautet 493817.'
  for (const [what, request, says, rules = planRules] of [
    ['as a fallback', otpRequest({ locale: 'de' }), 'is de: template sms/en/any version 1, a fallback.'],
    [
      'without a locale',
      otpRequest({ locale: undefined, msgTemplate: OKTAS }),
      "is missing: no template for it, so Okta's own text is sent.",
    ],
    [
      'with a locale that is none',
      otpRequest({ locale: 'garbage', msgTemplate: OKTAS }),
      "is not a locale: no template for it, so Okta's own text is sent.",
    ],
    [
      "as Okta's text, which the settings prefer",
      otpRequest({ locale: 'es', msgTemplate: OKTAS }),
      "is es, read as es-ES because of the country of the number: the settings prefer Okta's own text.",
      { ...planRules, oktasTextFor: ['es'] },
    ],
    [
      "with what is wrong with Okta's text",
      otpRequest({ locale: 'de', msgTemplate: '493817 evil.ru' }),
      "is de: template sms/en/any version 1, a fallback. Okta's own text is not used: it has a link.",
    ],
  ] as const) {
    it(what, () => {
      const sentence = explain(request, policyOf({ templates: shippedTexts }), rules).find(text =>
        text.startsWith('template: '),
      )
      assert.equal(sentence, `template: Okta's locale ${says}`)
    })
  }
})

describe('a refusal is explained', () => {
  for (const [code, request, policy, last] of [
    ['CODE_EXPIRED', otpRequest({ expiresAt: NOW - 61_000 }), policyOf(), 'request: Expired 61 s ago.'],
    [
      'NUMBER_LANDLINE',
      otpRequest({ phoneNumber: '+442079460018' }),
      policyOf(),
      'phone-number: 13 characters, with +. GB, FIXED_LINE, ends in 18; read as international.',
    ],
    ['NO_ROUTE', otpRequest(), policyOf({ routes: [] }), 'route: ES over sms: no route.'],
    [
      'NO_TEMPLATE',
      otpRequest(),
      policyOf({ templates: [] }),
      "template: Okta's locale is en-US; default locale en.",
    ],
    [
      'MESSAGE_TOO_LONG',
      otpRequest(),
      policyOf({ templates: [templateText({ text: `${'a'.repeat(1_530)}{code}` })] }),
      'template: Template sms/en/any version 1.',
    ],
  ] as const) {
    it(`with the input, its meaning and its code: ${code}`, () => {
      assert.equal(explain(request, policy).at(-1), `${last} ${reasons[code].meaning} (${code})`)
    })
  }
})
