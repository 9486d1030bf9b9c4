import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { EVENT_TYPES } from '../../simulators/okta/event-types.ts'
import { activated, eventsBody, logEvent, sentByOkta } from '../../test/fixtures/okta-events.ts'
import { eventTypes, type OktaEvent, readEvents } from './events.ts'

function readOne(event: object): OktaEvent {
  const [read, ...others] = readEvents(eventsBody(event as never)) ?? []
  assert.ok(read)
  assert.deepEqual(others, [])
  return read
}
const reasonOf = (event: object): string => {
  const read = readOne(event)
  return read.kind === 'not-joined' ? read.reason : read.kind
}
const factor = (name: unknown) => ({ debugContext: { debugData: { factor: name } } })
const OTHER = { id: '00uadministrator', type: 'User', alternateId: 'admin@example.com' }

describe('an event of Okta', () => {
  it('is an answer if a user signed in with a code', () => {
    assert.deepEqual(readOne(logEvent()), {
      kind: 'answer',
      network: '203.0.113',
      type: 'user.authentication.auth_via_mfa',
      publishedAt: Date.parse('2026-03-01T12:00:20Z'),
      userId: '00u1a2b3c4d5e6f7g8h9',
      login: 'Ana.Lopez@example.com',
      channel: 'sms',
    })
  })

  it('is an answer if a user enrolled a phone', () => {
    const read = readOne(activated())
    assert.ok(read.kind === 'answer')
    assert.deepEqual([read.userId, read.channel], ['00u1a2b3c4d5e6f7g8h9', 'sms'])
  })

  it('is a code that Okta sent itself if it has the flag of a fail-over, and says nothing without it', () => {
    assert.deepEqual(readOne(sentByOkta()), {
      kind: 'sent-by-okta',
      type: 'system.sms.send_phone_verification_message',
      publishedAt: Date.parse('2026-03-01T12:00:20Z'),
      userId: '00u1a2b3c4d5e6f7g8h9',
      login: 'Ana.Lopez@example.com',
      channel: 'sms',
    })
    const call = sentByOkta({
      eventType: 'system.voice.send_phone_verification_call',
      debugContext: { debugData: { is_call_hook_failover: true } },
    })
    const read = readOne(call)
    assert.deepEqual(read.kind === 'sent-by-okta' && read.channel, 'voice')
    for (const debugData of [{}, { is_sms_hook_failover: 'false' }, { provider: 'AWS End User Messaging' }])
      assert.equal(readOne(sentByOkta({ debugContext: { debugData } })).kind, 'ignored')
    assert.equal(readOne(sentByOkta({ outcome: { result: 'DENY' } })).kind, 'ignored')
    assert.equal(readOne(sentByOkta({ actor: null })).kind, 'ignored')
  })

  for (const [what, changed, channel] of [
    ['a call', factor('CALL_FACTOR'), 'voice'],
    ['a text, by its type', factor('sms'), 'sms'],
    ['a call, by its type', { debugContext: { debugData: { factorType: 'call' } } }, 'voice'],
    [
      'a text, in the reason of an older event',
      { ...factor(undefined), outcome: reason('SMS_FACTOR') },
      'sms',
    ],
    [
      'a call, in the reason of an older event',
      { debugContext: null, outcome: reason('CALL_FACTOR.') },
      'voice',
    ],
  ] as const) {
    it(`names the channel: ${what}`, () => {
      const read = readOne(logEvent(changed))
      assert.equal(read.kind === 'answer' && read.channel, channel)
    })
  }

  for (const [what, event] of [
    ['another factor', logEvent(factor('OKTA_VERIFY_PUSH'))],
    [
      'another factor, whatever its reason says',
      logEvent({ ...factor('EMAIL_FACTOR'), outcome: reason('SMS_FACTOR') }),
    ],
    ['a property of every object', logEvent(factor('constructor'))],
    ['a wrong code', logEvent({ outcome: { result: 'FAILURE', reason: 'INVALID_CREDENTIALS' } })],
    ['no outcome', logEvent({ outcome: null })],
    ['another type', logEvent({ eventType: 'user.session.start' })],
    ['another type of a factor', logEvent({ eventType: 'user.mfa.factor.deactivate' })],
    ['no type', logEvent({ eventType: undefined })],
    ['a password that an administrator reset', account({ actor: OTHER })],
    [
      'an updated factor other than a phone',
      activated({ eventType: 'user.mfa.factor.update', ...factor('X') }),
    ],
    ['null', null],
    ['a text', 'event'],
    ['a list', []],
  ] as const) {
    it(`is ignored if it is about ${what}`, () => {
      const [read] = readEvents({ data: { events: [event] } }) ?? []
      assert.equal(read?.kind, 'ignored')
    })
  }

  for (const [reason, what, event] of [
    ['recovery', 'a password that a user reset', account()],
    ['recovery', 'an account that a user unlocked', account({ eventType: 'user.account.unlock' })],
    ['replaced-enrolment', 'a replaced phone', activated({ eventType: 'user.mfa.factor.update' })],
    ['by-another', 'a phone that an administrator activated', activated({ actor: OTHER })],
    ['unreadable', 'no time', logEvent({ published: 'yesterday' })],
    ['unreadable', 'no user', logEvent({ actor: null })],
    ['unreadable', 'a user without a name', logEvent({ actor: { type: 'User' } })],
    ['unreadable', 'a system that acted', logEvent({ actor: { id: 'system', type: 'SystemPrincipal' } })],
  ] as const) {
    it(`is not joined (${reason}) if it has ${what}`, () => assert.equal(reasonOf(event), reason))
  }

  it('is about its target if the system acted', () => {
    const read = readOne(activated({ actor: { id: 'system', type: 'SystemPrincipal' } }))
    assert.equal(read.kind === 'answer' && read.userId, '00u1a2b3c4d5e6f7g8h9')
  })

  it('has one of a few types, however many Okta has', () => {
    assert.equal(readOne(logEvent({ eventType: `x.${Math.PI}` })).type, 'other')
    for (const type of eventTypes) assert.equal(readOne(logEvent({ eventType: type })).type, type)
  })

  it('has a type that Okta sends, and each type that Okta sends about factors is read or known to say nothing', () => {
    const sent = [...EVENT_TYPES].flatMap(([type, { isEligible }]) => (isEligible ? [type] : []))
    assert.deepEqual(
      eventTypes.filter(type => !sent.includes(type)),
      [],
    )
    assert.deepEqual(sent.filter(type => !(eventTypes as readonly string[]).includes(type)).toSorted(), [
      'inline_hook.executed', // a hook failed
      'user.account.unlock_by_admin', // an administrator acted
      'user.account.update_password', // also without a code: Okta sends reset_password for a recovery
      'user.mfa.factor.deactivate', // a factor was removed
      'user.mfa.factor.reset_all',
      'user.mfa.factor.suspend',
      'user.mfa.factor.unsuspend',
    ])
  })

  it('is read without a failure, whatever the body is', () => {
    for (const body of [null, 1, 'x', [], {}, { data: null }, { data: { events: {} } }, { data: [] }])
      assert.equal(readEvents(body), undefined)
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), events => {
        const read = readEvents({ data: { events } })
        assert.equal(read?.length, events.length)
      }),
    )
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(logEvent())), fc.jsonValue(), (name, value) => {
        assert.ok(readOne(logEvent({ [name]: value })))
      }),
    )
  })
})

function reason(factorName: string): object {
  return { result: 'SUCCESS', reason: `User authenticated with ${factorName}` }
}

function account(changed: object = {}) {
  return activated({ eventType: 'user.account.reset_password', ...changed })
}
