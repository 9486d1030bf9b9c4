/**
 * The text with nothing in it that a terminal obeys or a reader cannot see: control characters (C0, C1), those of
 * direction, without width or shape, and halves of characters are written as `\u001b`, as JSON writes them. JSON stays the
 * same JSON.
 */
export function printable(text: string): string {
  return text.replace(HIDDEN, (character, emoji) => emoji ?? escaped(character))
}

/** `printable` for text of several lines, which stay lines. */
export function printableLines(text: string): string {
  return text.replace(
    HIDDEN,
    (character, emoji) => emoji ?? (character === '\n' ? character : escaped(character)),
  )
}

/** The characters that `printable` would write otherwise. */
export function hiddenCharactersIn(
  text: string,
): readonly { readonly character: string; readonly offset: number }[] {
  return [...text.matchAll(HIDDEN)]
    .filter(([, emoji]) => emoji === undefined)
    .map(({ 0: character, index }) => ({ character, offset: index }))
}

/** What a thrown value says, whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
  return units.map(unit => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}

// An emoji is one sign, though it may be made of several with joiners and selectors between them. U+2800, the empty Braille
// pattern, is a sign to Unicode, and a blank to the eye.
const HIDDEN =
  /(\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?(?:\u200d\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?)*)|[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu
