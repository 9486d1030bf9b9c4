import { Secret } from '../values/secret.ts'
import { type CodeEnding, withEnding } from './code-ending.ts'
import { type Measure, type MeasuredText, measureText } from './message-parts.ts'
import { withPlainSayAs } from './say-as.ts'
import { escapeXml, fillIn, type Template } from './template.ts'
import type { TemplateValues } from './template-values.ts'

/** What the phone will show or say. */
export type Message =
  | ({ readonly channel: 'sms'; readonly body: Secret } & Measure)
  | { readonly channel: 'voice'; readonly body: Secret; readonly voiceId: string }

/** What a template is written with, apart from its values. */
export type MessageRules = {
  readonly ending: CodeEnding | undefined
  /** The ending is left out where the text would take more message parts. */
  readonly partsMax: number
  /** For a call: the voice of the user's locale, where the template names none. */
  readonly voiceId: string
}

/** The message of a template, filled in. `undefined` when it is longer than the carrier takes. */
export function writeMessage(
  template: Template,
  values: TemplateValues,
  { ending, partsMax, voiceId }: MessageRules,
): Message | undefined {
  if (template.channel === 'sms') {
    return textMessage(withEnding(measureText(fillIn(template, values)), values.code, ending, partsMax))
  }
  const body = withPlainSayAs(fillIn(template, spoken(values)))
  return body.length > SSML_MAX
    ? undefined
    : { channel: 'voice', body: new Secret(body), voiceId: template.voiceId || voiceId }
}

/** A text as it is. `undefined` when it is longer than the carrier takes. */
export function textMessage(measured: MeasuredText): Message | undefined {
  const { text, encoding, parts, septetsOrUnits } = measured
  if (septetsOrUnits > (encoding === 'GSM-7' ? GSM_MAX : UCS2_MAX)) return undefined
  return { channel: 'sms', body: new Secret(text), encoding, parts, septetsOrUnits }
}

/** Values are text to the voice, never markup. */
function spoken({ code, brand, domain, firstName, minutes }: TemplateValues): TemplateValues {
  return {
    code: new Secret(spokenDigits(code.reveal())),
    minutes,
    brand: escapeXml(brand),
    domain: escapeXml(domain),
    firstName: escapeXml(firstName),
  }
}

/** Digits said one by one with a pause after each: the one form that every voice engine reads the same way. @internal */
export function spokenDigits(code: string): string {
  return [...code].map(escapeXml).join('<break time="400ms"/>')
}

// AWS End User Messaging: at most 1,530 GSM or 630 other characters a text, 6,000 characters of SSML a call.
const GSM_MAX = 1530
const UCS2_MAX = 630
const SSML_MAX = 6000
