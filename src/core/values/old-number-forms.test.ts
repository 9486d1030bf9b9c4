import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type CountryCode, readPhoneNumber } from './phone-number.ts'
import { isRefusal } from './reasons.ts'
import { Secret } from './secret.ts'

function read(input: string, defaultCountry?: CountryCode): string {
  const number = readPhoneNumber(new Secret(input), 'sms', { defaultCountry, unknownRanges: [] })
  return isRefusal(number) ? number.code : number.e164.reveal()
}

describe('a number in a form that its country no longer uses', () => {
  for (const [input, country, now] of [
    // Mexico, IFT: only the ten digits are dialled since 2019-08-03.
    ['+5215512345678', undefined, '+525512345678'],
    ['+52 1 55 1234 5678', 'US', '+525512345678'],
    ['5215512345678', undefined, '+525512345678'],
    ['5215512345678', 'MX', '+525512345678'],
    ['0052 1 55 1234 5678', 'DE', '+525512345678'],
    ['044 55 1234 5678', 'MX', '+525512345678'],
    ['045 55 1234 5678', 'MX', '+525512345678'],
    ['01 55 1234 5678', 'MX', '+525512345678'],
    // Benin, ARCEP: one prefix for every number, 2024-11-30.
    ['+229 97 12 34 56', undefined, '+2290197123456'],
    ['97123456', 'BJ', '+2290197123456'],
    ['22997123456', 'BJ', '+2290197123456'],
    // Côte d'Ivoire, ARTCI's table: Moov, MTN, Orange, 2021-01-31.
    ['+225 01 23 45 67', undefined, '+2250101234567'],
    ['+225 43 23 45 67', undefined, '+2250143234567'],
    ['+225 05 23 45 67', undefined, '+2250505234567'],
    ['+225 94 23 45 67', undefined, '+2250594234567'],
    ['+225 08 23 45 67', undefined, '+2250708234567'],
    ['+225 98 23 45 67', undefined, '+2250798234567'],
    ['08234567', 'CI', '+2250708234567'],
    // Brazil, Anatel: the ninth digit, complete since 2016-11-06.
    ['+55 11 8765-4321', undefined, '+5511987654321'],
    ['(11) 8765-4321', 'BR', '+5511987654321'],
    ['011 8765-4321', 'BR', '+5511987654321'],
    // Vietnam, MIC: eleven digits became ten, 2018-09-15.
    ['+84 166 234 5678', undefined, '+84362345678'],
    ['0120 234 5678', 'VN', '+84702345678'],
  ] as const) {
    it(`is rewritten: ${input} in ${country} is ${now}`, () => assert.equal(read(input, country), now))
  }

  for (const [input, what] of [
    ['+5210000000000', 'Mexico has no such area'],
    ['+225 20 21 23 45', 'a landline of Côte d’Ivoire: three operators, by district'],
    ['+225 60 12 34 56', 'an operator of Côte d’Ivoire that closed before the change'],
    ['+84 186 234 5678', 'sources disagree on the new prefix'],
    ['+229 10 12 34 56', 'Benin has no such range'],
  ] as const) {
    it(`is refused if no rule gives its current number: ${input}, ${what}`, () =>
      assert.equal(read(input), 'NUMBER_OLD_FORM'))
  }

  it('is never rewritten if it is a current number', () => {
    for (const input of [
      '+525512345678',
      '+2290197123456',
      '+2250707123456',
      '+551177654321',
      '+84362345678',
    ])
      assert.equal(read(input), input)
  })

  it('is reported with the rule that rewrote it', () => {
    const number = readPhoneNumber(new Secret('+5215512345678'), 'sms', {
      defaultCountry: undefined,
      unknownRanges: [],
    })
    assert.ok(!isRefusal(number))
    assert.match(number.readAs, /^international; rewritten from an old form\. Mexico: .+IFT/)
  })

  it('of Mexico is not assumed for eleven digits with a leading 1, which may be a number of +1', () =>
    assert.equal(read('15512345678', 'MX'), 'NUMBER_AMBIGUOUS'))
})
