import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  NOW,
  otpRequest,
  planRules,
  policyOf,
  shippedTexts,
  templateText,
} from '../../../test/fixtures/planning.ts'
import type { Policy } from '../policy/policy.ts'
import type { ReasonCode } from '../values/reasons.ts'
import type { OtpRequest } from '../values/request.ts'
import { type Plan, type PlanRules, plan, type RefusedPlan } from './plan.ts'

type Input = { readonly policy?: Policy; readonly rules?: Partial<PlanRules>; readonly now?: number }

function planOf(request: OtpRequest, { policy = policyOf(), rules = {}, now = NOW }: Input = {}): Plan {
  const planned = plan(request, policy, { ...planRules, ...rules }, now)
  assert.ok(planned.kind === 'plan', planned.kind === 'refusal' ? planned.code : '')
  return planned
}

function refusalOf(
  request: OtpRequest,
  { policy = policyOf(), rules = {}, now = NOW }: Input = {},
): RefusedPlan {
  const planned = plan(request, policy, { ...planRules, ...rules }, now)
  assert.ok(planned.kind === 'refusal', 'it was not refused')
  return planned
}

describe('a plan is refused', () => {
  const cases: readonly (readonly [string, ReasonCode, OtpRequest, Input?])[] = [
    ['when the code expired over 60 s ago', 'CODE_EXPIRED', otpRequest({ expiresAt: NOW - 60_001 })],
    [
      'for the placeholder of a preview',
      'PREVIEW_PLACEHOLDER',
      otpRequest({ phoneNumber: '9876543210', preview: true }),
    ],
    [
      'for the placeholder without a default country',
      'PREVIEW_PLACEHOLDER',
      otpRequest({ phoneNumber: ' 9876543210 ' }),
    ],
    [
      'for the placeholder of a preview also where it is a real number',
      'PREVIEW_PLACEHOLDER',
      otpRequest({ phoneNumber: '9876543210', preview: true }),
      { rules: { defaultCountry: 'IN' } },
    ],
    ['for an ambiguous number', 'NUMBER_AMBIGUOUS', otpRequest({ phoneNumber: '4155550100' })],
    ['for an impossible number', 'NUMBER_IMPOSSIBLE', otpRequest({ phoneNumber: '+999555550100' })],
    ['for a number of a wrong length', 'NUMBER_WRONG_LENGTH', otpRequest({ phoneNumber: '+1555555' })],
    ['for an old form', 'NUMBER_OLD_FORM', otpRequest({ phoneNumber: '+22520212345' })],
    ['for a range that nobody knows', 'NUMBER_RANGE_UNKNOWN', otpRequest({ phoneNumber: '+15555550100' })],
    ['for an extension', 'NUMBER_EXTENSION', otpRequest({ phoneNumber: '+34683783440 ext. 5' })],
    ['for a text to a landline', 'NUMBER_LANDLINE', otpRequest({ phoneNumber: '+442079460018' })],
    ['for a premium number', 'NUMBER_PREMIUM', otpRequest({ phoneNumber: '+19002345678', channel: 'voice' })],
    [
      'for a shared-cost number',
      'NUMBER_SHARED_COST',
      otpRequest({ phoneNumber: '+33820123456', channel: 'voice' }),
    ],
    ['for a satellite number', 'NUMBER_SATELLITE', otpRequest({ phoneNumber: '+881612345678' })],
    ['for a country without a route', 'NO_ROUTE', otpRequest(), { policy: policyOf({ routes: [] }) }],
    [
      'for a call from a route of sender IDs',
      'NO_ROUTE',
      otpRequest({ channel: 'voice' }),
      {
        policy: policyOf({
          routes: [{ country: '*', channel: 'voice', candidates: [{ identity: 'MyCompany' }] }],
        }),
      },
    ],
    ['without any template', 'NO_TEMPLATE', otpRequest(), { policy: policyOf({ templates: [] }) }],
    [
      'without a template for the channel',
      'NO_TEMPLATE',
      otpRequest({ channel: 'voice' }),
      { policy: policyOf({ templates: [templateText()] }) },
    ],
    [
      'for a template that is too long once filled in',
      'MESSAGE_TOO_LONG',
      otpRequest(),
      { policy: policyOf({ templates: [templateText({ text: `${'a'.repeat(1_530)}{code}` })] }) },
    ],
  ]
  for (const [when, code, request, input] of cases) {
    it(`${when}: ${code}`, () => {
      const refusal = refusalOf(request, input)
      assert.equal(refusal.code, code)
      const last = refusal.decisions.at(-1)
      assert.ok(last?.kind === 'refusal' && last.code === code)
    })
  }

  it('without personal data', () => {
    for (const [, , request, input] of cases) {
      const refusal = JSON.stringify(refusalOf(request, input))
      assert.ok(!refusal.includes(request.code.reveal()))
      const number = request.phoneNumber.reveal().trim()
      if (number !== '9876543210') assert.ok(!refusal.includes(number.replace('+', '')), refusal)
    }
  })
})

