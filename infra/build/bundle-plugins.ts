import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join } from 'node:path'
import type { OnLoadResult, Plugin } from 'esbuild'
import { parseSync, Visitor } from 'oxc-parser'

/**
 * `import … from 'node:http'` makes Node read every export, one of which loads a second HTTP client. That takes a fifth
 * of a function's start. With `getBuiltinModule`, only what is used is loaded.
 */
export const builtinsWithoutFacade: Plugin = {
  name: 'builtins without facade',
  setup: ({ onResolve, onLoad }) => {
    const names = new Set(builtinModules)
    onResolve({ filter: /^(node:)?[a-z_/0-9]+$/ }, ({ path }) => {
      const name = path.replace(/^node:/, '')
      return names.has(name) ? { path: `node:${name}`, namespace: 'builtin' } : undefined
    })
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)})`,
    }))
  },
}

/** V8 reads JSON about twice as fast as the same object written as code. */
export const largeJsonAsText: Plugin = {
  name: 'large JSON as text',
  setup: ({ onLoad }) => onLoad({ filter: PHONE_METADATA }, ({ path }) => asText(readMetadata(path))),
}

/**
 * What only people or the template of a deployment read is not in a function: the meanings and parameters of settings, the
 * facts about a language, the texts of reasons that Okta does not get, those about AWS's errors, how each country writes its
 * numbers, which nothing that reads a number uses, its hours, which Node knows, and help for engines without classes.
 */
export const onlyWhatRuns: Plugin = {
  name: 'only what runs',
  setup: ({ onLoad }) => {
    onLoad({ filter: /src\/config\/[\w-]+\.ts$/ }, ({ path }) => ({
      contents: withoutProperties(path, readFileSync(path, 'utf8'), ['meaning', 'deployed']),
      loader: 'ts',
    }))
    onLoad({ filter: /src\/core\/values\/reasons\.ts$/ }, ({ path }) => ({
      contents: withoutProperties(
        path,
        readFileSync(path, 'utf8'),
        ['actor', 'meaning', 'remedy'],
        isSentToOkta,
      ),
      loader: 'ts',
    }))
    onLoad({ filter: /src\/adapters\/aws\/carrier-error-table\.ts$/ }, ({ path }) => ({
      contents: withoutSentences(path, readFileSync(path, 'utf8')),
      loader: 'ts',
    }))
    onLoad({ filter: /src\/main\/shipped-languages\.ts$/ }, ({ path }) => ({
      contents: withMessagesAsText(path, readFileSync(path, 'utf8')),
      loader: 'ts',
    }))
    onLoad({ filter: PHONE_METADATA }, ({ path }) => asText(withoutFormats(readMetadata(path))))
    onLoad({ filter: /libphonenumber-js\/es6\/.+\.js$/ }, ({ path }) => ({
      contents: phoneModule(path.slice(path.indexOf('es6/')), readFileSync(path, 'utf8')),
      loader: 'js',
    }))
    onLoad({ filter: /icu-messageformat-parser\/index\.js$/ }, ({ path }) => ({
      contents: withoutHoursAndTags(readFileSync(path, 'utf8')),
      loader: 'js',
    }))
  },
}

/** Texts of a reason: Okta gets a remedy with an answer that says what is wrong (`answerError`), and nothing with a 401. */
function isSentToOkta(name: string, reason: string): boolean {
  if (name === 'remedy') return /answer: '(?:unreadable|invalid)'/.test(reason)
  return name === 'meaning' && !reason.includes("answer: 'unauthorized'")
}

/** Empties every string with a blank, which is for people: names and reasons of errors have none. */
function withoutSentences(file: string, text: string): string {
  const { program, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  const sentences: { readonly start: number; readonly end: number }[] = []
  new Visitor({
    Literal: literal => {
      if (typeof literal.value === 'string' && literal.value.includes(' ')) sentences.push(literal)
    },
  }).visit(program)
  return sentences
    .toSorted((one, other) => one.start - other.start)
    .reduceRight((code, { start, end }) => `${code.slice(0, start)}''${code.slice(end)}`, text)
}

/**
 * Removes `name: value` from every object in the code, unless it is kept. The lines stay where they are, for stack traces.
 */
function withoutProperties(
  file: string,
  text: string,
  names: readonly string[],
  isKept: (name: string, object: string) => boolean = () => false,
): string {
  const { program, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  const cut: { readonly start: number; readonly end: number }[] = []
  new Visitor({
    ObjectExpression: ({ start, end, properties }) => {
      for (const property of properties) {
        if (property.type !== 'Property' || property.key.type !== 'Identifier') continue
        const { name } = property.key
        if (names.includes(name) && !isKept(name, text.slice(start, end))) cut.push(property)
      }
    },
  }).visit(program)
  return cut
    .toSorted((one, other) => one.start - other.start)
    .reduceRight((code, { start, end }) => {
      const blank = code.slice(start, end).replace(/[^\n]/g, '')
      return `${code.slice(0, start)}...{}${blank}${code.slice(end)}`
    }, text)
}

/**
 * ICU's parser with the hours of no country: Node knows them itself (`getHourCycles`), and no value of a message is a time. It
 * has no tags either, because SSML is text to it (`ignoreTag`). Fails if the parser has them in another way.
 */
function withoutHoursAndTags(code: string): string {
  const withoutHours = cut(code, HOUR_CYCLES, '\n};', ' "001": ["H"] ')
  return cut(withoutHours, '\n\tparseTag(nestingLevel, parentArgType) {', '\n\tparseLiteral(', '} ')
    .replaceAll('!this.ignoreTag', 'false')
    .replaceAll('this.ignoreTag ||', 'true ||')
}

/** The code with something else between two places. Fails if it does not have them. */
function cut(code: string, from: string, to: string, between: string): string {
  const start = code.indexOf(from)
  const end = code.indexOf(to, start)
  if (start < 0 || end < 0) throw new Error(`ICU's parser has no ${from.trim()}`)
  return `${code.slice(0, start + from.length)}${between}${code.slice(end)}`
}

