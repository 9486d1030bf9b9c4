import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import type { CallOrder } from '../../simulators/okta/call-order.ts'
import { goodBody, postRaw } from '../support/requests.ts'
import { goodToken } from '../world/controls.ts'
import { sharedWorld } from '../world/world.ts'

const world = await sharedWorld()
const profile = (fields: object): CallOrder => ({ overrides: { data: { messageProfile: fields } } })

describe('an invalid body is 400 or 413, and nothing is sent', () => {
  beforeEach(async () => {
    await world.takeMessages()
  })
  const unreadable: readonly (readonly [what: string, body: string, status: number, code: string])[] = [
    ['nothing', '', 400, 'BODY_NOT_JSON'],
    ['text', 'phoneNumber=+12065550100', 400, 'BODY_NOT_JSON'],
    ['half of JSON', goodBody().slice(0, -3), 400, 'BODY_NOT_JSON'],
    ['a JSON list', `[${goodBody()}]`, 400, 'BODY_NOT_JSON'],
    ['a JSON string', '"SMS"', 400, 'BODY_NOT_JSON'],
    ['null', 'null', 400, 'BODY_NOT_JSON'],
    ['a good body padded to more than 64 KB', goodBody().padEnd(65_537), 413, 'BODY_TOO_LARGE'],
  ]
  for (const [what, body, status, code] of unreadable) {
    test(what, async () => {
      const response = await world.post(body)
      const answer = (await response.json()) as { error: { errorSummary: string }; debugContext: object }
      assert.equal(response.status, status)
      assert.equal(answer.error.errorSummary, 'The code could not be sent.')
      assert.equal((answer.debugContext as { code: string }).code, code)
      assert.deepEqual(await world.takeMessages(), [])
    })
  }

  test('a good body padded to exactly 64 KB is read', async () => {
    assert.equal((await world.post(goodBody().padEnd(65_536))).status, 200)
    assert.equal((await world.takeMessages()).length, 1)
  })

  for (const chunked of [false, true]) {
    test(`1 MB, ${chunked ? 'in chunks, without a length' : 'with its length'}`, async () => {
      const authorization = `Bearer ${await goodToken(world.okta)}`
      const { status } = await postRaw(world.hookUrl, goodBody().padEnd(1_000_000), {
        chunked,
        authorization,
      })
      assert.equal(status, 413)
      assert.deepEqual(await world.takeMessages(), [])
    })
  }
})

