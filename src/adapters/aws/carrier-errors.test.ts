import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  AccessDeniedExceptionReason,
  ConflictExceptionReason,
  ServiceQuotaExceededExceptionReason,
  ValidationExceptionReason,
} from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { ERROR_NAMES } from '../../../simulators/end-user-messaging/aws-error.ts'
import { REASONS } from '../../../simulators/end-user-messaging/reasons.ts'
import {
  type EndUserMessaging,
  startEndUserMessaging,
} from '../../../simulators/end-user-messaging/server.ts'
import { attempt, call, never } from '../../../test/fixtures/attempt.ts'
import { useTestCredentials } from '../../../test/fixtures/aws-credentials.ts'
import { Secret } from '../../core/secret.ts'
import { type Carrier, createCarrier } from './carrier.ts'
import { carrierErrors, meaningOf } from './carrier-errors.ts'

/** What a reason means, written down once more by hand: these and no others let the next rung try. */
const NEXT_MAY_TRY: Readonly<Record<string, readonly string[]>> = {
  ConflictException: [
    ...['MESSAGE_TYPE_MISMATCH', 'NOTIFY_CONFIGURATION_NOT_ACTIVE', 'NO_ORIGINATION_IDENTITIES_FOUND'],
    ...['NUMBER_CAPABILITIES_MISMATCH', 'OPT_OUT_LIST_MISMATCH', 'PHONE_NUMBER_ASSOCIATED_TO_POOL'],
    ...['PHONE_NUMBER_NOT_ASSOCIATED_TO_POOL', 'PHONE_NUMBER_NOT_IN_REGISTRATION_REGION'],
    ...['REGISTRATION_NOT_COMPLETE', 'RESOURCE_NOT_ACTIVE'],
  ],
  ServiceQuotaExceededException: [
    ...['DAILY_NOTIFY_TIER_MESSAGE_LIMIT', 'MONTHLY_SPEND_LIMIT_REACHED_FOR_NOTIFY'],
    ...['MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT', 'MONTHLY_SPEND_LIMIT_REACHED_FOR_VOICE'],
  ],
  ValidationException: [
    ...[
      'CHANNEL_NOT_ENABLED',
      'COUNTRY_CODE_MISMATCH',
      'COUNTRY_NOT_ENABLED',
      'INVALID_ARN',
      'INVALID_PARAMETER',
    ],
    ...[
      'INTERNATIONAL_SENDING_NOT_SUPPORTED',
      'INVALID_IDENTITY_FOR_DESTINATION_COUNTRY',
      'PRICE_OVER_THRESHOLD',
    ],
    ...['RESOURCE_NOT_ACCESSIBLE', 'SENDER_ID_NOT_REGISTERED', 'SENDER_ID_NOT_SUPPORTED'],
    ...['SENDER_ID_REQUIRES_REGISTRATION', 'UNKNOWN_OPERATION', 'VOICE_CAPABILITY_NOT_AVAILABLE'],
  ],
  AccessDeniedException: Object.values(AccessDeniedExceptionReason),
}
/** About the recipient: whatever else changes, no other rung may ever go round these. */
const ABOUT_THE_RECIPIENT = [
  ['ConflictException', 'DESTINATION_PHONE_NUMBER_OPTED_OUT', 'RECIPIENT_OPTED_OUT'],
  ['ConflictException', 'DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION', 'RECIPIENT_BLOCKED'],
  ['ConflictException', 'DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE', 'RECIPIENT_BLOCKED'],
  ['ConflictException', 'DESTINATION_PHONE_NUMBER_NOT_VERIFIED', 'CARRIER_SANDBOX'],
  ['ServiceQuotaExceededException', 'DAILY_DESTINATION_CALL_LIMIT', 'RECIPIENT_CALLED_TOO_OFTEN'],
  ['ValidationException', 'DESTINATION_COUNTRY_BLOCKED', 'CARRIER_REFUSED'],
] as const

const REASONS_OF_SDK = Object.entries({
  ConflictException: ConflictExceptionReason,
  ServiceQuotaExceededException: ServiceQuotaExceededExceptionReason,
  ValidationException: ValidationExceptionReason,
  AccessDeniedException: AccessDeniedExceptionReason,
}).flatMap(([name, reasons]) => Object.values(reasons).map(reason => [name, reason] as const))