/**
 * A module of libphonenumber without what it has for engines without classes, spread and `for of`, for metadata of earlier
 * versions, and for formats. Fails if metadata of earlier versions is read in another way.
 */
function phoneModule(name: string, code: string): string {
  if (name === 'es6/ParseError.js') return PARSE_ERROR
  if (name === 'es6/format.js') return NO_FORMAT
  const native = code.replace(/^function (_\w+)\(.*\}$/gm, (whole, helper: string) => NATIVE[helper] ?? whole)
  const used = native.replace(METHOD, (whole, method: string) => (OF_WRITING.has(method) ? '' : whole))
  if (name === 'es6/parse.js') return used.replace(/\boptions\.v2\b/g, 'true')
  if (name !== 'es6/metadata.js') return used
  const at = used.indexOf('function setVersion(metadata) {')
  if (at < 0) throw new Error('libphonenumber decides the version of its metadata elsewhere')
  return `${used.slice(0, at).replace(/\bthis\.(?:metadata\.)?v[123]\b/g, 'false')}function setVersion() {}`
}

/** A method of a class that Babel wrote, after another one. */
const METHOD = /, \{\n {4}key: "(\w+)",\n {4}value: function [\s\S]*?\n {2}\}(?=, \{\n {4}key|\]\);)/g

/** What writes numbers, and what no function calls. */
const OF_WRITING: ReadonlySet<string> = new Set([
  ...['format', 'formats', 'formatNational', 'formatInternational', 'getURI', 'setExt', 'isEqual'],
  ...['getPossibleCountries', 'ext', 'defaultIDDPrefix', 'chooseCountryByCountryCallingCode', 'country'],
  ...['getDefaultCountryMetadataForRegion', '_getFormats', '_getNationalPrefixFormattingRule'],
  ...['nationalPrefixFormattingRule', '_getNationalPrefixIsOptionalWhenFormatting'],
  'nationalPrefixIsOptionalWhenFormattingInNationalFormat',
])

/** Babel's helpers, as every engine that runs a function has them. */
const NATIVE: Readonly<Record<string, string>> = {
  _typeof: 'function _typeof(value) { return typeof value }',
  _objectSpread: 'function _objectSpread(...objects) { return Object.assign(...objects) }',
  _slicedToArray: 'function _slicedToArray(list, length) { return list.slice(0, length) }',
  _createForOfIteratorHelperLoose:
    'function _createForOfIteratorHelperLoose(list) { const iterator = list.values(); return () => iterator.next() }',
  _classCallCheck: 'function _classCallCheck() {}',
  _createClass: `function _createClass(type, methods = []) {
    for (const { key, value } of methods)
      Object.defineProperty(type.prototype, key, { value, writable: true, configurable: true })
    return type
  }`,
}

/** The same class without three kilobytes of help for engines that have no classes. */
const PARSE_ERROR = 'export default class ParseError extends Error { name = "ParseError" }'

