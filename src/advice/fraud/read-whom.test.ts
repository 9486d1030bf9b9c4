import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { getCountries, getExampleNumber } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { planRules } from '../../../test/fixtures/planning.ts'
import { readWhom } from './read-whom.ts'

const read = (text: string) => readWhom(text, async number => [`digest of ${number}`], planRules)

describe('the beginning of numbers', () => {
  const mobiles = getCountries().flatMap(country => {
    const example = getExampleNumber(country, examples)
    return example === undefined ? [] : [{ country, number: example.number as string }]
  })

  it('is never a whole number, in no country: it would be stored as it is, and match nobody', async () => {
    assert.ok(mobiles.length > 200)
    for (const { country, number } of mobiles)
      assert.match(JSON.stringify(await read(`${number}*`)), /^\{"problem":/, country)
  })

  it('may have every digit but the last four, in each country', async () => {
    for (const { country, number } of mobiles) {
      const digits = number.slice(1, -4)
      if (digits.length >= 3) assert.deepEqual(await read(`+${digits}*`), { kind: 'prefix', digits }, country)
    }
  })

  it('may be the one of a long number where a short one has the same digits', async () => {
    const ofLong = '436641234' // Austria: +43 664 1234 is valid as well as +43 664 12345678
    assert.deepEqual(await read(`+${ofLong}*`), { kind: 'prefix', digits: ofLong })
  })

  for (const text of ['+346837834*', '+34683783440*', '+12065550*', '+34683783 44*'])
    it(`${text} is refused, with what to do`, async () => {
      const result = await read(text)
      assert.match(
        'problem' in result ? result.problem : '',
        /last four digits .* Use a shorter beginning, or name/,
      )
    })

  it('is a number where it is a whole one without *', async () => {
    const whom = { kind: 'number', digest: 'digest of +34683783440', lastDigits: '40' }
    assert.deepEqual(await read('+34683783440'), whom)
  })
})
