import { Secret } from '../values/secret.ts'
import { type CodeEnding, withEnding } from './code-ending.ts'
import { type Measure, type MeasuredText, measureText } from './message-parts.ts'
import type { FillValues } from './plain-template.ts'
import { withPlainSayAs } from './say-as.ts'
import { spokenSeconds } from './spoken-seconds.ts'
import { asText, escapeXml, type Template } from './template.ts'
import type { TemplateValues } from './template-values.ts'

/** What the phone will show or say. */
export type Message = { readonly body: Secret; readonly form: Form } & (
  | ({ readonly channel: 'sms' } & Measure)
  | { readonly channel: 'voice'; readonly voiceId: string }
)

/** Which form of a template it is; what has one form only is full. */
export type Form = 'full' | 'short'

/** What a template is written with, apart from its values. */
export type MessageRules = {
  readonly ending: CodeEnding | undefined
  /** The ending is left out where the text would take more message parts. */
  readonly partsMax: number
  /** For a call: the voice of the user's locale, where the template names none. */
  readonly voiceId: string
}

/**
 * The message of a template, filled in: the full form of a text where it takes no more message parts than the short one, of a call
 * where it speaks less than 30 seconds; else the short form. `undefined` if it is longer than the carrier accepts.
 */
export function writeMessage(
  template: Template,
  values: TemplateValues,
  rules: MessageRules,
): Message | undefined {
  return template.channel === 'sms'
    ? writeText(template, values, rules)
    : writeCall(template, values, rules.voiceId)
}

/** A text as it is. `undefined` if it is longer than the carrier accepts. */
export function textMessage(measured: MeasuredText, form: Form = 'full'): Message | undefined {
  const { text, encoding, parts, septetsOrUnits } = measured
  if (septetsOrUnits > (encoding === 'GSM-7' ? GSM_MAX : UCS2_MAX)) return undefined
  return { channel: 'sms', form, body: new Secret(text), encoding, parts, septetsOrUnits }
}

function writeText(
  { forms: [full, short] }: Template,
  values: TemplateValues,
  { ending, partsMax }: MessageRules,
): Message | undefined {
  const filled = asText(values)
  const end = (body: MeasuredText, parts: number) => withEnding(body, values.code, ending, parts)
  const fullBody = measureText(full(filled))
  if (short === undefined) return textMessage(end(fullBody, partsMax))
  // One part is the minimum: if the full form fits in it, the short form cannot cost less.
  const inOnePart = end(fullBody, 1)
  if (inOnePart.parts === 1 && isEnded(inOnePart, fullBody, ending)) return textMessage(inOnePart)
  const shortBody = measureText(short(filled))
  const shortest = end(shortBody, partsMax)
  const fullest = end(fullBody, shortest.parts)
  const isEndedAlike = isEnded(fullest, fullBody, ending) || !isEnded(shortest, shortBody, ending)
  return fullest.parts <= shortest.parts && isEndedAlike
    ? textMessage(fullest)
    : textMessage(shortest, 'short')
}

function isEnded(whole: MeasuredText, body: MeasuredText, ending: CodeEnding | undefined): boolean {
  return ending === undefined || whole !== body
}

function writeCall(template: Template, values: TemplateValues, voiceId: string): Message | undefined {
  const filled = asSpeech(values)
  const [full, short] = template.forms
  const write = (form: typeof full): string => withPlainSayAs(form(filled))
  let body = write(full)
  const isLong = (): boolean =>
    template.secondsInFull(values.code.reveal().length, () => spokenSeconds(body)) >= CALL_SECONDS
  const form = short !== undefined && (body.length > SSML_MAX || isLong()) ? 'short' : 'full'
  if (short !== undefined && form === 'short') body = write(short)
  return body.length > SSML_MAX
    ? undefined
    : { channel: 'voice', form, body: new Secret(body), voiceId: template.voiceId || voiceId }
}

/** The values of a call: text to the voice, never markup. Only the code has pauses, and the brand how it is said. */
function asSpeech({ code, brand, brandSpeech, domain, firstName, minutes }: TemplateValues): FillValues {
  const brandAsText = escapeXml(brand)
  return {
    code: spokenDigits(code.reveal()),
    minutes,
    brand: brandSpeech === undefined ? brandAsText : spokenBrand(brandAsText, brandSpeech),
    brandAsText,
    domain: escapeXml(domain),
    firstName: escapeXml(firstName),
  }
}

function spokenBrand(brand: string, { alias, language }: NonNullable<TemplateValues['brandSpeech']>): string {
  const spoken = alias === undefined ? brand : `<sub alias="${escapeXml(alias)}">${brand}</sub>`
  return language === undefined ? spoken : `<lang xml:lang="${escapeXml(language)}">${spoken}</lang>`
}

/**
 * The digits of a code one by one with a pause after each, which every voice engine reads the same way; in groups of three with a longer
 * pause between, the last four as two pairs. @internal
 */
export function spokenDigits(code: string): string {
  if (!/^\d+$/.test(code)) return escapeXml(code)
  let spoken = ''
  let leftInGroup = 0
  for (let index = 0; index < code.length; index += 1) {
    if (index > 0) spoken += leftInGroup === 0 ? GROUP_PAUSE : DIGIT_PAUSE
    if (leftInGroup === 0) leftInGroup = code.length - index === 4 ? 2 : 3
    spoken += code[index]
    leftInGroup -= 1
  }
  return spoken
}

const DIGIT_PAUSE = '<break time="250ms"/>'
const GROUP_PAUSE = '<break time="600ms"/>'
/** The length from which a call is spoken in its short form. AWS ends calls of sandbox accounts after it. */
export const CALL_SECONDS = 30
// AWS End User Messaging: at most 1,530 GSM or 630 other characters a text, 6,000 characters of SSML a call.
const GSM_MAX = 1530
const UCS2_MAX = 630
const SSML_MAX = 6000
