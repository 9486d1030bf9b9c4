import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { type CountryCode, type NumberRefusal, type PhoneNumber, readPhoneNumber } from './phone-number.ts'
import { isRefusal, type ReasonCode } from './reasons.ts'
import type { Channel } from './request.ts'
import { Secret } from './secret.ts'

function read(input: string, channel: Channel = 'sms', country?: CountryCode): PhoneNumber {
  const number = readIn(input, channel, country)
  assert.ok(!isRefusal(number), `${input} was refused: ${isRefusal(number) && number.code}`)
  return number
}

function readIn(
  input: string,
  channel: Channel,
  defaultCountry: CountryCode | undefined,
  unknownRanges: readonly CountryCode[] = [],
): PhoneNumber | NumberRefusal {
  return readPhoneNumber(new Secret(input), channel, { defaultCountry, unknownRanges })
}

function refusal(input: string, channel: Channel = 'sms', country?: CountryCode): ReasonCode | 'not refused' {
  const number = readIn(input, channel, country)
  return isRefusal(number) ? number.code : 'not refused'
}

describe('an international number', () => {
  for (const input of ['+34683783440', ' +34 683 78 34 40 ', '+34-683-783-440', '+34 (683) 783440']) {
    it(`is read whatever is between its digits: "${input}"`, () => {
      const number = read(input)
      assert.equal(number.e164.reveal(), '+34683783440')
      assert.deepEqual(
        { country: number.country, type: number.type, lastDigits: number.lastDigits, readAs: number.readAs },
        { country: 'ES', type: 'MOBILE', lastDigits: '40', readAs: 'international' },
      )
    })
  }

  it('is the same in any default country', () => {
    assert.equal(read('+34683783440', 'sms', 'US').e164.reveal(), '+34683783440')
  })

  it('belongs to its own country, even if several share a country code', () => {
    assert.equal(read('+77071234567').country, 'KZ')
    assert.equal(read('+79123456789').country, 'RU')
    assert.equal(read('+16847331234').country, 'AS')
    assert.equal(read('+262692123456').country, 'RE')
  })

  it('prints as dots', () => {
    assert.ok(!JSON.stringify(read('+34683783440')).includes('683783'))
  })
})

describe('a number without +', () => {
  it('is read in the default country', () => {
    const number = read('683783440', 'sms', 'ES')
    assert.equal(number.e164.reveal(), '+34683783440')
    assert.equal(number.readAs, 'national, in the default country')
  })

  for (const [input, country, expected] of [
    ['4155550100', 'US', '+14155550100'],
    ['14254147755', 'US', '+14254147755'],
    ['9876543210', 'IN', '+919876543210'],
    ['07860019066', 'GB', '+447860019066'],
  ] as const) {
    it(`is read in the default country: ${input} in ${country}`, () => {
      assert.equal(read(input, 'sms', country).e164.reveal(), expected)
    })
  }

  for (const [input, country] of [
    ['34683783440', undefined],
    ['34683783440', 'US'],
    ['0034683783440', undefined],
    ['00 34 683-783-440', undefined],
    ['0034683783440', 'GB'],
    ['01134683783440', 'US'],
  ] as const) {
    it(`is read as international if only that is possible: ${input} in ${country}`, () => {
      const number = read(input, 'sms', country)
      assert.equal(number.e164.reveal(), '+34683783440')
      assert.equal(number.readAs, 'international, although without +')
    })
  }

  // With + before it the first would be Switzerland, the second Iran.
  for (const [input, country] of [
    ['4155550100', undefined],
    ['9876543210', undefined],
    ['9876543210', 'US'],
    ['4254147755', undefined],
    ['0683783440', undefined],
    ['5550100', 'US'],
    ['0', undefined],
  ] as const) {
    it(`is never guessed: ${input} in ${country}`, () => {
      assert.equal(refusal(input, 'sms', country), 'NUMBER_AMBIGUOUS')
      assert.equal(refusal(input, 'voice', country), 'NUMBER_AMBIGUOUS')
    })
  }

  // A number of each with + before it, and a mobile number of the other as it is.
  for (const [input, one, other] of [
    ['6591234567', 'SG', 'MX'],
    ['821012345678', 'KR', 'ID'],
    ['4791234567', 'NO', 'FI'],
  ] as const) {
    it(`is never guessed between two countries: ${input} in ${one} or ${other}`, () => {
      assert.equal(read(`+${input}`).country, one)
      assert.equal(read(input, 'sms', other).country, other)
      assert.equal(refusal(input), 'NUMBER_AMBIGUOUS')
    })
  }
})

