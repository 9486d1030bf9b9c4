import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
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
    onLoad({ filter: /messages\/[\w-]+\.json$/ }, ({ path }) => {
      const { locale, script, voiceId, sms, call } = JSON.parse(readFileSync(path, 'utf8'))
      return { contents: JSON.stringify({ locale, script, voiceId, sms, call }), loader: 'json' }
    })
    onLoad({ filter: PHONE_METADATA }, ({ path }) => asText(withoutFormats(readMetadata(path))))
    onLoad({ filter: /libphonenumber-js\/es6\/(?:ParseError|format)\.js$/ }, ({ path }) => ({
      contents: path.endsWith('format.js') ? NO_FORMAT : PARSE_ERROR,
      loader: 'js',
    }))
    onLoad({ filter: /icu-messageformat-parser\/index\.js$/ }, ({ path }) => ({
      contents: withoutHourCycles(readFileSync(path, 'utf8')),
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
 * ICU's parser with the hours of no country: Node knows them itself (`getHourCycles`), and no value of a message is a time.
 * Fails if the parser keeps them in another way.
 */
function withoutHourCycles(code: string): string {
  const start = code.indexOf(HOUR_CYCLES)
  const end = code.indexOf('\n};', start)
  if (start < 0 || end < 0) throw new Error(`ICU's parser has no ${HOUR_CYCLES}`)
  return `${code.slice(0, start)}${HOUR_CYCLES} "001": ["H"] };${code.slice(end + '\n};'.length)}`
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
  const { countries, nonGeographic } = metadata
  return {
    ...metadata,
    countries: eachWithoutFormats(countries),
    nonGeographic: eachWithoutFormats(nonGeographic),
  }
}

type PhoneMetadata = { readonly countries: Regions; readonly nonGeographic: Regions }
type Regions = Readonly<Record<string, readonly unknown[]>>

function eachWithoutFormats(regions: Regions): Regions {
  return Object.fromEntries(Object.entries(regions).map(([name, region]) => [name, region.with(4, 0)]))
}

const PHONE_METADATA = /metadata\.max\.json\.js$/

function readMetadata(path: string): PhoneMetadata {
  return JSON.parse(readFileSync(path.replace(/\.js$/, ''), 'utf8'))
}

/** As a raw template, so that neither its quotes nor its backslashes are escaped twice. */
function asText(json: object): OnLoadResult {
  const text = JSON.stringify(json)
  if (/`|\$\{/.test(text)) throw new Error('A template cannot hold this JSON')
  return { contents: `export default JSON.parse(String.raw\`${text}\`)` }
}