describe("the preview's placeholder", () => {
  it('is an ordinary number in a default country that has it, except in a preview', () => {
    const planned = planOf(otpRequest({ phoneNumber: '9876543210' }), { rules: { defaultCountry: 'IN' } })
    assert.equal(planned.destination.e164.reveal(), '+919876543210')
  })

  it('does not prevent a preview with a real number', () => {
    assert.equal(planOf(otpRequest({ preview: true })).destination.country, 'ES')
  })
})

describe('the time to live', () => {
  for (const [what, expiresAt, seconds] of [
    ['lasts until the code expires', NOW + 300_000, 300],
    ['is whole seconds, never longer than the code', NOW + 299_999, 299],
    ["is never under AWS's five seconds", NOW + 4_000, 5],
    ['is five seconds at the very end', NOW, 5],
    ['is five seconds for a code past its end but inside the leeway', NOW - 60_000, 5],
    ["is five minutes, the life of Okta's codes, without an expiry", undefined, 300],
    ["is never over AWS's three days", NOW + 30 * 86_400_000, 259_200],
    ['is never over three days, however far the future', 8_640_000_000_000_000, 259_200],
  ] as const) {
    it(what, () => {
      assert.equal(planOf(otpRequest({ expiresAt })).timeToLiveSeconds, seconds)
    })
  }
})

describe('the price', () => {
  const long = policyOf({
    templates: [templateText({ text: `${'a'.repeat(400)}{code}` })],
    routes: [
      {
        country: '*',
        channel: 'sms',
        candidates: [{ identity: '+18665550100' }, { identity: 'MyCompany', maxPricePerPart: 0.1 }],
      },
    ],
  })

  it('of a text is that of its parts, by candidate', () => {
    const { message, candidates } = planOf(otpRequest(), { policy: long })
    assert.equal(message.channel === 'sms' && message.parts, 3)
    assert.deepEqual(
      candidates.map(({ identity, maxPrice }) => [identity, maxPrice]),
      [
        ['+18665550100', 1.5],
        ['MyCompany', 0.3],
      ],
    )
  })

  it('has at most five decimals, as AWS accepts', () => {
    const { candidates } = planOf(otpRequest(), { policy: long, rules: { maxPricePerPart: 0.1 } })
    assert.equal(candidates[0].maxPrice, 0.3)
  })

  it('of a call is that of a minute', () => {
    const routes = [
      {
        country: '*',
        channel: 'voice',
        candidates: [{ identity: '+18665550100', maxPricePerMinute: 0.07 }, { identity: 'pool-1' }],
      },
    ] as const
    const { candidates } = planOf(otpRequest({ channel: 'voice' }), { policy: policyOf({ routes }) })
    assert.deepEqual(
      candidates.map(({ maxPrice }) => maxPrice),
      [0.07, 1],
    )
  })
})

describe("India's parameters", () => {
  const india = policyOf({
    templates: [...shippedTexts, templateText({ indiaTemplateId: '1107160000000000001' })],
    routes: [
      { country: '*', channel: 'sms', candidates: [{ identity: 'MyCompany', indiaEntityId: '1101' }] },
      { country: '*', channel: 'voice', candidates: [{ identity: '+18665550100', indiaEntityId: '1101' }] },
    ],
  })
  const parameters = (request: OtpRequest, policy = india) => {
    const [{ indiaEntityId, indiaTemplateId }] = planOf(request, { policy }).candidates
    return { indiaEntityId, indiaTemplateId }
  }
  const none = { indiaEntityId: undefined, indiaTemplateId: undefined }

  it('are sent with a text to India', () => {
    const expected = { indiaEntityId: '1101', indiaTemplateId: '1107160000000000001' }
    assert.deepEqual(parameters(otpRequest({ phoneNumber: '+919876543210' })), expected)
  })

  it('are sent with no other message', () => {
    assert.deepEqual(parameters(otpRequest({ phoneNumber: '+919876543210', channel: 'voice' })), none)
    assert.deepEqual(parameters(otpRequest({ phoneNumber: '+34683783440' })), none)
  })

  it('are left out without a registration', () => {
    assert.deepEqual(parameters(otpRequest({ phoneNumber: '+919876543210' }), policyOf()), none)
  })
})

describe('the candidates', () => {
  it("are those of the country's route before the default one, in order", () => {
    const routes = [
      {
        country: 'ES',
        channel: 'sms',
        candidates: [{ identity: 'MyCompany' }, { identity: '+34911234567' }],
      },
      { country: '*', channel: 'sms', candidates: [{ identity: '+18665550100' }] },
    ] as const
    const policy = policyOf({ routes })
    const identities = (phoneNumber: string) =>
      planOf(otpRequest({ phoneNumber }), { policy }).candidates.map(({ identity }) => identity)
    assert.deepEqual(identities('+34683783440'), ['MyCompany', '+34911234567'])
    assert.deepEqual(identities('+33755512501'), ['+18665550100'])
  })

  it('never include a sender ID or short code for a call', () => {
    const candidates = ['MyCompany', '12345', '+34911234567', 'pool-1'].map(identity => ({ identity }))
    const policy = policyOf({ routes: [{ country: 'ES', channel: 'voice', candidates }] })
    const planned = planOf(otpRequest({ channel: 'voice' }), { policy })
    assert.deepEqual(
      planned.candidates.map(({ identity }) => identity),
      ['+34911234567', 'pool-1'],
    )
  })
})
