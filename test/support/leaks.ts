import { createHash } from 'node:crypto'
import { spokenDigits } from '../../src/core/message/message.ts'

/** A value that must not be found anywhere. Digits: at least eight, so that they are not found by chance. */
export type Secret = { readonly name: string; readonly value: string }
/** Something that was stored, sent or printed. */
export type Place = { readonly name: string; readonly bytes: Buffer }

/** Every place that contains a secret, in any form: `stdout holds the code of the text (base64)`. */
export function findLeaks(secrets: readonly Secret[], places: readonly Place[]): readonly string[] {
  const texts = places.map(({ name, bytes }) => ({ name, text: bytes.toString('latin1') }))
  return secrets.flatMap(({ name, value }) =>
    formsOf(value).flatMap(({ form, needles }) =>
      texts
        .filter(({ text }) => needles.some(needle => text.includes(needle)))
        .map(place => `${place.name} holds ${name} (${form})`),
    ),
  )
}

/** A phone number in E.164, and the parts that identify it. */
export function numberSecrets(name: string, e164: string, countryCode: string): readonly Secret[] {
  const digits = e164.slice(1)
  return [
    { name, value: e164 },
    { name: `${name}, without its +`, value: digits },
    { name: `${name}, without its country`, value: digits.slice(countryCode.length) },
  ]
}

/** An access token, and its parts that are useful or informative on their own. */
export function tokenSecrets(name: string, token: string): readonly Secret[] {
  const [, claims = '', signature = ''] = token.split('.')
  return [
    { name, value: token },
    { name: `${name}: its claims`, value: claims },
    { name: `${name}: its signature`, value: signature },
  ].filter(({ value }) => value.length >= LENGTH_MIN)
}

export type Form = { readonly form: string; readonly needles: readonly string[] }

/** The forms in which a value could have been written. Any one of the needles is a leak. */
export function formsOf(value: string): readonly Form[] {
  if (value.length < LENGTH_MIN) throw new Error('Too short: it could be found by chance')
  const bytes = Buffer.from(value)
  const hex = bytes.toString('hex')
  const digest = createHash('sha256').update(value).digest()
  const everyByte = hex.replaceAll(/../g, byte => `%${byte}`)
  return [
    { form: 'plain', needles: [value] },
    ...(/^\+?\d+$/.test(value) ? separatedForms(value.replace('+', '')) : []),
    { form: 'base64', needles: base64Needles(bytes, 'base64') },
    { form: 'base64url', needles: base64Needles(bytes, 'base64url') },
    { form: 'URL-encoded', needles: [everyByte, everyByte.toUpperCase(), ...encodedNeedles(value)] },
    { form: 'hex', needles: [hex, hex.toUpperCase()] },
    {
      form: 'plain SHA-256',
      needles: [
        digest.toString('hex'),
        digest.toString('hex').toUpperCase(),
        digest.toString('base64url'),
        digest.toString('base64').replace(/=$/, ''),
      ],
    },
  ]
}

/** Digits as people write them or as they are spoken. */
function separatedForms(digits: string): readonly Form[] {
  const spoken = spokenDigits(digits)
  const joined = [
    ...SEPARATORS.map(separator => [...digits].join(separator)),
    ...[spoken, JSON.stringify(spoken).slice(1, -1)],
  ]
  const grouped = [2, 3, 4].flatMap(size =>
    [' ', '-', '.'].map(separator => digits.match(new RegExp(`.{1,${size}}`, 'g'))?.join(separator) ?? ''),
  )
  const [, area, exchange, line] = /(\d{3})(\d{3})(\d{4})$/.exec(digits) ?? []
  const american = area === undefined ? [] : [`(${area}) ${exchange}-${line}`, `${area}-${exchange}-${line}`]
  return [
    { form: 'digits apart', needles: joined },
    { form: 'digits in groups', needles: [...grouped, ...american] },
  ]
}

/** Inside a longer text, base64 has one of three forms; the characters at the edges depend on the neighbours. */
function base64Needles(bytes: Buffer, encoding: 'base64' | 'base64url'): readonly string[] {
  return [0, 1, 2].map(shift => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString(encoding)
      .replaceAll('=', '')
    const first = Math.ceil((shift * 4) / 3)
    const last = Math.floor(((shift + bytes.length) * 8) / 6)
    return encoded.slice(first, last)
  })
}

function encodedNeedles(value: string): readonly string[] {
  const encoded = encodeURIComponent(value)
  return encoded === value ? [] : [encoded, encoded.toLowerCase()]
}

const SEPARATORS = [' ', ',', ', ', '-', '.']
const LENGTH_MIN = 8
