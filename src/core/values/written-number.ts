/** A number as it was written: its digits, and what surrounds them. */
export type WrittenNumber = {
  /** At least one, 0 to 9. */
  readonly digits: string
  readonly hasPlus: boolean
  /** Something to dial after the call is answered: `ext. 5`, `x5`, `;ext=5`, `#5`, `,,5`. */
  readonly hasExtension: boolean
}

/**
 * Parses a written number; undefined if it is not one (letters, two pluses, no digit, over 64 characters). Spaces,
 * hyphens, dots, slashes and brackets between digits are ignored, and so are the invisible characters that are often
 * copied from address books.
 */
export function parseWrittenNumber(text: string): WrittenNumber | undefined {
  if (text.length > LENGTH_MAX) return undefined
  const visible = text.replace(INVISIBLE, '').trim()
  const extension = EXTENSION.exec(visible)
  const [, marker = ''] = extension ?? []
  const main = extension === null ? visible : visible.slice(0, extension.index - marker.length)
  const plain = main.replace(ARABIC_DIGITS, toAsciiDigit).replace(SEPARATORS, '')
  const match = /^(\+?)(\d+)$/.exec(plain)
  if (match?.[2] === undefined) return undefined
  return { digits: match[2], hasPlus: match[1] === '+', hasExtension: extension !== null }
}

const LENGTH_MAX = 64 // the longest number has 17 digits; the rest is room for separators and an extension

/** Soft hyphen, zero-width characters, marks of direction, byte order mark. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g
const SEPARATORS = /[ \u00a0\u2000-\u200a\u202f\u3000().\-\u2010-\u2015\u2212/]/g
const EXTENSION =
  /(?<=(;\s*ext=|[\s,;]*(?:e?xt(?:ensi(?:on|ó?n)|n)?|x|#|~|доб|anexo|int|poste|ramal|durchwahl)[.:\s]*|\s*[,;pw]+\s*))\d{1,9}#?$/iu

/** Arabic-Indic digits, and the extended ones of Persian and Urdu. */
const ARABIC_DIGITS = /[\u0660-\u0669\u06f0-\u06f9]/g

function toAsciiDigit(digit: string): string {
  return String((digit.codePointAt(0) ?? 0) & 0xf)
}
