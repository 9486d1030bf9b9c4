/**
 * The text without anything that controls a terminal or that a reader cannot see: control characters (C0, C1),
 * direction marks, invisible characters and lone surrogates are escaped as in JSON (`\u001b`). JSON keeps its meaning.
 */
export function printable(text: string): string {
  if (PLAIN.test(text)) return text
  return text.replace(HIDDEN, (character, emoji) => emoji ?? escaped(character))
}

/** `printable` for text of several lines: line ends are kept. */
export function printableLines(text: string): string {
  return text.replace(
    HIDDEN,
    (character, emoji) => emoji ?? (character === '\n' ? character : escaped(character)),
  )
}

/** The characters that `printable` would escape. */
export function hiddenCharactersIn(
  text: string,
): readonly { readonly character: string; readonly offset: number }[] {
  return [...text.matchAll(HIDDEN)]
    .filter(([, emoji]) => emoji === undefined)
    .map(({ 0: character, index }) => ({ character, offset: index }))
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** A moment for people, in UTC and to the minute: `2026-11-28 10:02`. */
export function minuteOf(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
  return units.map(unit => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}

const PLAIN = /^[\x20-\x7e]*$/ // nearly every line of the log

// An emoji is one visible character, even if it is made of several with joiners and selectors between them. U+2800, the
// empty Braille pattern, is a symbol in Unicode but looks like a space.
const HIDDEN =
  /(\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?(?:\u200d\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?)*)|[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu
