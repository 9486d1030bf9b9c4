import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { getCountries, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { seededDigits } from '../../../test/support/numbers.ts'
import { countryWithMobile } from './mobile-elsewhere.ts'

describe('the country in which digits are another person’s mobile', () => {
  it('is the same as by parsing the digits in every country', () => {
    const differ = seededDigits(60).filter(digits => {
      const parsed = getCountries().some(country => isMobileIn(digits, country))
      return (countryWithMobile(digits, digits) !== undefined) !== parsed
    })
    // The two may differ for old forms of numbers, and for digits that begin with a prefix for calls abroad.
    assert.ok(differ.length <= 1, differ.join(', '))
  })

  for (const [digits, country] of [
    ['9876543210', 'IN'],
    ['07860019066', 'GB'],
    ['89123456789', 'RU'],
    ['6591234567', 'MX'],
  ] as const) {
    it(`is found with and without the prefix that is dialled in it: ${digits}`, () => {
      const found = countryWithMobile(digits, '')
      assert.ok(found !== undefined && (isMobileIn(digits, country) || found === country), found)
    })
  }

  it('is not the country of the intended number', () => {
    assert.equal(countryWithMobile('34683783440', '34683783440'), undefined)
    assert.equal(countryWithMobile('0', ''), undefined)
    assert.equal(countryWithMobile('', ''), undefined)
  })
})

function isMobileIn(digits: string, country: ReturnType<typeof getCountries>[number]): boolean {
  const number = parsePhoneNumberFromString(digits, country)
  const isOther = number?.number !== `+${digits}`
  return number?.isValid() === true && isOther && (number.getType() ?? '').includes('MOBILE')
}
