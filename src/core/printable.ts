/**
 * The text with nothing in it that a terminal obeys or a reader cannot see: control characters (C0, C1), those of
 * direction, without width or shape, and halves of characters are written as `\u001b`, as JSON writes them. JSON stays the
 * same JSON.
 */
export function printable(text: string): string {
  return text.replace(HIDDEN, escaped)
}

/** `printable` for text of several lines, which stay lines. */
export function printableLines(text: string): string {
  return text.replace(HIDDEN, character => (character === '\n' ? character : escaped(character)))
}

/** The characters that `printable` would write otherwise. */
export function hiddenCharactersIn(
  text: string,
): readonly { readonly character: string; readonly offset: number }[] {
  return [...text.matchAll(HIDDEN)].map(match => ({ character: match[0], offset: match.index }))
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
  return units.map(unit => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}

// U+2800, the empty Braille pattern, is a sign to Unicode, and a blank to the eye.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu
