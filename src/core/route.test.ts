import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { canSend, identityKind } from './route.ts'

const arn = (what: string, partition = 'aws'): string =>
  `arn:${partition}:sms-voice:us-east-1:123456789012:${what}`

describe('an origination identity', () => {
  for (const [identity, kind] of [
    ['+18665550100', 'phone number'],
    ['+12345', 'phone number'],
    ['+1866XXXXXXX', 'phone number'],
    ['phone-1234567890abcdef1234567890abcdef', 'phone number'],
    [arn('phone-number/phone-1234567890abcdef'), 'phone number'],
    [arn('phone-number/phone-1', 'aws-us-gov'), 'phone number'],
    ['pool-1234567890abcdef1234567890abcdef', 'pool'],
    [arn('pool/pool-1234567890abcdef'), 'pool'],
    [arn('sender-id/MyCompany/DE'), 'sender ID'],
    ['MyCompany', 'sender ID'],
    ['notify-1234567890abcdef', 'notify configuration'],
    [arn('notify-configuration/notify-1'), 'notify configuration'],
    ['My-Company', 'sender ID'],
    ['4Company', 'sender ID'],
    ['A', 'sender ID'],
    ['ElevenChars', 'sender ID'],
    ['phone-', 'sender ID'],
    ['123', 'short code'],
    ['12345', 'short code'],
    ['12345678', 'short code'],
  ] as const) {
    it(`is a ${kind} by its form: ${identity}`, () => assert.equal(identityKind(identity), kind))
  }

  for (const identity of [
    '',
    ' ',
    '+',
    '+0123456789',
    '18665550100',
    '12',
    '1-2-3',
    'TwelveLetters',
    'My Company',
    'Größe',
    ' +18665550100',
    '+18665550100\n+1',
    arn('configuration-set/x'),
    arn('sender-id/'),
    'arn:aws:sns:us-east-1:1:pool/x',
    'phone-123 456',
    '-',
    '*',
    '__proto__!',
  ]) {
    it(`has no other form: ${JSON.stringify(identity)}`, () =>
      assert.equal(identityKind(identity), undefined))
  }

  it('can text, whatever it is', () => {
    for (const kind of ['phone number', 'pool', 'sender ID', 'short code'] as const)
      assert.ok(canSend(kind, 'sms'))
  })

  it('can call when it is a number, a pool or a notify configuration, never when it is a sender ID or a short code', () => {
    assert.equal(canSend('phone number', 'voice'), true)
    assert.equal(canSend('pool', 'voice'), true)
    assert.equal(canSend('notify configuration', 'voice'), true)
    assert.equal(canSend('sender ID', 'voice'), false)
    assert.equal(canSend('short code', 'voice'), false)
  })
})
