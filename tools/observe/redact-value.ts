import { measureText } from '../../src/core/message/message-parts.ts'
import { redactUrl } from './redact-names.ts'

/** The known kind of a field's value. */
export type Kind =
  | 'id'
  | 'time'
  | 'version'
  | 'oktas-word'
  | 'content-type'
  | 'method'
  | 'channel'
  | 'locale'
  | 'digits'
  | 'phone-number'
  | 'address'
  | 'url'
  | 'template'
  | 'personal'

/**
 * The form of a value, in a closed vocabulary, never the value itself. The exceptions are the spellings that the
 * observation is about (channel, locale, types and versions), and only in their usual form.
 *
 * @param kind undefined for an unknown field, of which only the type is reported
 * @param code of the same request, to look for it in the template
 */
export function redactValue(value: unknown, kind?: Kind, code?: unknown): string {
  if (typeof value === 'string') return kind === undefined ? 'text' : redactText(value, kind, code)
  if (value === null) return 'null'
  if (Array.isArray(value)) return `list of ${value.length}`
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'empty object' : 'object'
  const isCounted = kind === 'digits' || kind === 'phone-number'
  if (isCounted && typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)
    return `number of ${String(value).length} digits`
  return typeof value
}

function redactText(text: string, kind: Kind, code: unknown): string {
  if (text === '') return 'empty text'
  if (text.length > LENGTH_MAX) return 'a very long text'
  switch (kind) {
    case 'personal':
      return 'text'
    case 'id':
      return `text of ${text.length} ${/^[\w-]+$/.test(text) ? 'base64url characters' : 'characters'}`
    case 'time':
      return redactTime(text)
    case 'digits':
      return /^\d+$/.test(text) ? `text of ${text.length} digits` : OTHER
    case 'phone-number':
      if (/^\+\d+$/.test(text)) return `+ and ${text.length - 1} digits`
      return /^\d+$/.test(text) ? `${text.length} digits without +` : OTHER
    case 'address':
      if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return 'IPv4 address'
      return /^[0-9a-f:.]+$/i.test(text) && text.includes(':') ? 'IPv6 address' : OTHER
    case 'url':
      return redactUrl(text)
    case 'template':
      return redactTemplate(text, code)
    default:
      return SHOWN[kind].test(text) ? `\`${text}\`` : OTHER
  }
}

function redactTime(text: string): string {
  const [, fraction, zone] = ISO_8601.exec(text) ?? []
  if (!ISO_8601.test(text)) return OTHER
  const precision =
    fraction === undefined
      ? 'whole seconds'
      : fraction.length === 3
        ? 'milliseconds'
        : `${fraction.length} digits after the second`
  const where = zone === undefined ? 'no zone' : /^z$/i.test(zone) ? 'UTC (Z)' : 'an offset'
  return `ISO 8601 time, ${precision}, ${where}`
}

/** Whether it contains the code, and its alphabet, but never its text. */
function redactTemplate(text: string, code: unknown): string {
  const digits = typeof code === 'number' ? String(code) : code
  const times = typeof digits === 'string' && digits !== '' ? text.split(digits).length - 1 : 0
  const { encoding } = measureText(text)
  return `text of ${text.length} characters, ${times === 1 ? 'the code exactly once' : `the code ${times} times`}, ${encoding}`
}

/** The usual form of values that may be shown unchanged. */
const SHOWN = {
  version: /^\d{1,2}(?:\.\d{1,2})?$/,
  'oktas-word': /^com\.okta\.[a-z.-]{1,60}$/,
  'content-type': /^[a-z]{1,20}\/[a-z.+-]{1,40}(?:; ?charset=[A-Za-z0-9-]{1,12})?$/,
  method: /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/,
  // Names of channels, in any case and with any separator; no person has such a name.
  channel: /^(?:(?:sms|mms|rcs|text|message|voice|phone|call|whatsapp|email|push)[ ._-]?){1,4}$/i,
  // Language, script, region: https://www.rfc-editor.org/rfc/rfc5646#section-2.1, with either separator
  locale: /^[A-Za-z]{2,3}(?:[-_][A-Za-z]{4})?(?:[-_](?:[A-Za-z]{2}|\d{3}))?$/,
} as const

const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/i
const OTHER = 'text of another form'
const LENGTH_MAX = 2_000
