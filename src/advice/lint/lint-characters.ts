import { linksIn } from '../../core/values/links.ts'
import { hiddenCharactersIn } from '../../core/values/printable.ts'
import { placeIn, type Remark } from './finding.ts'

/** What the eye does not see: letters of another alphabet, characters without a shape, and what becomes a link. */
export function lintCharacters(text: string, locale: string): readonly Remark[] {
  const words = withoutSyntax(text)
  return [...lookAlikes(text, words), ...hiddenCharacters(text, locale), ...links(text, words)]
}

function lookAlikes(text: string, words: string): readonly Remark[] {
  const mixed = [...words.matchAll(/[\p{L}\p{M}]+/gu)]
    .filter(([word]) => /\p{Script=Latin}/u.test(word) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(word))
    .map(({ 0: word, index }): Remark => {
      const foreign = [...new Set(word.match(/[\p{Script=Cyrillic}\p{Script=Greek}]/gu))]
      return {
        rule: 'look-alikes',
        severity: 'error',
        sentence: `"${word}" mixes alphabets: ${foreign.map(nameCharacter).join(', ')} among Latin letters.`,
        remedy: 'Type the word again with one keyboard. Such words are what forged messages are known by.',
        place: placeIn(text, index),
      }
    })
  const wide = [...words.matchAll(/(?![0-9])\p{Nd}/gu)].filter(([digit]) =>
    /[0-9]/.test(digit.normalize('NFKC')),
  )
  return [
    ...mixed,
    ...wide.slice(0, 1).map(
      (first): Remark => ({
        rule: 'look-alikes',
        severity: 'warning',
        sentence: `${count(wide.length, 'digit')} only ${wide.length === 1 ? 'looks' : 'look'} like 0 to 9: ${[
          ...new Set(wide.map(([digit]) => nameCharacter(digit))),
        ].join(', ')}.`,
        remedy: 'Use the plain digits: these cannot be copied, dialled or read aloud everywhere.',
        place: placeIn(text, first.index),
      }),
    ),
  ]
}

/** What the eye does not see, where it is no spelling: control characters, those of direction, without width or shape. */
export function hiddenCharacters(text: string, locale: string): readonly Remark[] {
  const { script = '' } = new Intl.Locale(locale).maximize()
  const isSsml = /^\s*<speak/.test(text)
  return hiddenCharactersIn(text)
    .filter(({ character }) => !(isSsml && /[\t\r]/.test(character)))
    .filter(
      ({ character, offset }) => !isAtHome(character, text.slice(Math.max(0, offset - 2), offset), script),
    )
    .slice(0, HIDDEN_MAX)
    .map(({ character, offset }) => ({
      rule: 'hidden-characters',
      severity: OVERRIDES.test(character) ? 'error' : 'warning',
      sentence: `${nameCharacter(character)} cannot be seen${OVERRIDES.test(character) ? ', and turns the order of what follows' : ''}.`,
      remedy: 'Delete it. It often comes along when text is copied from a page or a document.',
      place: placeIn(text, offset),
    }))
}

/**
 * Joiners are spelling in Indic and Arabic scripts, direction marks in those that run from the right; and lines end.
 */
function isAtHome(character: string, before: string, script: string): boolean {
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
    rule: 'links',
    severity: 'warning',
    sentence: `Phones make a link of "${link}".`,
    remedy: 'Leave links out: people who learn to press them in such messages press a forged one, too.',
    place: placeIn(text, offset),
  }))
}

/** The words alone, each where it was: arguments and tags are blanked. */
function withoutSyntax(text: string): string {
  return text.replace(/\{\w+\}|<[^<>]*>/g, syntax => ' '.repeat(syntax.length))
}

/** `"о" (U+043E)`, and the number alone for what has no shape. */
export function nameCharacter(character: string): string {
  const number = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  return /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u.test(character)
    ? number
    : `"${character}" (${number})`
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

const OVERRIDES = /[\u202a-\u202e]/
const HIDDEN_MAX = 20
