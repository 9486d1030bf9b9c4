import { linksIn } from '../../core/values/links.ts'
import { hiddenCharactersIn } from '../../core/values/printable.ts'
import { placeIn, type Remark } from './finding.ts'
import { remarks } from './template-texts.ts'

/** What is easily overlooked: letters of another alphabet, invisible characters, and words that phones turn into links. */
export function lintCharacters(text: string, locale: string): readonly Remark[] {
  const words = withoutSyntax(text)
  return [...lookAlikes(text, words), ...hiddenCharacters(text, locale), ...links(text, words)]
}

function lookAlikes(text: string, words: string): readonly Remark[] {
  const mixed = [...words.matchAll(/[\p{L}\p{M}]+/gu)]
    .filter(([word]) => /\p{Script=Latin}/u.test(word) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(word))
    .map(({ 0: word, index }): Remark => {
      const foreign = [...new Set(word.match(/[\p{Script=Cyrillic}\p{Script=Greek}]/gu))]
      return { ...remarks.mixedAlphabets(word, foreign.map(nameCharacter)), place: placeIn(text, index) }
    })
  const wide = [...words.matchAll(/(?![0-9])\p{Nd}/gu)].filter(([digit]) =>
    /[0-9]/.test(digit.normalize('NFKC')),
  )
  return [
    ...mixed,
    ...wide.slice(0, 1).map(
      (first): Remark => ({
        ...remarks.digits(wide.length, [...new Set(wide.map(([digit]) => nameCharacter(digit)))]),
        place: placeIn(text, first.index),
      }),
    ),
  ]
}

/** Invisible characters that the script does not need: control characters, direction marks, and those without width or shape. */
export function hiddenCharacters(text: string, locale: string): readonly Remark[] {
  const { script = '' } = new Intl.Locale(locale).maximize()
  const isSsml = /^\s*<speak/.test(text)
  return hiddenCharactersIn(text)
    .filter(({ character }) => !(isSsml && /[\t\r]/.test(character)))
    .filter(
      ({ character, offset }) => !isExpected(character, text.slice(Math.max(0, offset - 2), offset), script),
    )
    .slice(0, HIDDEN_MAX)
    .map(({ character, offset }) => ({
      ...(OVERRIDES.test(character) ? remarks.override : remarks.hidden)(nameCharacter(character)),
      place: placeIn(text, offset),
    }))
}

/** Whether the character belongs in the text: a line end, a joiner in Indic and Arabic scripts, a direction mark in right-to-left ones. */
function isExpected(character: string, before: string, script: string): boolean {
  if (character === '\n') return true
  if (/[\u200c\u200d]/.test(character)) {
    return /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Malayalam}\p{Script=Kannada}\p{Script=Sinhala}\p{M}]$/u.test(
      before,
    )
  }
  return /[\u200e\u200f\u061c\u2066-\u2069]/.test(character) && (script === 'Arab' || script === 'Hebr')
}

function links(text: string, words: string): readonly Remark[] {
  return linksIn(words).map(({ link, offset }) => ({
    ...remarks.link(link),
    place: placeIn(text, offset),
  }))
}

/** The text with placeholders and tags replaced by spaces, so that offsets do not change. */
function withoutSyntax(text: string): string {
  return text.replace(/\{\w+\}|<[^<>]*>/g, syntax => ' '.repeat(syntax.length))
}

/** `"о" (U+043E)`; only the number if the character is invisible. */
export function nameCharacter(character: string): string {
  const number = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  return /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u.test(character)
    ? number
    : `"${character}" (${number})`
}

const OVERRIDES = /[\u202a-\u202e]/
const HIDDEN_MAX = 20