describe('a number that costs extra or reaches another person', () => {
  for (const [input, reason, what] of [
    ['+19002345678', 'NUMBER_PREMIUM', 'premium rate in the US'],
    ['+448712345678', 'NUMBER_PREMIUM', 'premium rate in the UK'],
    ['+33899123456', 'NUMBER_PREMIUM', 'premium rate in France'],
    ['+447012345678', 'NUMBER_PREMIUM', 'personal number in the UK'],
    ['+33820123456', 'NUMBER_SHARED_COST', 'shared cost in France'],
    ['+870773111632', 'NUMBER_SATELLITE', 'Inmarsat'],
    ['+881612345678', 'NUMBER_SATELLITE', 'Iridium'],
    ['+882161234567', 'NUMBER_SATELLITE', 'international networks'],
    ['+883510012345678', 'NUMBER_SATELLITE', 'international networks'],
    ['+979123456789', 'NUMBER_SATELLITE', 'international premium rate'],
    ['+447640123456', 'NUMBER_IMPOSSIBLE', 'pager in the UK'],
    ['+14254147755 ext. 5', 'NUMBER_EXTENSION', 'extension behind a switchboard'],
    ['+14254147755x5', 'NUMBER_EXTENSION', 'extension behind a switchboard'],
    ['+14254147755 extn. 5', 'NUMBER_EXTENSION', 'extension behind a switchboard'],
    ['+14254147755~5', 'NUMBER_EXTENSION', 'extension behind a switchboard'],
    ['+55 11 98765-4321 ramal 5', 'NUMBER_EXTENSION', 'extension in Brazil'],
    ['+14254147755;ext=5', 'NUMBER_EXTENSION', 'extension behind a switchboard'],
    ['+14254147755,,5', 'NUMBER_EXTENSION', 'pause and extension'],
    ['+34683783440 ext 5', 'NUMBER_EXTENSION', 'extension of a mobile'],
    ['+19002345678 ext. 5', 'NUMBER_PREMIUM', 'premium rate, whatever is dialled after it'],
  ] as const) {
    it(`is refused for both channels: ${what}, ${input}`, () => {
      assert.equal(refusal(input, 'sms'), reason)
      assert.equal(refusal(input, 'voice'), reason)
    })
  }

  it('is refused in the default country too', () => {
    assert.equal(refusal('9002345678', 'voice', 'US'), 'NUMBER_PREMIUM')
    assert.equal(refusal('4254147755 ext 5', 'voice', 'US'), 'NUMBER_EXTENSION')
  })
})

describe('a landline', () => {
  for (const input of ['+442079460018', '+33123456789', '442079460018']) {
    it(`is refused for texts and used for calls: ${input}`, () => {
      assert.equal(refusal(input, 'sms'), 'NUMBER_LANDLINE')
      assert.equal(read(input, 'voice').type, 'FIXED_LINE')
    })
  }

  for (const [input, type, what] of [
    ['+14254147755', 'FIXED_LINE_OR_MOBILE', 'the United States'],
    ['+18769234567', 'FIXED_LINE', 'Jamaica: ported numbers of +1'],
    ['+541123456789', 'FIXED_LINE', 'an Argentine mobile without its 9'],
  ] as const) {
    it(`is used for texts if it cannot be distinguished from a mobile: ${what}`, () => {
      assert.equal(read(input, 'sms').type, type)
    })
  }
})

