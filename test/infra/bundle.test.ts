import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { build } from 'esbuild'
import * as whole from 'libphonenumber-js/max'
import metadata from 'libphonenumber-js/max/metadata'
import examples from 'libphonenumber-js/mobile/examples'
import { bundle } from '../../infra/build/bundle.ts'
import { onlyWhatRuns, withoutFormats } from '../../infra/build/bundle-plugins.ts'
import * as icu from '../../src/core/message/icu-template.ts'
import * as shipped from '../../src/main/shipped-templates.ts'
import { readSource } from '../house/read-source.ts'

const ROOT = join(import.meta.dirname, '../..')

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
  authorizer: 13.5,
  hook: 110.5,
  'one-function': 116,
  receipts: 17,
  events: 24.5,
  figures: 21,
  canary: 22,
}

/** Servers fetch with it; a function passes `httpsGet` instead. */
const HANDED_ANOTHER = ['src/okta/signing-keys.ts']

const VALUES = {
  code: '493817',
  minutes: 5,
  brandAsText: 'Okta',
  brand: 'Okta',
  domain: '',
  firstName: 'Ann',
}

/** What functions use of the library that reads phone numbers. */
const USED = [
  'getCountries',
  'getCountryCallingCode',
  'isSupportedCountry',
  'parsePhoneNumberFromString',
] as const

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

describe('the phone library of the functions', async () => {
  const part = await bundled<Pick<typeof whole, (typeof USED)[number]>>(
    `export { ${USED} } from 'libphonenumber-js/max'`,
  )

  it('has everything that a function uses of it', () => {
    const used = bundles.flatMap(({ inputs }) => inputs).flatMap(importedFromPhoneLibrary)
    assert.deepEqual([...new Set(used)].sort(), USED)
  })

  it('has metadata that is smaller by a third', () => {
    assert.ok(JSON.stringify(withoutFormats(metadata)).length < JSON.stringify(metadata).length * 0.65)
  })

  it('knows the same countries and calling codes', () => {
    assert.deepEqual(part.getCountries().toSorted(), whole.getCountries().toSorted())
    for (const country of whole.getCountries())
      assert.equal(part.getCountryCallingCode(country), whole.getCountryCallingCode(country))
    for (const text of ['DE', 'XX', 'de', '', 'toString'])
      assert.equal(part.isSupportedCountry(text), whole.isSupportedCountry(text))
  })

  it('reads what is not a number as the whole library does', () => {
    const none = ['', '+', '1', '+1', '+999123', 'abc', '+49', '+8', '9'.repeat(18), '+49'.padEnd(251, '1')]
    const forms = ['tel:+4930123456', '+1 213 373 4253 ext. 7', '٠١٢٣', '+800 1234 5678', '+8835101234567']
    for (const text of [...none, ...forms])
      for (const defaultCountry of [undefined, 'DE', 'XX'] as whole.CountryCode[])
        assert.deepEqual(
          described(part.parsePhoneNumberFromString(text, { defaultCountry })),
          described(whole.parsePhoneNumberFromString(text, { defaultCountry })),
          text,
        )
  })

  it('reads every number as the whole library does, as dialled abroad and at home, with digits more and less', () => {
    for (const [country, example] of Object.entries(examples)) {
      const defaultCountry = country as whole.CountryCode
      const callingCode = whole.getCountryCallingCode(defaultCountry)
      for (const national of neighbours(example)) {
        for (const text of [
          `+${callingCode}${national}`,
          `${callingCode}${national}`,
          `0${national}`,
          national,
        ]) {
          const options = { defaultCountry, extract: false }
          assert.deepEqual(
            described(part.parsePhoneNumberFromString(text, options)),
            described(whole.parsePhoneNumberFromString(text, options)),
            text,
          )
        }
      }
    }
  })
})

/** The values, not the types, that a file imports from the library. */
function importedFromPhoneLibrary(file: string): readonly string[] {
  if (!file.startsWith('src/')) return []
  const [, names = ''] =
    /import \{([^}]*)\} from 'libphonenumber-js\/max'/.exec(readFileSync(file, 'utf8')) ?? []
  return names
    .split(',')
    .map(name => name.trim().replace(/ as .*/, ''))
    .filter(name => name !== '' && !name.startsWith('type '))
}

/** A module, as the archives contain what it imports. */
async function bundled<Module>(contents: string): Promise<Module> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    minify: true,
    plugins: [onlyWhatRuns],
  })
  const folder = mkdtempSync(join(tmpdir(), 'hookline-bundled-'))
  try {
    writeFileSync(join(folder, 'module.mjs'), outputFiles[0]?.contents ?? '')
    return await import(join(folder, 'module.mjs'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('the templates of the functions', async () => {
  const parts = await bundled<typeof icu & typeof shipped>(
    `export * from '${ROOT}/src/core/message/icu-template.ts'
    export { shippedTemplates } from '${ROOT}/src/main/shipped-templates.ts'`,
  )

  it('are all that a new store has', () => {
    assert.deepEqual(parts.shippedTemplates, shipped.shippedTemplates)
  })

  it("are read by the archives' own ICU formatter as by the whole one", () => {
    const odd = [
      ...['a < b', '<b>{code}</b>', '</b>', '<', '<b', "'<b>' {code}", "it''s '{code}'", '<b/>{brand}'],
      ...['{minutes, plural, one {<b># min} other {</b># mins}}', '{minutes, number, ::00}', '{code', '{}'],
      ...[
        '{minutes, time, short}',
        '{minutes, date, ::yMd}',
        '{x, select, a {<i>} other {{code}}}',
        '{absent}',
      ],
    ]
    const texts = shipped.shippedTemplates.map(({ text, locale }) => ({ text, locale }))
    for (const { text, locale } of [...texts, ...odd.map(text => ({ text, locale: 'en' }))])
      assert.equal(
        filled(parts.readIcuTemplate, text, locale),
        filled(icu.readIcuTemplate, text, locale),
        text,
      )
  })
})

/** What a person gets, or why the template cannot be read or filled in. */
function filled(read: typeof icu.readIcuTemplate, text: string, locale: string): string {
  try {
    return read(text, locale)({ ...VALUES })
  } catch (error) {
    return String(error)
  }
}

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

function described(number: whole.PhoneNumber | undefined): unknown {
  return (
    number && {
      number: number.number,
      ext: number.ext,
      country: number.country,
      type: number.getType(),
      isValid: number.isValid(),
      isPossible: number.isPossible(),
      isNonGeographic: number.isNonGeographic(),
    }
  )
}
