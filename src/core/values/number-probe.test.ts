import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
  type PhoneNumber,
} from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { similarMobiles } from '../../../test/support/numbers.ts'
import { type CountryCode, readPhoneNumber } from './phone-number.ts'
import { isRefusal } from './reasons.ts'
import { Secret } from './secret.ts'

/**
 * Mobiles of all regions that the metadata knows, in the ways that people write them. A number is *misread* when the
 * code would go to another phone.
 */
describe('the number probe, over every region', () => {
  const regions = getCountries()
  const mobiles: readonly PhoneNumber[] = regions.flatMap(region => {
    const example = getExampleNumber(region, examples)
    return example === undefined ? [] : [example, ...similarMobiles(example, 4)]
  })

  it('covers all regions', () => {
    assert.equal(new Set(mobiles.map(({ country }) => country)).size, regions.length)
    assert.ok(regions.length >= 245)
  })

  for (const [written, write] of [
    ['with +', ({ number }) => number],
    ['with + and spaces', number => number.formatInternational()],
  ] as readonly Way[]) {
    it(`no number is misread or refused: ${written}, whatever the default country`, () => {
      for (const country of [undefined, 'US', 'DE', 'MX'] as const)
        assert.deepEqual(
          wrong(mobiles, write, () => country),
          [],
        )
    })
  }

  for (const [written, write] of [
    ['as the country writes it', number => number.formatNational()],
    ['its national digits', ({ nationalNumber }) => nationalNumber],
    ['E.164 without +', ({ number }) => number.slice(1)],
    ['with 00 for the +', ({ number }) => `00${number.slice(1)}`],
  ] as readonly Way[]) {
    it(`no number is misread or refused in its own default country: ${written}`, () => {
      assert.deepEqual(
        wrong(mobiles, write, ({ country }) => country),
        [],
      )
    })
  }

  for (const [written, write] of [
    ['as the country writes it', number => number.formatNational()],
    ['its national digits', ({ nationalNumber }) => nationalNumber],
    ['E.164 without +', ({ number }) => number.slice(1)],
  ] as readonly Way[]) {
    it(`no number is misread without a default country: ${written}`, test => {
      const all = wrong(mobiles, write, () => undefined)
      assert.deepEqual(all.filter(isMisread), [])
      test.diagnostic(`${all.length} of ${mobiles.length} refused without a default country, ${written}`)
    })
  }

  it('no number is misread with 00 for the +, even if the default country dials 001, 004 or 009 abroad', test => {
    for (const country of ['BR', 'CO', 'HK', 'ID', 'KH', 'KR', 'NG', 'SG', 'TW', 'TZ'] as const) {
      const ofOthers = mobiles.filter(
        ({ countryCallingCode: code }) => code !== getCountryCallingCode(country),
      )
      const all = wrong(
        ofOthers,
        ({ number }) => `00${number.slice(1)}`,
        () => country,
      )
      assert.deepEqual(all.filter(isMisread), [])
      test.diagnostic(`${all.length} of ${ofOthers.length} refused with 00 for the + in ${country}`)
    }
  })

  it('foreign numbers without + are read as the table says', test => {
    const counts = { right: 0, refused: 0, 'as a number of the default country': 0 }
    for (const [index, home] of regions.entries()) {
      for (const mobile of mobiles.filter((_, other) => other % 41 === index % 41)) {
        if (mobile.countryCallingCode === getCountryCallingCode(home)) continue
        const read = readTo(mobile.number.slice(1), home)
        if (read === mobile.number) counts.right++
        else if (!read.startsWith('+')) counts.refused++
        else {
          assert.ok(
            read.startsWith(`+${getCountryCallingCode(home)}`),
            `${mobile.number} in ${home}: ${read}`,
          )
          counts['as a number of the default country']++
        }
      }
    }
    test.diagnostic(`foreign numbers without +: ${JSON.stringify(counts)}`)
    assert.ok(counts.right > counts.refused)
  })
})

describe('eleven digits with a leading 1 and no +', () => {
  const areas = Array.from({ length: 800 }, (_, index) => `1${index + 200}5550123`)
  const ofPlusOne = areas.filter(digits => readTo(`+${digits}`, undefined) === `+${digits}`)

  it('are refused in every area code without a default country', () => {
    assert.ok(ofPlusOne.length > 350, `${ofPlusOne.length} area codes`)
    for (const digits of areas) assert.equal(readTo(digits, undefined), 'NUMBER_AMBIGUOUS')
  })

  it('are used in every area code with a default country of +1', () => {
    for (const country of ['US', 'CA', 'JM'] as const)
      for (const digits of ofPlusOne) assert.equal(readTo(digits, country), `+${digits}`)
  })
})

type Way = readonly [written: string, write: (number: PhoneNumber) => string]

function wrong(
  mobiles: readonly PhoneNumber[],
  write: Way[1],
  countryOf: (number: PhoneNumber) => CountryCode | undefined,
): readonly string[] {
  return mobiles.flatMap(mobile => {
    const read = readTo(write(mobile), countryOf(mobile))
    return read === mobile.number ? [] : [`${mobile.country} ${write(mobile)}: ${read}`]
  })
}

function isMisread(line: string): boolean {
  return /: \+\d+$/.test(line)
}

function readTo(written: string, defaultCountry: CountryCode | undefined): string {
  const number = readPhoneNumber(new Secret(written), 'sms', { defaultCountry, unknownRanges: [] })
  return isRefusal(number) ? number.code : number.e164.reveal()
}
