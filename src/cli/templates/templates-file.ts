import { quoteLiteral } from '../../core/message/template.ts'
import type { NewTemplate, TemplateChange } from '../../core/policy/policy-store.ts'
import { normalizeLocale } from '../../core/values/locale.ts'
import { type Purpose, purposes } from '../../core/values/request.ts'
import { readChannel } from '../../okta/hook-request.ts'
import { Problem, quoted } from '../terminal/problem.ts'
import { jsonValuesIn } from './json-values.ts'

export type TemplatesFile = {
  /** `replaces`: the version in the file, as exports have it. */
  readonly templates: readonly TemplateChange[]
  readonly changed: readonly string[]
  /** The guidance has no purposes: its templates are for every purpose. */
  readonly isForEveryPurpose: boolean
}

/**
 * Reads templates from a file: a JSON list in Hookline's own form, the AWS guidance's data file, or its live table as
 * `aws dynamodb scan` prints it. The guidance's items have `id`, `messagetype`, `language`, `message` with `@otp` and
 * `@otp2`, and `voiceid`. Prose between items is skipped. Attributes may have DynamoDB's types or not.
 */
export function readTemplatesFile(text: string, file: string): TemplatesFile {
  const items = jsonValuesIn(text).flatMap(value => itemsOf(value, file))
  if (items.length === 0)
    throw new Problem('usage', `${file} contains no template: neither a JSON list nor DynamoDB items.`)
  const read = items.map((item, index) => {
    const where = `${file}, item ${index + 1}`
    const attributes = plainAttributes(item)
    return 'messagetype' in attributes ? readGuidanceItem(attributes, where) : readOwnItem(attributes, where)
  })
  const { unique, merged } = withoutTwins(read, file)
  return {
    templates: unique.map(({ template }) => template),
    changed: [...unique.flatMap(({ changed }) => changed), ...merged],
    isForEveryPurpose: items.some(item => 'messagetype' in plainAttributes(item)),
  }
}

type ReadItem = { readonly template: TemplateChange; readonly changed: readonly string[] }
type Attributes = Readonly<Record<string, unknown>>

function readGuidanceItem(item: Attributes, where: string): ReadItem {
  const message = required(item, 'message', where)
  const type = required(item, 'messagetype', where)
  const channel = readChannel(type)
  if (channel === undefined)
    throw new Problem('usage', `${where}: messagetype is ${quoted(type)}; expected sms or voice call.`)
  const locale = readLocale(required(item, 'language', where), where)
  // Braces and apostrophes are syntax in ICU, so plain text is quoted.
  const text = quoteLiteral(message).replace(/@otp2?\b/g, '{code}')
  const voiceId = channel === 'voice' ? required(item, 'voiceid', where).toUpperCase() : ''
  const name = `${channel}/${locale}/any`
  const placeholders = [...new Set(message.match(/@otp2?\b/g))].join(' and ')
  return {
    template: { channel, locale, purpose: 'any', text, voiceId, indiaTemplateId: undefined },
    changed: placeholders === '' ? [] : [`${name}: ${placeholders} became {code}`],
  }
}

function readOwnItem(item: Attributes, where: string): ReadItem {
  const channel = required(item, 'channel', where)
  if (channel !== 'sms' && channel !== 'voice') {
    throw new Problem('usage', `${where}: channel is ${quoted(channel)}; expected sms or voice.`)
  }
  const purpose = (item.purpose ?? 'any') as Purpose | 'any'
  if (purpose !== 'any' && !purposes.some(known => known === purpose)) {
    throw new Problem(
      'usage',
      `${where}: purpose is ${quoted(purpose)}; expected any, ${purposes.join(', ')}.`,
    )
  }
  // A missing or empty voiceId is the default voice of the user's language.
  const hasVoice = channel === 'voice' && item.voiceId !== undefined && item.voiceId !== ''
  const voiceId = hasVoice ? required(item, 'voiceId', where) : ''
  const text = required(item, 'text', where)
  const indiaTemplateId =
    item.indiaTemplateId === undefined ? undefined : required(item, 'indiaTemplateId', where)
  const locale = readLocale(required(item, 'locale', where), where)
  const replaces = readVersion(item.version, where)
  const short = item.short === undefined ? {} : { short: required(item, 'short', where) }
  const template: NewTemplate = { channel, locale, purpose, text, ...short, voiceId, indiaTemplateId }
  return { template: replaces === undefined ? template : { ...template, replaces }, changed: [] }
}

function required(item: Attributes, name: string, where: string): string {
  const value = item[name]
  if (typeof value === 'string' && value !== '') return value
  throw new Problem('usage', `${where}: ${name} is ${quoted(value)}; expected text.`)
}

function readVersion(value: unknown, where: string): number | undefined {
  if (value === undefined || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0))
    return value
  throw new Problem(
    'usage',
    `${where}: version is ${quoted(value)}; expected the number of the version that it replaces, 0 for none.`,
  )
}

function readLocale(text: string, where: string): string {
  const locale = normalizeLocale(text)
  if (locale === undefined)
    throw new Problem('usage', `${where}: ${quoted(text)} is not a language tag such as es or pt-BR.`)
  return locale
}

/** Merges equal items of the same name: the guidance's table may have both `EN-US` and `en-us`, which are one locale. */
function withoutTwins(read: readonly ReadItem[], file: string): { unique: ReadItem[]; merged: string[] } {
  const unique: ReadItem[] = []
  const merged: string[] = []
  const places = new Map<string, number>()
  for (const [index, item] of read.entries()) {
    const { channel, locale, purpose } = item.template
    const name = `${channel}/${locale}/${purpose}`
    const place = places.get(name)
    const twin = read[place ?? index]
    if (place === undefined) {
      places.set(name, index)
      unique.push(item)
    } else if (JSON.stringify(twin?.template) === JSON.stringify(item.template)) {
      merged.push(`${name}: items ${place + 1} and ${index + 1} are the same and were merged`)
    } else {
      throw new Problem(
        'usage',
        `${file}: items ${place + 1} and ${index + 1} are both ${name}, with different texts. Keep one of them.`,
      )
    }
  }
  return { unique, merged }
}

/** The items of a list or of the output of `aws dynamodb scan`; any other value is one item. */
function itemsOf(value: unknown, file: string): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(item => (isScan(item) ? itemsOf(item, file) : [item]))
  if (!isScan(value)) return [value]
  if (value.LastEvaluatedKey || value.NextToken) {
    throw new Problem(
      'usage',
      `${file} contains only a part of the table. Scan it again without --no-paginate and --max-items.`,
    )
  }
  return value.Items
}

type Scan = {
  readonly Items: readonly unknown[]
  readonly LastEvaluatedKey?: unknown
  readonly NextToken?: unknown
}

function isScan(value: unknown): value is Scan {
  return typeof value === 'object' && value !== null && 'Items' in value && Array.isArray(value.Items)
}

/** DynamoDB's `{"S": "text"}` as `"text"`. */
function plainAttributes(item: unknown): Attributes {
  if (typeof item !== 'object' || item === null) return {}
  const plain = Object.entries(item).map(([name, value]) => [
    name,
    typeof value === 'object' && value !== null && 'S' in value ? value.S : value,
  ])
  return Object.fromEntries(plain)
}
