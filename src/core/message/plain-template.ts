import { templateArguments } from './template-values.ts'

/** A template that was read: it says its words with the values in their places. */
export type Fill = (values: FillValues) => string

/** Each value as it is put in; the minutes as a number, by which a plural is chosen. */
export type FillValues = {
  readonly [name in Exclude<(typeof templateArguments)[number], 'minutes'>]: string
} & {
  readonly minutes: number
  /** The brand where markup has no place: in a tag, or in an element that holds text only. */
  readonly brandAsText: string
}

/**
 * Reads what nearly all templates are: text, `{code}` and the like, and plurals of minutes. It says what ICU MessageFormat
 * would say. Undefined for all else that ICU knows: quotations, formats of numbers, selections.
 */
export function readPlainTemplate(text: string, locale: string): Fill | undefined {
  if (!isPlainTemplate(text)) return undefined
  const pieces = readPieces(text)
  let categoryOf: ((count: number) => string) | undefined
  return values => {
    let filled = ''
    for (const piece of pieces) {
      if (typeof piece === 'string') filled += piece
      else if ('name' in piece) filled += values[piece.name]
      else {
        categoryOf ??= pluralCategories(locale)
        const words = piece.forms[categoryOf(values.minutes)] ?? piece.forms.other ?? ''
        filled += words.replaceAll('{minutes}', String(values.minutes))
      }
    }
    return filled
  }
}

/** Whether a template can be read without ICU's formatter. */
export function isPlainTemplate(text: string): boolean {
  return PLAIN.test(text)
}

type Piece =
  | string
  | { readonly name: keyof FillValues }
  | { readonly forms: Readonly<Record<string, string | undefined>> }

function readPieces(text: string): readonly Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of text.matchAll(SYNTAX)) {
    pieces.push(text.slice(end, match.index), readSyntax(match[0], text.slice(0, match.index)))
    end = match.index + match[0].length
  }
  return [...pieces, text.slice(end)]
}

function readSyntax(syntax: string, before: string): Piece {
  const name = templateArguments.find(known => syntax === `{${known}}`)
  if (name !== undefined) return { name: name === 'brand' && holdsTextOnly(before) ? 'brandAsText' : name }
  const forms = syntax.slice(1).matchAll(FORM)
  return { forms: Object.fromEntries(Array.from(forms, ([, category, words]) => [category, words])) }
}

/** Whether what comes next is inside a tag, or inside an element of SSML that may hold text only. */
function holdsTextOnly(before: string): boolean {
  const tag = before.lastIndexOf('<')
  return tag > before.lastIndexOf('>') || /^<(?:sub|phoneme|w|say-as)\b/.test(before.slice(Math.max(0, tag)))
}

/** Without rules of its own, a language would get those of the machine's language. */
function pluralCategories(locale: string): (count: number) => string {
  if (Intl.PluralRules.supportedLocalesOf(locale).length === 0) return () => 'other'
  const rules = new Intl.PluralRules(locale)
  return count => rules.select(count)
}

const VALUE = `\\{(?:${templateArguments.join('|')})\\}`
// ICU reads an apostrophe before these as the beginning of a quotation, and `#` in a plural as the number.
const WORDS = "(?:[^{}'#]|'(?!['{}<>#]))"
const FORMS = `(?: (?:zero|one|two|few|many) \\{(?:${WORDS}|\\{minutes\\})*\\})*`
const PLURAL = `\\{minutes, plural,${FORMS} other \\{(?:${WORDS}|\\{minutes\\})*\\}\\}`
const PLAIN = new RegExp(`^(?:[^{}']|'(?!['{}<>#])|${VALUE}|${PLURAL})*$`)
const SYNTAX = new RegExp(`${VALUE}|${PLURAL}`, 'g')
const FORM = /(zero|one|two|few|many|other) \{((?:[^{}]|\{minutes\})*)\}/g
