import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import {
  type CountryCode,
  type MetadataJson,
  parsePhoneNumberFromString as parse,
} from 'libphonenumber-js/core'
import metadata from 'libphonenumber-js/max/metadata'
import examples from 'libphonenumber-js/mobile/examples'
import { bundle } from '../../infra/build/bundle.ts'
import { withoutFormats } from '../../infra/build/bundle-plugins.ts'
import { readSource } from '../house/read-source.ts'

const { bundles } = await bundle()

/** Modules that make a function start late: loading each costs more than a function's work with it. */
const NEVER: readonly (readonly [RegExp, string])[] = [
  [
    /node_modules\/(?:@aws-sdk|@smithy|@aws-crypto)\//,
    "AWS's SDK: functions sign their calls with src/adapters/aws/wire",
  ],
  [/node_modules\/undici\//, 'a second HTTP client: functions have node:https'],
  [/^builtin:node:http2$/, 'a third one'],
  [/node_modules\/zod\//, 'a schema library: settings and bodies are read by plain code'],
  [/node_modules\/jose\//, 'a JWT library: src/okta verifies with node:crypto'],
]

/** ICU's formatter, for an operator's own ICU template; the shipped templates, for a table that has none. */
const LATER = /node_modules\/(?:intl-messageformat|@formatjs)\/|^messages\/|shipped-/

/** Most kilobytes of an archive. Lambda loads the code before the first answer. */
const MOST_KB = {
  authorizer: 14,
  hook: 118,
  'one-function': 123,
  receipts: 20,
  events: 26,
  figures: 24,
  canary: 26,
}

/** Servers fetch with it; a function passes `httpsGet` instead. */
const HANDED_ANOTHER = ['src/okta/signing-keys.ts']

describe('the archives of the functions', () => {
  for (const { name, inputs, atStart, zip } of bundles) {
    it(`have at most ${MOST_KB[name]} KB: ${name}`, () => {
      assert.ok(zip.length <= MOST_KB[name] * 1_000, `${zip.length} bytes`)
    })

    it(`can be read, and include that of ${name}`, () => {
      assert.ok(inputs.includes(`src/main/lambda/lambda-${name}.ts`))
      assert.ok(inputs.includes('src/adapters/aws/wire/https-transport.ts'))
      assert.ok(inputs.includes('builtin:node:https'))
    })

    for (const [pattern, why] of NEVER)
      it(`never contain in ${name} ${why}`, () => {
        assert.deepEqual(
          inputs.filter(input => pattern.test(input)),
          [],
        )
      })

    it(`start ${name} without what only some deployments need`, () => {
      assert.ok(atStart.includes(`src/main/lambda/lambda-${name}.ts`))
      assert.deepEqual(
        atStart.filter(input => LATER.test(input)),
        [],
      )
    })

    it(`never call in ${name} the global fetch, which loads a second HTTP client`, () => {
      const callers = inputs
        .filter(input => /^src\/.*\.ts$/.test(input) && !HANDED_ANOTHER.includes(input))
        .filter(input => readSource(input, readFileSync(input, 'utf8')).names.has('fetch'))
      assert.deepEqual(callers, [])
    })
  }
})

describe('the phone metadata of the functions', () => {
  const whole: MetadataJson = metadata
  const part = withoutFormats(whole)

  it('is smaller by a third', () => {
    assert.ok(JSON.stringify(part).length < JSON.stringify(whole).length * 0.7)
  })

  it('reads every number as the whole metadata does, as dialled abroad and at home, with digits more and less', () => {
    for (const [country, example] of Object.entries(examples)) {
      const [callingCode = ''] = whole.countries[country as CountryCode] as unknown as [string]
      for (const national of neighbours(example)) {
        for (const text of [
          `+${callingCode}${national}`,
          `${callingCode}${national}`,
          `0${national}`,
          national,
        ]) {
          const options = { defaultCountry: country as CountryCode, extract: false }
          assert.deepEqual(
            described(parse(text, options, part)),
            described(parse(text, options, whole)),
            text,
          )
        }
      }
    }
  })
})

/** The number, and those with one digit changed, more or less. */
function neighbours(number: string): readonly string[] {
  const digits = [...'0123456789']
  const changed = [...number].flatMap((_, at) =>
    digits.map(digit => number.slice(0, at) + digit + number.slice(at + 1)),
  )
  return [
    ...changed,
    number.slice(1),
    number.slice(0, -1),
    ...digits.map(digit => `${digit}${number}`),
    `${number}0`,
  ]
}

function described(number: ReturnType<typeof parse>): unknown {
  return (
    number && {
      number: number.number,
      country: number.country,
      type: number.getType(),
      isValid: number.isValid(),
      isPossible: number.isPossible(),
      isNonGeographic: number.isNonGeographic(),
    }
  )
}
