export type Encoding = 'GSM-7' | 'UCS-2'

/** What a text costs. A text is measured once and carries its measure. */
export type Measure = {
  readonly encoding: Encoding
  readonly parts: number
  readonly septetsOrUnits: number
}

export type MeasuredText = Measure & { readonly text: string }

/**
 * Encoding and number of message parts (3GPP TS 23.038 and 23.040): 160 septets in one part, 153 in each of
 * several; 70 and 67 code units when one character is outside the GSM alphabet. A character of two units is
 * not split over two parts.
 */
export function measureText(text: string): MeasuredText {
  const septets = countSeptets(text)
  if (septets === undefined) return measureUcs2(text)
  const parts = septets <= 160 ? 1 : countParts([...text].map(gsmWidth), 153)
  return { text, encoding: 'GSM-7', parts, septetsOrUnits: septets }
}

function measureUcs2(text: string): MeasuredText {
  const units = text.length
  const parts =
    units <= 70
      ? 1
      : countParts(
          Array.from(text, character => character.length),
          67,
        )
  return { text, encoding: 'UCS-2', parts, septetsOrUnits: units }
}

/** Undefined with the first character that is not in the GSM alphabet. */
function countSeptets(text: string): number | undefined {
  let septets = 0
  for (const character of text) {
    const width = gsmWidth(character)
    if (width === 0) return undefined
    septets += width
  }
  return septets
}

/** Septets; zero for a character that is not in the GSM alphabet. */
function gsmWidth(character: string): number {
  return GSM_BASIC.has(character) ? 1 : GSM_EXTENSION.has(character) ? 2 : 0
}

/** The characters that make a text UCS-2, each once. */
export function charactersOutsideGsm(text: string): readonly string[] {
  return [...new Set(text)].filter(character => !GSM_BASIC.has(character) && !GSM_EXTENSION.has(character))
}

function countParts(widths: readonly number[], capacity: number): number {
  let parts = 1
  let used = 0
  for (const width of widths) {
    if (used + width > capacity) {
      parts += 1
      used = 0
    }
    used += width
  }
  return parts
}

/** The characters of one septet, and those of two. */
export const gsmAlphabet = {
  basic:
    '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
  extension: '\f^{}\\[~]|€',
} as const
const GSM_BASIC: ReadonlySet<string> = new Set(gsmAlphabet.basic)
const GSM_EXTENSION: ReadonlySet<string> = new Set(gsmAlphabet.extension)
