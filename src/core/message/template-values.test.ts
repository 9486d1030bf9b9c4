import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { NOW, otpRequest } from '../../../test/fixtures/planning.ts'
import { Secret } from '../values/secret.ts'
import { isBrand, longestValues, templateValues } from './template-values.ts'

const rules = { brand: 'Example', domain: 'login.example.com', usesFirstName: true }
const named = (name: string, usesFirstName = true): string => {
  const user = { id: undefined, login: undefined, firstName: new Secret(name) }
  return templateValues(otpRequest({ user }), { ...rules, usesFirstName }, NOW).firstName
}

describe('the values of a template', () => {
  for (const [leftMs, minutes] of [
    [300_000, 5],
    [299_900, 5],
    [270_000, 5],
    [269_999, 4],
    [119_999, 2],
    [1, 1],
    [-30_000, 1],
    [86_400_000, 60],
    [undefined, 5],
  ] as const) {
    it(`have ${minutes} minutes for ${leftMs} ms`, () => {
      const expiresAt = leftMs === undefined ? undefined : NOW + leftMs
      assert.equal(templateValues(otpRequest({ expiresAt }), rules, NOW).minutes, minutes)
    })
  }

  for (const [input, taken] of [
    ['Ada', 'Ada'],
    ["D'Arcy", "D'Arcy"],
    ['Jean-Luc', 'Jean-Luc'],
    ['Mary Jane', 'Mary'],
    ['Đặng', 'Đặng'],
    ['रवि', 'रवि'],
    ['  Ada', 'Ada'],
    ['Your account is blocked: call 555 0100', 'Your'],
    ['http://evil.example', 'http'],
    ['<speak>', 'speak'],
    ['123456', ''],
    ['\n\n', ''],
    ['A'.repeat(50), 'A'.repeat(20)],
  ] as const) {
    it(`use of the first name ${JSON.stringify(input)} only ${JSON.stringify(taken)}`, () => {
      assert.equal(named(input), taken)
    })
  }

  it('have no first name unless it is switched on and exists', () => {
    assert.equal(named('Ada', false), '')
    assert.equal(templateValues(otpRequest(), rules, NOW).firstName, '')
  })

  it('can never have a digit, a link, markup or a line break in a first name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), name => {
        assert.match(named(name), /^[\p{L}\p{M}'-]*$/u)
        assert.ok([...named(name)].length <= 20)
      }),
    )
  })
})

describe('a brand', () => {
  for (const brand of [
    'Okta',
    'A',
    'A&B',
    'Müller & Söhne',
    "Sam's",
    '株式会社',
    'Inc.',
    '24 Hours',
    longestValues.brand,
  ])
    it(`may be ${brand}`, () => assert.ok(isBrand(brand)))
  for (const brand of [
    '',
    ' Okta',
    'Okta ',
    'a.com',
    'Room 101',
    'x\ny',
    '<b>',
    '{code}',
    'a/b',
    'W'.repeat(21),
  ])
    it(`may not be ${JSON.stringify(brand)}`, () => assert.ok(!isBrand(brand)))
})
