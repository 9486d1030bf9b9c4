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
  const characters = [...text]
  const isGsm = characters.every(character => GSM_BASIC.has(character) || GSM_EXTENSION.has(character))
  const width = isGsm ? (c: string) => (GSM_EXTENSION.has(c) ? 2 : 1) : (c: string) => c.length
  const [single, several] = isGsm ? [160, 153] : [70, 67]
  const septetsOrUnits = characters.reduce((sum, character) => sum + width(character), 0)
  const parts = septetsOrUnits <= single ? 1 : countParts(characters.map(width), several)
  return { text, encoding: isGsm ? 'GSM-7' : 'UCS-2', parts, septetsOrUnits }
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

const GSM_BASIC: ReadonlySet<string> = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
const GSM_EXTENSION: ReadonlySet<string> = new Set('\f^{}\\[~]|€')