describe("a request that cannot be sent is answered in Okta's format, and nothing is sent", () => {
  beforeEach(async () => {
    await world.takeMessages()
  })
  const JP = '+819012345678'
  const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString()
  const asked: readonly (readonly [
    what: string,
    order: CallOrder,
    answer: 'error' | 'FAILED' | 'SUCCESSFUL',
    code: string,
  ])[] = [
    ['no number', { omit: ['data.messageProfile.phoneNumber'] }, 'error', 'PHONE_NUMBER_MISSING'],
    ['null for a number', profile({ phoneNumber: null }), 'error', 'PHONE_NUMBER_MISSING'],
    ['a list for a number', profile({ phoneNumber: ['+12065550100'] }), 'error', 'PHONE_NUMBER_MISSING'],
    ['no profile', { omit: ['data.messageProfile'] }, 'error', 'PHONE_NUMBER_MISSING'],
    ['no data', { omit: ['data'] }, 'error', 'PHONE_NUMBER_MISSING'],
    ['no code', { omit: ['data.messageProfile.otpCode'] }, 'error', 'CODE_MISSING'],
    ['letters in the code', { code: '12ab56' }, 'error', 'CODE_NOT_DIGITS'],
    ['text instead of a code', { code: 'call +1 900 555 0100' }, 'error', 'CODE_NOT_DIGITS'],
    ['digits in another script', { code: '١٢٣٤٥٦' }, 'error', 'CODE_NOT_DIGITS'],
    ['three digits', { code: '123' }, 'error', 'CODE_NOT_DIGITS'],
    ['eleven digits', { code: '12345678901' }, 'error', 'CODE_NOT_DIGITS'],
    ['a code expired two minutes ago', { otpExpires: ago(120) }, 'error', 'CODE_EXPIRED'],
    ['the placeholder of a preview', { preview: true, to: '9876543210' }, 'error', 'PREVIEW_PLACEHOLDER'],
    ['the placeholder without the preview', { to: '9876543210' }, 'error', 'PREVIEW_PLACEHOLDER'],
    ['a landline for a text', { to: '+442079460123' }, 'FAILED', 'NUMBER_LANDLINE'],
    ['a satellite number', { to: '+881612345678' }, 'SUCCESSFUL', 'NUMBER_SATELLITE'],
    [
      'a satellite number, called',
      { to: '+881612345678', channel: 'voice' },
      'SUCCESSFUL',
      'NUMBER_SATELLITE',
    ],
    ['a premium number', { to: '+449012345678', channel: 'voice' }, 'SUCCESSFUL', 'NUMBER_PREMIUM'],
    ['a number without a known country', { to: '+999555550100' }, 'FAILED', 'NUMBER_IMPOSSIBLE'],
    ['an unknown range', { to: '+15555550100' }, 'FAILED', 'NUMBER_RANGE_UNKNOWN'],
    ['a number without a country code', { to: '2065550100' }, 'FAILED', 'NUMBER_AMBIGUOUS'],
    ['a country without a route', { to: JP }, 'FAILED', 'NO_ROUTE'],
    [
      'a call with only a sender ID in the route',
      { to: '+4915112345678', channel: 'voice' },
      'FAILED',
      'NO_ROUTE',
    ],
    ['no channel', { omit: ['data.messageProfile.deliveryChannel'] }, 'error', 'CHANNEL_UNKNOWN'],
    ...['', 'pigeon', 'email', 'SMS2', 'voice mail', 'whatsapp', 'constructor', '__proto__'].map(
      channel =>
        [
          `the channel "${channel}"`,
          profile({ deliveryChannel: channel }),
          'error',
          'CHANNEL_UNKNOWN',
        ] as const,
    ),
  ]
  for (const [what, order, expected, code] of asked) {
    test(what, async () => {
      const { httpStatus, answer, verdict } = await world.call(order)
      assert.equal(httpStatus, 200)
      const { commands, error, debugContext } = answer as Answer
      // Okta does not learn the reason of a silent refusal; it is stored with the delivery.
      assert.equal(debugContext?.code, expected === 'SUCCESSFUL' ? undefined : code)
      assert.equal(
        expected === 'error' ? error?.errorSummary : commands?.[0]?.value[0]?.status,
        {
          error: 'The code could not be sent.',
          FAILED: 'FAILED',
          SUCCESSFUL: 'SUCCESSFUL',
        }[expected],
      )
      assert.equal(verdict.kind, expected === 'SUCCESSFUL' ? 'delivered-by-hook' : 'okta-sends-itself')
      assert.deepEqual(await world.takeMessages(), [])
    })
  }

  test('the placeholder of a preview tells the administrator to fill in a real number', async () => {
    const { answer } = await world.call({ preview: true, to: '9876543210' })
    const [cause] = (answer as Answer).error?.errorCauses ?? []
    assert.equal(cause?.location, 'data.messageProfile.phoneNumber')
    assert.match(cause?.errorSummary ?? '', /set data\.messageProfile\.phoneNumber to a real number/)
  })

  test('the reason why a number is blocked is not in the answer', async () => {
    const { answer } = await world.call({ to: '+881612345678' })
    assert.doesNotMatch(JSON.stringify(answer), /SATELLITE|fraud|blocked/i)
  })

  test('a member __proto__ is not read, and does not affect other requests', async () => {
    const body = `{"__proto__": ${goodBody()}, "data": {"__proto__": {"polluted": true}}}`
    const response = await world.post(body)
    assert.equal(response.status, 200)
    assert.equal(((await response.json()) as Answer).debugContext?.code, 'PHONE_NUMBER_MISSING')
    assert.equal('polluted' in {}, false)
    assert.deepEqual(await world.takeMessages(), [])
  })

  test('a landline can be called', async () => {
    const { verdict } = await world.call({ to: '+442079460123', channel: 'voice' })
    assert.equal(verdict.kind, 'delivered-by-hook')
    assert.equal((await world.takeMessages()).length, 1)
  })
})

describe('other addresses and methods', () => {
  beforeEach(async () => {
    await world.takeMessages()
  })
  for (const method of ['GET', 'PUT', 'DELETE']) {
    test(`${method} on the hook's address is not found`, async () => {
      const { status } = await fetch(world.hookUrl, { method })
      assert.ok(status === 404 || status === 405, String(status))
    })
  }
  test('an unknown path is not found, even with a good token', async () => {
    const authorization = `Bearer ${await goodToken(world.okta)}`
    const url = new URL('/mfa/other', world.hookUrl)
    const response = await fetch(url, { method: 'POST', body: goodBody(), headers: { authorization } })
    assert.equal(response.status, 404)
    assert.deepEqual(await world.takeMessages(), [])
  })
})

type Answer = {
  readonly commands?: readonly { readonly value: readonly { readonly status: string }[] }[]
  readonly error?: {
    readonly errorSummary: string
    readonly errorCauses: readonly { readonly errorSummary: string; readonly location?: string }[]
  }
  readonly debugContext?: { readonly code: string }
}
