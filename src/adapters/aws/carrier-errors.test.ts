import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import * as sdk from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { ERROR_NAMES, REASONS } from '../../../simulators/aws/end-user-messaging/aws-error.ts'
import {
  type EndUserMessaging,
  startEndUserMessaging,
} from '../../../simulators/aws/end-user-messaging/server.ts'
import { attempt, call, never } from '../../../test/fixtures/attempt.ts'
import { clients } from '../../../test/fixtures/aws-calls.ts'
import { useTestCredentials } from '../../../test/fixtures/aws-credentials.ts'
import { carrierOver } from '../../../test/fixtures/carriers.ts'
import type { FailureSubject } from '../../core/deliver/ports.ts'
import { Secret } from '../../core/values/secret.ts'
import { carrierErrors } from './carrier-error-table.ts'
import { meaningOf } from './carrier-errors.ts'

const UNKNOWN = { kind: 'unknown', code: 'CARRIER_UNKNOWN' }

/** What each reason is about, written down a second time by hand; every other may be about the recipient or message. */
const ABOUT: Readonly<Record<string, Readonly<Record<string, FailureSubject>>>> = {
  ConflictException: {
    ...all(
      'identity',
      `MESSAGE_TYPE_MISMATCH NOTIFY_CONFIGURATION_NOT_ACTIVE NUMBER_CAPABILITIES_MISMATCH RESOURCE_NOT_ACTIVE
       OPT_OUT_LIST_MISMATCH SELF_MANAGED_OPT_OUTS_MISMATCH TWO_WAY_CONFIG_MISMATCH KEYWORD_MISMATCH
       PHONE_NUMBER_ASSOCIATED_TO_POOL SENDER_ID_ASSOCIATED_TO_POOL RCS_AGENT_ASSOCIATED_TO_POOL
       PHONE_NUMBER_NOT_ASSOCIATED_TO_POOL PHONE_NUMBER_ASSOCIATED_TO_REGISTRATION REGISTRATION_NOT_COMPLETE
       PHONE_NUMBER_NOT_IN_REGISTRATION_REGION POOL_ASSOCIATED_TO_NOTIFY_CONFIGURATION`,
    ),
    NO_ORIGINATION_IDENTITIES_FOUND: 'identity and country',
    PROTECT_CONFIGURATION_NOT_ASSOCIATED_WITH_CONFIGURATION_SET: 'account',
  },
  ServiceQuotaExceededException: {
    ...all(
      'account',
      `MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT MONTHLY_SPEND_LIMIT_REACHED_FOR_VOICE MONTHLY_SPEND_LIMIT_REACHED_FOR_RCS
       MONTHLY_SPEND_LIMIT_REACHED_FOR_MEDIA MONTHLY_SPEND_LIMIT_REACHED_FOR_NOTIFY`,
    ),
    DAILY_NOTIFY_TIER_MESSAGE_LIMIT: 'identity',
  },
  ValidationException: {
    ...all(
      'identity and country',
      `PRICE_OVER_THRESHOLD INVALID_IDENTITY_FOR_DESTINATION_COUNTRY SENDER_ID_NOT_REGISTERED COUNTRY_NOT_ENABLED
       SENDER_ID_REQUIRES_REGISTRATION SENDER_ID_NOT_SUPPORTED COUNTRY_CODE_MISMATCH INTERNATIONAL_SENDING_NOT_SUPPORTED`,
    ),
    ...all(
      'identity',
      'CHANNEL_NOT_ENABLED VOICE_CAPABILITY_NOT_AVAILABLE RESOURCE_NOT_ACCESSIBLE INVALID_ARN INVALID_PARAMETER',
    ),
    UNKNOWN_OPERATION: 'account',
  },
  AccessDeniedException: all('account', 'ACCOUNT_DISABLED INSUFFICIENT_ACCOUNT_REPUTATION'),
}
function all(about: FailureSubject, reasons: string): Readonly<Record<string, FailureSubject>> {
  return Object.fromEntries(reasons.split(/\s+/).map(reason => [reason, about]))
}

/** About the recipient: whatever else changes, no other candidate may ever go round these. */
const ABOUT_THE_RECIPIENT = [
  ['ConflictException', 'DESTINATION_PHONE_NUMBER_OPTED_OUT', 'RECIPIENT_OPTED_OUT'],
  ['ConflictException', 'DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION', 'RECIPIENT_BLOCKED'],
  ['ConflictException', 'DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE', 'RECIPIENT_BLOCKED'],
  ['ConflictException', 'DESTINATION_PHONE_NUMBER_NOT_VERIFIED', 'CARRIER_SANDBOX'],
  ['ServiceQuotaExceededException', 'DAILY_DESTINATION_CALL_LIMIT', 'RECIPIENT_CALLED_TOO_OFTEN'],
  ['ValidationException', 'DESTINATION_COUNTRY_BLOCKED', 'CARRIER_REFUSED'],
] as const

