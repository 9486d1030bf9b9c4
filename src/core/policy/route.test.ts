import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { canSend, identityKind, regionProblem } from './route.ts'

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
    ['rcs-0123456789abcdef0', 'RCS agent'],
    [arn('rcs-agent/rcs-0123456789abcdef0'), 'RCS agent'],
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
    arn('constructor/x'),
    arn('toString/x'),
    'arn:aws:sms-voice:nowhere:123456789012:pool/x',
    'arn:aws:sns:us-east-1:1:pool/x',
    'phone-123 456',
    '-',
    '*',
    '__proto__!',
  ]) {
    it(`has no other form: ${JSON.stringify(identity)}`, () =>
      assert.equal(identityKind(identity), undefined))
  }

  it('of any kind can text', () => {
    for (const kind of ['phone number', 'pool', 'sender ID', 'short code', 'RCS agent'] as const)
      assert.ok(canSend(kind, 'sms'))
  })

  it('can call if it is a number, pool or notify configuration, but not a sender ID, RCS agent or short code', () => {
    assert.equal(canSend('phone number', 'voice'), true)
    assert.equal(canSend('pool', 'voice'), true)
    assert.equal(canSend('notify configuration', 'voice'), true)
    assert.equal(canSend('sender ID', 'voice'), false)
    assert.equal(canSend('short code', 'voice'), false)
    assert.equal(canSend('RCS agent', 'voice'), false)
  })
})

describe('region and partition of an identity', () => {
  const pool = (partition: string, region: string) =>
    `arn:${partition}:sms-voice:${region}:123456789012:pool/pool-1`
  for (const [what, candidate, home, problem] of [
    ['the same', { identity: pool('aws', 'us-east-1') }, 'us-east-1', undefined],
    ['another region', { identity: pool('aws', 'eu-west-1') }, 'us-east-1', undefined],
    [
      'another region, said twice',
      { identity: pool('aws', 'eu-west-1'), region: 'eu-west-1' },
      'us-east-1',
      undefined,
    ],
    ['a home that is not known', { identity: pool('aws-cn', 'cn-north-1') }, undefined, undefined],
    [
      'the same in another partition',
      { identity: pool('aws-us-gov', 'us-gov-west-1') },
      'us-gov-east-1',
      undefined,
    ],
    ['no ARN', { identity: '+18665550100', region: 'eu-west-1' }, 'us-east-1', undefined],
    [
      'China, from elsewhere',
      { identity: pool('aws-cn', 'cn-north-1') },
      'us-east-1',
      /^cn-north-1 is in partition aws-cn, .*of us-east-1 \(partition aws\)$/,
    ],
    [
      'GovCloud, from elsewhere',
      { identity: pool('aws-us-gov', 'us-gov-west-1') },
      'us-east-1',
      /^us-gov-west-1 is in partition aws-us-gov/,
    ],
    [
      'elsewhere, from GovCloud',
      { identity: pool('aws', 'us-east-1') },
      'us-gov-west-1',
      /^us-east-1 is in partition aws, /,
    ],
    [
      'China by the region of the route',
      { identity: '+8613800000000', region: 'cn-north-1' },
      'us-east-1',
      /^cn-north-1 is in partition aws-cn/,
    ],
    [
      'a partition that is not that of its region',
      { identity: pool('aws', 'cn-north-1') },
      undefined,
      /^its ARN has partition aws, but cn-north-1 is in aws-cn$/,
    ],
    [
      'a partition that nobody knows',
      { identity: pool('aws-moon', 'us-east-1') },
      'us-east-1',
      /^its ARN has partition aws-moon/,
    ],
    [
      'two regions',
      { identity: pool('aws', 'eu-west-1'), region: 'us-east-1' },
      'us-east-1',
      /^its ARN is in eu-west-1, but its region is us-east-1/,
    ],
  ] as const) {
    it(`${problem === undefined ? 'may be' : 'may not be'} ${what}`, () => {
      const found = regionProblem(candidate, home)
      if (problem === undefined) assert.equal(found, undefined)
      else assert.match(found ?? '', problem)
    })
  }
})
