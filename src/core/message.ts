import { Secret } from './secret.ts'
import { escapeXml, fillIn, type Template, type TemplateValues } from './template.ts'

/** What the phone will show or say. */
export type Message =
  | { readonly channel: 'sms'; readonly body: Secret; readonly encoding: Encoding; readonly parts: number }
  | { readonly channel: 'voice'; readonly body: Secret; readonly voiceId: string }

export type Encoding = 'GSM-7' | 'UCS-2'

/** The message of a template, with the code filled in. `undefined` when it is longer than the carrier takes. */
export function writeMessage(template: Template, code: Secret): Message | undefined {
  if (template.channel === 'sms') return textMessage(fillIn(template, { code: code.reveal() }))
  const values: TemplateValues = { code: spokenDigits(code.reveal()) }
  const body = fillIn(template, values)
  return body.length > SSML_MAX
    ? undefined
    : { channel: 'voice', body: new Secret(body), voiceId: template.voiceId }
}

/** A text as it is. `undefined` when it is longer than the carrier takes. */
export function textMessage(body: string): Message | undefined {
  const { encoding, parts, septetsOrUnits } = measureText(body)
  if (septetsOrUnits > (encoding === 'GSM-7' ? GSM_MAX : UCS2_MAX)) return undefined
  return { channel: 'sms', body: new Secret(body), encoding, parts }
}

/** Digits said one by one with a pause after each: the one form that every voice engine reads the same way. */
export function spokenDigits(code: string): string {
  return [...code].map(escapeXml).join('<break time="400ms"/>')
}

/**
 * Encoding and number of message parts (3GPP TS 23.038 and 23.040): 160 septets in one part, 153 in each of
 * several; 70 and 67 code units when one character is outside the GSM alphabet. A character of two units is
 * not split over two parts.
 */
export function measureText(text: string): { encoding: Encoding; parts: number; septetsOrUnits: number } {
  const characters = [...text]
  const isGsm = characters.every(character => GSM_BASIC.has(character) || GSM_EXTENSION.has(character))
  const width = isGsm ? (c: string) => (GSM_EXTENSION.has(c) ? 2 : 1) : (c: string) => c.length
  const [single, several] = isGsm ? [160, 153] : [70, 67]
  const septetsOrUnits = characters.reduce((sum, character) => sum + width(character), 0)
  const parts = septetsOrUnits <= single ? 1 : countParts(characters.map(width), several)
  return { encoding: isGsm ? 'GSM-7' : 'UCS-2', parts, septetsOrUnits }
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

// AWS End User Messaging: at most 1,530 GSM or 630 other characters a text, 6,000 characters of SSML a call.
const GSM_MAX = 1530
const UCS2_MAX = 630
const SSML_MAX = 6000

const GSM_BASIC: ReadonlySet<string> = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
const GSM_EXTENSION: ReadonlySet<string> = new Set('\f^{}\\[~]|€')
