import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Message } from '../message/message.ts'
import type { Candidate } from '../policy/route.ts'
import { Secret } from '../values/secret.ts'
import { planCandidate } from './candidates.ts'

const rules = { maxPricePerPart: 0.5, maxPricePerMinute: 1, homeRegion: 'us-east-1' }
const text = (parts = 1): Message => ({
  channel: 'sms',
  form: 'full',
  body: new Secret('x'),
  encoding: 'GSM-7',
  parts,
  septetsOrUnits: 20,
})
const call: Message = { channel: 'voice', form: 'full', body: new Secret('x'), voiceId: 'JOANNA' }
const planned = (candidate: Candidate, message: Message = text()) =>
  planCandidate(candidate, message, 'US', undefined, rules)

describe('the pace of a text', () => {
  for (const [what, identity, max] of [
    ['a US toll-free number', '+18665550100', 3],
    ['a US long code (10DLC)', '+12065550100', 1],
    ['a long code of another country', '+34911234567', 10],
    ['a short code', '12345', 100],
    ['a sender ID', 'MyCompany', 10],
  ] as const) {
    it(`from ${what} is ${max} parts a second`, () => {
      assert.deepEqual(planned({ identity }).paces, [{ key: `sms//${identity}`, max, windowSeconds: 1 }])
    })
  }

  for (const identity of ['pool-1234', 'phone-1234', 'notify-1234']) {
    it(`from ${identity} is unknown`, () => assert.deepEqual(planned({ identity }).paces, []))
  }

  it('is shared by all countries, as AWS counts it', () => {
    const of = (country: 'US' | 'CA') =>
      planCandidate({ identity: '+12065550100' }, text(), country, undefined, rules).paces
    assert.deepEqual(of('US'), of('CA'))
  })

  it('is what the route says, for pools as well', () => {
    const { paces } = planned({ identity: 'pool-1234', partsPerSecond: 20 })
    assert.deepEqual(paces, [{ key: 'sms//pool-1234', max: 20, windowSeconds: 1 }])
  })
})

describe('the pace of a call', () => {
  it('is one a second for a number, and twenty a minute for its account and region', () => {
    const { paces } = planned({ identity: '+12065550100', partsPerSecond: 99 }, call)
    assert.deepEqual(paces, [
      { key: 'voice//+12065550100', max: 1, windowSeconds: 1 },
      { key: 'voice/', max: 20, windowSeconds: 60 },
    ])
  })

  it('is only that of the account for a pool, and separate for each region', () => {
    assert.deepEqual(planned({ identity: 'pool-1', region: 'eu-west-1' }, call).paces, [
      { key: 'voice/eu-west-1', max: 20, windowSeconds: 60 },
    ])
  })
})

describe('the region of a candidate', () => {
  const pool = (region: string) => `arn:aws:sms-voice:${region}:123456789012:pool/pool-1`
  for (const [what, candidate, region] of [
    ['home, where nothing says otherwise', { identity: 'pool-1' }, undefined],
    ['the one that the route says', { identity: 'pool-1', region: 'eu-west-1' }, 'eu-west-1'],
    ['home, where the route says home', { identity: 'pool-1', region: 'us-east-1' }, undefined],
    ['the one of its ARN', { identity: pool('eu-west-1') }, 'eu-west-1'],
    ['home, where its ARN says home', { identity: pool('us-east-1') }, undefined],
    [
      'the one of its ARN, whatever the route says',
      { identity: pool('eu-west-1'), region: 'eu-west-2' },
      'eu-west-1',
    ],
  ] as const) {
    it(`is ${what}`, () => {
      assert.equal(planned(candidate).region, region)
      assert.deepEqual(planned(candidate, call).paces, [
        { key: `voice/${region ?? ''}`, max: 20, windowSeconds: 60 },
      ])
    })
  }
})

describe('the key of a candidate', () => {
  it('differs by channel, country, region and identity: each has its own circuit breaker', () => {
    const keys = [
      planned({ identity: '+12065550100' }),
      planned({ identity: '+12065550100' }, call),
      planned({ identity: '+12065550100', region: 'eu-west-1' }),
      planned({ identity: '+12065550101' }),
      planCandidate({ identity: '+12065550100' }, text(), 'CA', undefined, rules),
    ].map(({ key }) => key)
    assert.equal(new Set(keys).size, 5)
  })
})

describe('the price of a text', () => {
  for (const [perPart, parts, maxPrice] of [
    [0.1, 3, 0.3],
    [0.00001, 7, 0.00007],
    [undefined, 2, 1],
  ] as const) {
    it(`of ${parts} parts at ${perPart ?? 'the default'} is ${maxPrice}`, () => {
      const candidate = perPart === undefined ? {} : { maxPricePerPart: perPart }
      assert.equal(planned({ identity: 'MyCompany', ...candidate }, text(parts)).maxPrice, maxPrice)
    })
  }
})