let standIn: EndUserMessaging
let carrier: Carrier
const api = (path: string, method = 'GET', body?: object) =>
  fetch(`${standIn.url}${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) })

before(async () => {
  useTestCredentials()
  standIn = await startEndUserMessaging({ port: 0 })
  carrier = createCarrier({
    region: 'us-east-1',
    endpoint: standIn.url,
    configurationSet: undefined,
    protectConfiguration: undefined,
    connectMs: 1_000,
    now: Date.now,
  })
})
after(async () => {
  carrier.close()
  await standIn.close()
})

/** The carrier's word on an error that the stand-in answers with, over the real SDK. */
async function answerTo(name: string, reason: string | undefined, changed = {}) {
  const isListed =
    ERROR_NAMES.some(known => known === name) &&
    (reason === undefined || (REASONS[name as keyof typeof REASONS] ?? []).includes(reason))
  const rule = {
    kind: 'error',
    name,
    times: 1,
    ...(reason !== undefined && { reason }),
    ...(!isListed && { unlisted: true }),
  }
  await api('/faults', 'DELETE')
  const armed = await api('/faults', 'POST', rule)
  assert.equal(armed.status, 201, await armed.text())
  const result = await carrier.send(attempt(changed), never)
  assert.ok(result.kind !== 'accepted')
  const messages = (await (await api('/messages')).json()) as readonly object[]
  assert.equal(messages.length, 0, 'something was sent')
  return result
}

describe('every row of the table', () => {
  for (const { name, reason, result, why } of carrierErrors) {
    it(`is what the carrier says: ${name} ${reason ?? '(any other reason, or none)'}`, async () => {
      const { detail, ...answer } = await answerTo(name, reason)
      assert.deepEqual(answer, result)
      assert.ok(detail.startsWith(`${name} `), detail)
      if (reason !== undefined) assert.equal(detail, `${name} ${reason}`)
    })

    it(`has a reason, and is there once: ${name} ${reason ?? ''}`, () => {
      assert.match(why, /^[A-Z].{5,}\.$/)
      const same = carrierErrors.filter(row => row.name === name && row.reason === reason)
      assert.equal(same.length, 1)
    })
  }

  it('with a reason is one that the SDK knows', () => {
    const known = REASONS_OF_SDK.map(pair => pair.join(' '))
    const rows = carrierErrors.flatMap(({ name, reason }) =>
      reason === undefined ? [] : [`${name} ${reason}`],
    )
    assert.deepEqual(
      rows.filter(row => !known.includes(row)),
      [],
    )
  })
})

describe('every reason that the SDK knows', () => {
  for (const [name, reason] of REASONS_OF_SDK) {
    const mayNextTry = NEXT_MAY_TRY[name]?.includes(reason) ?? false
    it(`${mayNextTry ? 'lets the next rung try' : 'ends the ladder'}: ${name} ${reason}`, async () => {
      const answer = await answerTo(name, reason)
      assert.ok(answer.kind === 'failure', 'a refusal by name and reason proves that nothing was sent')
      assert.equal(answer.next, mayNextTry)
    })
  }

  for (const [name, reason, code] of ABOUT_THE_RECIPIENT) {
    it(`ends the ladder of calls as well, as ${code}: ${reason}`, async () => {
      const answer = await answerTo(name, reason, call)
      assert.ok(answer.kind === 'failure')
      assert.deepEqual([answer.code, answer.next], [code, false])
    })
  }
})

describe('an error that nobody knows yet', () => {
  for (const [name, kind, next] of [
    ['ConflictException', 'failure', false],
    ['ServiceQuotaExceededException', 'failure', false],
    ['ValidationException', 'failure', false],
    ['AccessDeniedException', 'failure', true],
    ['ThrottlingException', 'failure', true],
    ['InternalServerException', 'unknown', undefined],
    ['TeapotException', 'unknown', undefined],
    ['constructor', 'unknown', undefined],
  ] as const) {
    it(`is ${kind}${next === true ? ', next rung' : ''}, whatever its reason: ${name}`, async () => {
      for (const reason of ['NEWER_THAN_THIS_TABLE', undefined]) {
        const answer = await answerTo(name, reason)
        assert.equal(answer.kind, kind)
        if (answer.kind === 'failure') assert.equal(answer.next, next)
      }
    })
  }

  it('does not borrow the meaning of a reason from another name', () => {
    const { result } = meaningOf('TeapotException', 'RESOURCE_NOT_ACTIVE')
    assert.deepEqual(result, { kind: 'unknown', code: 'CARRIER_UNKNOWN' })
    assert.equal(meaningOf('ValidationException', 'RESOURCE_NOT_ACTIVE').reason, undefined)
  })
})

describe('a validation that names its fields', () => {
  for (const [field, next] of [
    ['OriginationIdentity', true],
    ['MaxPrice', true],
    ['DestinationPhoneNumber', false],
    ['MessageBody', false],
  ] as const) {
    it(`is ${next ? 'about the rung' : 'about the message, from every rung'}: ${field}`, () => {
      const { result } = meaningOf('ValidationException', 'INVALID_PARAMETER', [field])
      assert.ok(result.kind === 'failure')
      assert.equal(result.next, next)
    })
  }

  it('is heard over the wire: a rung is not to blame for a number that AWS does not take', async () => {
    await api('/faults', 'DELETE')
    const destination = { ...attempt().destination, e164: new Secret('+0') }
    const answer = await carrier.send(attempt({ destination }), never)
    assert.ok(answer.kind === 'failure')
    assert.equal(answer.next, false, answer.detail)
  })
})