const ENUMS_OF_SDK: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ConflictException: sdk.ConflictExceptionReason,
  ServiceQuotaExceededException: sdk.ServiceQuotaExceededExceptionReason,
  ValidationException: sdk.ValidationExceptionReason,
  AccessDeniedException: sdk.AccessDeniedExceptionReason,
}
const REASONS_OF_SDK = Object.entries(ENUMS_OF_SDK).flatMap(([name, reasons]) =>
  Object.values(reasons).map(reason => [name, reason] as const),
)

let standIn: EndUserMessaging
const carriers: ReturnType<typeof carrierOver>[] = []
const api = (path: string, method = 'GET', body?: object) =>
  fetch(`${standIn.url}${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) })

before(async () => {
  useTestCredentials()
  standIn = await startEndUserMessaging({ port: 0 })
  carriers.push(...Object.keys(clients).map(client => carrierOver(client, standIn.url)))
})
after(async () => {
  for (const carrier of carriers) carrier[Symbol.dispose]()
  await standIn.close()
})

/** The carrier's result for an error that the stand-in answers with: the same over every client, the SDK's included. */
const send = (changed = {}) => Promise.all(carriers.map(carrier => carrier.send(attempt(changed), never)))

async function answerTo(name: string, reason: string | undefined, changed = {}) {
  const isListed =
    ERROR_NAMES.some(known => known === name) &&
    (reason === undefined || (REASONS[name as keyof typeof REASONS] ?? []).includes(reason))
  const rule = {
    kind: 'error',
    name,
    times: carriers.length,
    ...(reason !== undefined && { reason }),
    ...(!isListed && { unlisted: true }),
  }
  await api('/faults', 'DELETE')
  const armed = await api('/faults', 'POST', rule)
  assert.equal(armed.status, 201, await armed.text())
  const [result = assert.fail(), ...others] = await send(changed)
  for (const other of others) assert.deepEqual(other, result)
  assert.ok(result.kind !== 'accepted')
  const messages = (await (await api('/messages')).json()) as readonly object[]
  assert.equal(messages.length, 0, 'something was sent')
  return result
}

describe('every row of the table', () => {
  for (const { name, reason, result, why, isAtDoor } of carrierErrors) {
    it(`is the carrier's result: ${name} ${reason ?? '(any other reason, or none)'}`, async () => {
      const { detail, ...answer } = await answerTo(name, reason)
      assert.deepEqual(answer, result)
      assert.ok(detail.startsWith(`${name} `), detail)
      if (reason !== undefined) assert.equal(detail, `${name} ${reason}`)
    })

    it(`has a known reason and is unique: ${name} ${reason ?? ''}`, () => {
      assert.match(why, /^[A-Z].{5,}\.$/)
      const same = carrierErrors.filter(row => row.name === name && row.reason === reason)
      assert.equal(same.length, 1)
    })

    it(`is proof without AWS's request ID ${isAtDoor ? 'no more' : 'too'}: ${name} ${reason ?? ''}`, () => {
      const withoutId = meaningOf({ name, reason, status: 400, hasRequestId: false }).result
      assert.deepEqual(withoutId, isAtDoor ? UNKNOWN : result)
    })
  }

  it('with a reason exists in the SDK', () => {
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
    const about = ABOUT[name]?.[reason]
    it(`${about === undefined ? 'ends the attempts' : `is about ${about}`}: ${name} ${reason}`, async () => {
      const answer = await answerTo(name, reason)
      assert.ok(answer.kind === 'failure', 'a refusal by name and reason proves that nothing was sent')
      if (about === undefined) assert.match(answer.about, /^(recipient|message)$/)
      else assert.equal(answer.about, about)
    })
  }

  for (const [name, reason, code] of ABOUT_THE_RECIPIENT) {
    it(`ends the attempts of calls as well, as ${code}: ${reason}`, async () => {
      const answer = await answerTo(name, reason, call)
      assert.ok(answer.kind === 'failure')
      assert.deepEqual([answer.code, answer.about], [code, 'recipient'])
    })
  }
})

