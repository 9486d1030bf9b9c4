import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ReasonCode, type ReasonEntry, reasons } from '../core/values/reasons.ts'
import { type AnswerRules, answerError, answerOutcome, type HookAnswer } from './hook-response.ts'

const DELIVERY_ID = '0197a1b2-0000-7000-8000-000000000001'
const MESSAGE_ID = 'carrier-message-1'
const DEFAULTS: AnswerRules = { overLimit: 'error', blocked: 'silent', unknown: 'failed' }
const CHOICES = ['error', 'failed', 'silent'] as const
const everyRules: readonly AnswerRules[] = CHOICES.flatMap(overLimit =>
  CHOICES.flatMap(blocked =>
    (['failed', 'pending'] as const).map(unknown => ({ overLimit, blocked, unknown })),
  ),
)
const codes = Object.keys(reasons) as readonly ReasonCode[]
const codesOf = (answer: ReasonEntry['answer']): readonly ReasonCode[] =>
  codes.filter(code => reasons[code].answer === answer)

type Outcome = Parameters<typeof answerOutcome>[0]
const accepted = { kind: 'accepted', messageId: MESSAGE_ID, deliveryId: DELIVERY_ID } as Outcome
const ended = (code: ReasonCode): Outcome => {
  const { answer } = reasons[code]
  const kind = answer === 'unknown' ? 'unknown' : answer === 'failed' ? 'failure' : 'refusal'
  return {
    kind,
    code,
    detail: '12 characters, with +.',
    decisions: [],
    deliveryId: DELIVERY_ID,
  } as unknown as Outcome
}

type Command = { status: string; provider: string; transactionId: string; transactionMetadata: string }
type Body = {
  commands?: [{ type: string; value: [Command] }]
  error?: { errorSummary: string; errorCauses: [Record<string, string>] }
  debugContext?: Record<string, string>
}
const bodyOf = (answer: HookAnswer): Body => answer.body as Body
const commandOf = (answer: HookAnswer): Command => {
  const command = bodyOf(answer).commands?.[0].value[0]
  assert.ok(command, 'it has no command')
  return command
}

/** The answers that Okta's documentation allows, and no others. */
function assertIsOktas({ httpStatus, body }: HookAnswer): void {
  assert.ok([200, 400, 413].includes(httpStatus))
  assert.deepEqual(JSON.parse(JSON.stringify(body)), body) // nothing undefined, nothing that JSON changes
  assert.ok(JSON.stringify(body).length < 256_000)
  const { commands, error } = body as Body
  assert.ok((commands === undefined) !== (error === undefined), 'a command or an error, never both')
  if (commands !== undefined) {
    assert.equal(httpStatus, 200)
    assert.equal(commands.length, 1)
    assert.equal(commands[0].type, 'com.okta.telephony.action')
    assert.equal(commands[0].value.length, 1)
    const { status, ...texts } = commands[0].value[0]
    assert.match(status, /^(SUCCESSFUL|PENDING|FAILED)$/)
    assert.deepEqual(Object.keys(texts).sort(), ['provider', 'transactionId', 'transactionMetadata'])
    for (const text of Object.values(texts)) assert.match(text, /./)
  }
  if (error !== undefined) {
    assert.match(error.errorSummary, /^(The code could not be sent|Too many codes were requested)\./)
    assert.equal(error.errorCauses.length, 1)
    for (const [name, text] of Object.entries(error.errorCauses[0])) {
      assert.match(name, /^(errorSummary|reason|locationType|location|domain)$/)
      assert.equal(typeof text, 'string')
    }
  }
}

describe('the answer', () => {
  it("is one of Okta's, for every outcome under every setting", () => {
    for (const rules of everyRules) {
      assertIsOktas(answerOutcome(accepted, rules))
      for (const code of codes) assertIsOktas(answerOutcome(ended(code), rules))
    }
    for (const code of codes) assertIsOktas(answerError(code))
  })

  it('to an accepted message is SUCCESSFUL, with the ID of the carrier and our own', () => {
    for (const rules of everyRules) {
      assert.deepEqual(answerOutcome(accepted, rules), {
        httpStatus: 200,
        body: {
          commands: [
            {
              type: 'com.okta.telephony.action',
              value: [
                {
                  status: 'SUCCESSFUL',
                  provider: 'AWS End User Messaging',
                  transactionId: MESSAGE_ID,
                  transactionMetadata: DELIVERY_ID,
                },
              ],
            },
          ],
        },
      })
    }
  })

  for (const code of [...codesOf('cannot-send'), ...codesOf('failed')]) {
    it(`is FAILED, so that Okta sends with its own provider, with the reason for administrators: ${code}`, () => {
      for (const rules of everyRules) {
        const answer = answerOutcome(ended(code), rules)
        assert.equal(commandOf(answer).status, 'FAILED')
        const { meaning } = reasons[code]
        assert.deepEqual(bodyOf(answer).debugContext, { deliveryId: DELIVERY_ID, code, meaning })
      }
    })
  }

  for (const code of codesOf('unknown')) {
    it(`is what the setting says if the result is unknown: ${code}`, () => {
      for (const rules of everyRules) {
        const status = rules.unknown === 'pending' ? 'PENDING' : 'FAILED'
        assert.equal(commandOf(answerOutcome(ended(code), rules)).status, status)
      }
    })
  }

  for (const code of codesOf('invalid')) {
    it(`names the invalid field: ${code}`, () => {
      for (const rules of everyRules) {
        const { httpStatus, body } = answerOutcome(ended(code), rules)
        const cause = (body as Body).error?.errorCauses[0]
        assert.equal(httpStatus, 200)
        assert.equal(cause?.reason, code)
        assert.equal(cause?.locationType, 'body')
        assert.equal(cause?.location, (reasons[code] as ReasonEntry).location)
        assert.equal((body as Body).debugContext?.deliveryId, DELIVERY_ID)
      }
    })
  }
})