describe('an input that is not a number', () => {
  for (const input of [
    '',
    ' ',
    '+',
    '++34683783440',
    '+0034683783440',
    '+999123456789',
    'abc',
    '+1425FLOWERS',
    '1-800-FLOWERS',
    '+1425414775a',
    'tel:+34683783440',
    '+34683\n783440',
    `+${'1'.repeat(64)}`,
    '+41798075872;phone-context=+1',
    '＋34683783440',
    '__proto__',
  ]) {
    it(`is refused as impossible: ${JSON.stringify(input)}`, () => {
      assert.equal(refusal(input, 'sms'), 'NUMBER_IMPOSSIBLE')
      assert.equal(refusal(input, 'voice'), 'NUMBER_IMPOSSIBLE')
    })
  }
})

describe('a number that its country has not assigned', () => {
  for (const input of ['+1', '+123', '+8816', '+1425414775599999', '+34683783440 / 441', '+4915']) {
    it(`has a wrong length: ${input}`, () => {
      assert.equal(refusal(input, 'sms'), 'NUMBER_WRONG_LENGTH')
      assert.equal(refusal(input, 'voice'), 'NUMBER_WRONG_LENGTH')
    })
  }

  it('is in an unknown range, and is used if its country is in the setting', () => {
    for (const [input, named, other] of [
      ['+15555550100', 'US', 'CA'],
      ['+2250512345678'.replace('05', '06'), 'CI', 'BJ'],
      ['+18762001234'.replace('200', '100'), 'JM', 'US'],
    ] as const) {
      assert.equal(refusal(input), 'NUMBER_RANGE_UNKNOWN', input)
      const number = readIn(input, 'sms', undefined, [named])
      assert.ok(!isRefusal(number), input)
      assert.deepEqual([number.e164.reveal(), number.country, number.type], [input, named, 'UNKNOWN'])
      assert.ok(isRefusal(readIn(input, 'sms', undefined, [other])) === (other !== 'CA'), input)
    }
  })

  it('is also used in national form, if the default country is in the setting', () => {
    const number = readIn('06 12 34 56 78', 'sms', 'CI', ['CI'])
    assert.ok(!isRefusal(number))
    assert.equal(number.e164.reveal(), '+2250612345678')
    assert.equal(refusal('06 12 34 56 78', 'sms', 'CI'), 'NUMBER_AMBIGUOUS')
  })

  it('is never preferred to a number of another country whose calling code it begins with', () => {
    const number = readIn('447860019066', 'sms', 'US', ['US'])
    assert.ok(!isRefusal(number))
    assert.equal(number.country, 'GB')
  })
})

describe('a number that was once misread', () => {
  type Vector = { number: string; defaultCountry?: CountryCode; channel: Channel; expect: string }
  const file = new URL('../../../test/vectors/phone-numbers.json', import.meta.url)
  for (const { number, defaultCountry, channel, expect } of JSON.parse(
    readFileSync(file, 'utf8'),
  ) as Vector[]) {
    it(`is ${expect}: ${number} by ${channel} in ${defaultCountry}`, () => {
      const found = readIn(number, channel, defaultCountry)
      assert.equal(isRefusal(found) ? found.code : found.e164.reveal(), expect)
    })
  }
})

describe("AWS's simulator numbers", () => {
  // https://docs.aws.amazon.com/sms-voice/latest/userguide/test-phone-numbers.html
  const numbers: Readonly<Record<string, readonly string[]>> = {
    US: ['+14254147755', '+14254147167'],
    GB: ['+447860019066', '+447860019067'],
    FR: ['+33755512501', '+33755512502'],
    ES: ['+34683783440', '+34683783442'],
    IT: ['+394390009172', '+394390009174'],
    NL: ['+3197008100148', '+3197008100150'],
    AU: ['+61455944038', '+61455944039'],
    CH: ['+41798075872', '+41798075874'],
    SE: ['+46790645100', '+46790645102'],
    PL: ['+48732141440', '+48732141442'],
    PT: ['+351927946948', '+351927946950'],
  }
  for (const [country, both] of Object.entries(numbers)) {
    for (const input of both) {
      it(`are numbers of ${country} for both channels: ${input}`, () => {
        assert.equal(read(input, 'sms').country, country)
        assert.equal(read(input, 'voice').e164.reveal(), input)
      })
    }
  }
})