/** What would write a number as people in its country do, which it could not without formats. */
const NO_FORMAT = `
export default function formatNumber() { throw new Error("A function formats no number") }
export const chooseFormatForNumber = formatNumber`

const HOUR_CYCLES = 'const timeData = {'

/** The part of libphonenumber's metadata that reading needs. Source: METADATA.md of libphonenumber-js. @internal */
export function withoutFormats<Metadata extends PhoneMetadata>(metadata: Metadata): Metadata {
  const { version, countries, nonGeographic } = metadata
  if (version !== 4) throw new Error(`libphonenumber's metadata has version ${version}`)
  return {
    ...metadata,
    countries: eachWithoutFormats(countries),
    nonGeographic: eachWithoutFormats(nonGeographic),
  }
}

type PhoneMetadata = {
  readonly version?: number
  readonly countries: Regions
  readonly nonGeographic: Regions
}
type Regions = Readonly<Record<string, readonly unknown[]>>

function eachWithoutFormats(regions: Regions): Regions {
  const likeness = (region: readonly unknown[]): string => JSON.stringify([region[LENGTHS], region[ABROAD]])
  return Object.fromEntries(
    Object.entries(regions)
      .toSorted(([, one], [, other]) => likeness(one).localeCompare(likeness(other), 'en'))
      .map(([name, region]) => [
        name,
        region.slice(0, AFTER_TYPES).map((field, index) => {
          if (OF_FORMATS.includes(index)) return 0
          return OF_TESTS.includes(index) ? withoutNonCapturing(field) : field
        }),
      ]),
  )
}

/** Patterns that a number is only tested against, so that it does not matter which groups capture: `(` is shorter than `(?:`. */
function withoutNonCapturing(patterns: unknown): unknown {
  return JSON.parse(JSON.stringify(patterns), (_, value) =>
    typeof value === 'string' ? value.replaceAll('(?:', '(') : value,
  )
}

/** The lengths of numbers, and the prefix for calls abroad: regions that share both are beside each other, for the compressor. */
const LENGTHS = 3
const ABROAD = 1
/** What a whole number matches, how those of a country begin that share a calling code, and what numbers of each type match. */
const OF_TESTS = [2, 10, 11]
/** Formats, how they write the national prefix, and whether they may omit it. */
const OF_FORMATS = [4, 6, 9]
/** The fields from here on say how to write numbers: the prefix for calls abroad, where there are several, and `ext.`. */
const AFTER_TYPES = 12

const PHONE_METADATA = /metadata\.max\.json\.js$/

function readMetadata(path: string): PhoneMetadata {
  return JSON.parse(readFileSync(path.replace(/\.js$/, ''), 'utf8'))
}

function asText(json: object): OnLoadResult {
  return { contents: `export default ${parsedText(json)}` }
}

/** JSON as a raw template, so that neither its quotes nor its backslashes are escaped twice. */
function parsedText(json: unknown): string {
  const text = JSON.stringify(json)
  if (/`|\$\{/.test(text)) throw new Error('A template cannot hold this JSON')
  return `JSON.parse(String.raw\`${text}\`)`
}

/**
 * Puts what a template needs of each language into one text, which is smaller than a module for each. Languages that look
 * alike are beside each other, because a compressor looks back 32 KB only. Fails if none is found.
 */
function withMessagesAsText(file: string, code: string): string {
  const found = new Map<string, object>()
  const rest = code.replace(MESSAGES, (_, name: string, path: string) => {
    const { locale, script, voiceId, sms, call } = JSON.parse(readFileSync(join(dirname(file), path), 'utf8'))
    found.set(name, { locale, script, voiceId, sms, call })
    return ''
  })
  if (found.size === 0) throw new Error(`${file} imports no messages`)
  const placeOf = (name: string): number => {
    const index = ALIKE.indexOf(name.slice(0, 2))
    return index < 0 ? ALIKE.length : index
  }
  const names = [...found.keys()].toSorted((one, other) => placeOf(one) - placeOf(other))
  return `const [${names}] = ${parsedText(names.map(name => found.get(name)))}${rest}`
}

/** Others come last. Found by trying. */
const ALIKE = 'da nb id ms ht fi vi sv en es pt it fr ro nl de th pl cs hu zh ja ko el uk ru tr'.split(' ')
const MESSAGES = /^import (\w+) from '(.*\/messages\/[\w-]+\.json)' with \{ type: 'json' \}$/gm