describe('a code that must not be sent', () => {
  it('has one of exactly these reasons', () => {
    assert.deepEqual(codesOf('blocked'), [
      'NUMBER_PREMIUM',
      'NUMBER_SHARED_COST',
      'NUMBER_SATELLITE',
      'FRAUD_BLOCK',
      'FRAUD_PREFIX',
      'FRAUD_COUNTRY',
      'FRAUD_NETWORK',
      'FRAUD_NEW_COUNTRIES',
      'FRAUD_SMALL_COUNTRIES',
      'FRAUD_BUDGET',
      'FRAUD_RARE_PREFIXES',
      'FRAUD_SILENT_BLOCKS',
      'FRAUD_RECOVERIES',
      'FRAUD_RESERVE',
      'FRAUD_KNOWN_USERS',
      'FRAUD_DENIED',
      'NUMBER_SILENT',
      'NUMBER_STRANGE_NETWORK',
      'NUMBER_UNPROVEN',
      'USER_MANY_NUMBERS',
      'RECIPIENT_BLOCKED',
    ])
    assert.deepEqual(codesOf('over-limit'), ['LIMIT_NUMBER', 'LIMIT_USER', 'LIMIT_NUMBER_AND_CHANNEL'])
  })

  it('is never one that cannot be sent', () => {
    for (const code of [
      'NO_ROUTE',
      'NUMBER_LANDLINE',
      'NUMBER_AMBIGUOUS',
      'NO_TEMPLATE',
      'RECIPIENT_OPTED_OUT',
      'NUMBER_IMPOSSIBLE',
      'NUMBER_WRONG_LENGTH',
      'NUMBER_OLD_FORM',
      'NUMBER_RANGE_UNKNOWN',
      'NUMBER_EXTENSION',
    ] as const) {
      for (const rules of everyRules)
        assert.equal(commandOf(answerOutcome(ended(code), rules)).status, 'FAILED', code)
    }
  })

  for (const [answer, rule, expected] of [
    ['over-limit', 'overLimit', 'error'],
    ['blocked', 'blocked', 'silent'],
  ] as const) {
    it(`has its own answer, ${expected} by default: ${answer}`, () => {
      for (const code of codesOf(answer)) {
        const answerTo = (choice: (typeof CHOICES)[number]) =>
          answerOutcome(ended(code), { ...DEFAULTS, overLimit: 'failed', blocked: 'failed', [rule]: choice })
        assert.deepEqual(answerOutcome(ended(code), DEFAULTS), answerTo(expected))
        assert.equal(commandOf(answerTo('failed')).status, 'FAILED')
        assert.ok(bodyOf(answerTo('error')).error)
        const success = answerOutcome({ ...accepted, messageId: DELIVERY_ID } as Outcome, DEFAULTS)
        assert.deepEqual(answerTo('silent'), success)
      }
    })

    it(`is an error without the reason, the same for every reason: ${answer}`, () => {
      const errors = codesOf(answer).map(code => {
        const { error } = bodyOf(answerOutcome(ended(code), { ...DEFAULTS, [rule]: 'error' }))
        for (const telling of [code, reasons[code].meaning, reasons[code].remedy])
          assert.ok(!JSON.stringify(error).includes(telling))
        return error
      })
      for (const error of errors) assert.deepEqual(error, errors[0])
    })
  }

  it('is shown to an administrator in a preview, even if it is silent', () => {
    const shown = { kind: 'caller', name: 'secret header', org: undefined, claims: undefined } as unknown
    const preview = shown as NonNullable<Parameters<typeof answerOutcome>[2]>
    const { body } = answerOutcome(ended('NUMBER_PREMIUM'), DEFAULTS, preview)
    assert.equal((body as Body).commands?.[0].value[0].status, 'SUCCESSFUL')
    assert.equal((body as Body).debugContext?.code, 'NUMBER_PREMIUM')
  })

  it('asks the user to wait after too many requests', () => {
    const { error } = bodyOf(answerOutcome(ended('LIMIT_USER'), DEFAULTS))
    assert.match(error?.errorSummary ?? '', /wait a few minutes/)
    assert.equal(error?.errorCauses[0].reason, 'TOO_MANY')
  })
})

describe('the answer to an unreadable request', () => {
  it('is 413 for a body that is too large and 400 for every other', () => {
    for (const code of codesOf('unreadable')) {
      assert.equal(answerError(code).httpStatus, code === 'BODY_TOO_LARGE' ? 413 : 400)
    }
    assert.ok(codesOf('unreadable').length >= 2)
  })

  it('names no delivery', () => {
    const { meaning } = reasons.BODY_NOT_JSON
    assert.deepEqual(bodyOf(answerError('BODY_NOT_JSON')).debugContext, { code: 'BODY_NOT_JSON', meaning })
  })
})