describe('an unknown error', () => {
  for (const [name, kind, about] of [
    ['ConflictException', 'failure', 'recipient'],
    ['ServiceQuotaExceededException', 'failure', 'recipient'],
    ['ValidationException', 'failure', 'message'],
    ['AccessDeniedException', 'failure', 'identity'],
    ['ThrottlingException', 'failure', 'account'],
    ['InternalServerException', 'unknown', undefined],
    ['TeapotException', 'unknown', undefined],
    ['constructor', 'unknown', undefined],
  ] as const) {
    it(`is ${kind}${about === undefined ? '' : ` about ${about}`}, whatever its reason: ${name}`, async () => {
      for (const reason of ['NEWER_THAN_THIS_TABLE', undefined]) {
        const answer = await answerTo(name, reason)
        assert.equal(answer.kind, kind)
        if (answer.kind === 'failure') assert.equal(answer.about, about)
      }
    })
  }

  it('does not get the meaning of a reason of another error', () => {
    const meaning = (name: string) =>
      meaningOf({ name, reason: 'RESOURCE_NOT_ACTIVE', status: 400, hasRequestId: true })
    assert.deepEqual(meaning('TeapotException').result, UNKNOWN)
    assert.equal(meaning('ValidationException').reason, undefined)
  })
})

describe("an error at AWS's door", () => {
  const atDoor = (name: string, status: number, hasRequestId: boolean) =>
    meaningOf({ name, status, hasRequestId }).result
  for (const status of [403, 429]) {
    it(`lets the next candidate try, whatever its name, if AWS gave it: ${status}`, () => {
      for (const name of ['TeapotException', 'SyntaxError', 'Error', 'constructor', 'ConflictException']) {
        const result = atDoor(name, status, true)
        assert.equal(result.kind, 'failure', name)
      }
      assert.deepEqual(atDoor('TeapotException', status, true), {
        kind: 'failure',
        code: 'CARRIER_REFUSED',
        about: 'account',
      })
    })

    it(`proves nothing without AWS's request ID, whatever its name: ${status}`, () => {
      for (const name of ['TeapotException', 'ThrottlingException', 'ConflictException', 'SyntaxError'])
        assert.deepEqual(atDoor(name, status, false), UNKNOWN, name)
    })
  }

  it('does not have another status, unless its name is known', () => {
    for (const status of [400, 401, 404, 407, 413, 418]) {
      assert.deepEqual(atDoor('TeapotException', status, true), UNKNOWN)
      assert.equal(atDoor('ExpiredTokenException', status, true).kind, 'failure')
    }
  })
})

describe('a validation that names its fields', () => {
  const about = (reason: string | undefined, ...fields: readonly string[]) => {
    const { result } = meaningOf({
      name: 'ValidationException',
      reason,
      fields,
      status: 400,
      hasRequestId: true,
    })
    assert.ok(result.kind === 'failure')
    return result.about
  }
  for (const [field, subject] of [
    ['OriginationIdentity', 'identity'],
    ['MaxPrice', 'identity and country'],
    ['ConfigurationSetName', 'account'],
    ['DestinationPhoneNumber', 'recipient'],
    ['MessageBody', 'message'],
    ['TemplateVariables.code', 'message'],
    ['Context[0]', 'message'],
  ] as const) {
    it(`is about ${subject}, in upper or lower case: ${field}`, () => {
      const spellings = [
        field,
        field.toLowerCase(),
        field.toUpperCase(),
        field[0]?.toLowerCase() + field.slice(1),
      ]
      for (const spelling of spellings)
        for (const reason of ['INVALID_PARAMETER', 'NEWER_THAN_THIS_TABLE', 'OTHER', undefined])
          assert.equal(about(reason, spelling), subject, spelling)
    })
  }

  it('is about the recipient if one of them is, else about the message if one is', () => {
    assert.equal(about('INVALID_PARAMETER', 'OriginationIdentity', 'MessageBody'), 'message')
    assert.equal(about('INVALID_PARAMETER', 'MessageBody', 'destinationPhoneNumber'), 'recipient')
  })

  it('is what its reason says, if that is clear, whatever the fields', () => {
    assert.equal(
      about('INVALID_IDENTITY_FOR_DESTINATION_COUNTRY', 'DestinationPhoneNumber', 'OriginationIdentity'),
      'identity and country',
    )
    assert.equal(about('DESTINATION_COUNTRY_BLOCKED', 'OriginationIdentity'), 'recipient')
  })

  it('is what its reason says if the fields are unknown', () => {
    assert.equal(about('INVALID_PARAMETER', 'Teapot', 'constructor', ''), 'identity')
    assert.equal(about(undefined, 'Teapot'), 'message')
  })

  it('is read from the wire: a number that AWS refuses does not count against the identity', async () => {
    await api('/faults', 'DELETE')
    const destination = { ...attempt().destination, e164: new Secret('+0') }
    for (const answer of await send({ destination })) {
      assert.ok(answer.kind === 'failure')
      assert.equal(answer.about, 'recipient', answer.detail)
    }
  })
})
