/** The encoding of a text, and the number of parts in which it is sent and billed. */
export type TextEncoding = {
  readonly encoding: 'GSM-7' | 'UCS-2'
  readonly parts: number
  readonly units: number
}

/**
 * Counts a text as a carrier does (3GPP TS 23.038 and 23.040).
 *
 * A part holds 140 bytes: 160 septets, or 70 UCS-2 units. A text of several parts gives six bytes of each part to the
 * header that joins them: 153 septets, or 67 units. Neither an escaped character nor a surrogate pair is split, so a
 * part may end one unit early. `units` is the length in septets or UCS-2 units.
 */
export function encodingOf(text: string): TextEncoding {
  const septets = septetsOf(text)
  return septets === undefined
    ? { encoding: 'UCS-2', units: text.length, parts: partsOf(text, text.length, 70, 67, ucs2UnitsAt) }
    : { encoding: 'GSM-7', units: septets, parts: partsOf(text, septets, 160, 153, septetsAt) }
}

/** The septets of a text, or undefined when a character is not in the GSM 03.38 alphabet. */
function septetsOf(text: string): number | undefined {
  let septets = 0
  for (let index = 0; index < text.length; index += 1) {
    const cost = GSM_COST[text.charCodeAt(index)] ?? 0
    if (cost === 0) return undefined
    septets += cost
  }
  return septets
}

type Step = { readonly units: number; readonly characters: number }

function partsOf(
  text: string,
  units: number,
  whole: number,
  split: number,
  stepAt: typeof septetsAt,
): number {
  if (units <= whole) return 1
  let parts = 1
  let used = 0
  for (let index = 0; index < text.length; ) {
    const step = stepAt(text, index)
    if (used + step.units > split) {
      parts += 1
      used = 0
    }
    used += step.units
    index += step.characters
  }
  return parts
}

function septetsAt(text: string, index: number): Step {
  return GSM_COST[text.charCodeAt(index)] === 2 ? ESCAPED : SINGLE
}

function ucs2UnitsAt(text: string, index: number): Step {
  return (text.codePointAt(index) ?? 0) > 0xffff ? PAIR : SINGLE
}

const SINGLE: Step = { units: 1, characters: 1 }
const ESCAPED: Step = { units: 2, characters: 1 }
const PAIR: Step = { units: 2, characters: 2 }

// 3GPP TS 23.038 §6.2.1: the default alphabet (without the escape itself) and its extension table.
const DEFAULT_ALPHABET =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const EXTENSION = '\f^{}\\[~]|€'

const GSM_COST = gsmCosts()

function gsmCosts(): Uint8Array {
  const costs = new Uint8Array(0x20ad) // up to and including the euro sign
  for (const character of DEFAULT_ALPHABET) costs[character.charCodeAt(0)] = 1
  for (const character of EXTENSION) costs[character.charCodeAt(0)] = 2
  return costs
}
