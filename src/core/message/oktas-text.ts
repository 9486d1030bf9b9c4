import { hasPhoneNumber, linksIn } from '../values/links.ts'
import { hiddenCharactersIn } from '../values/printable.ts'
import type { Secret } from '../values/secret.ts'
import { type Message, textMessage } from './message.ts'
import { measureText } from './message-parts.ts'

/** Why Okta's own text is not used. */
export type OktasTextFlaw = keyof typeof SENTENCES

/**
 * The text that Okta itself would send (`msgTemplate`), as a message; or what is wrong with it. People who can edit
 * texts in Okta, or choose their own name, could send their words in our name. So it is used only if it is within the
 * part budget and has the code exactly once, no link, no number that a phone offers to dial, and no hidden character.
 */
export function readOktasText(
  oktasText: Secret,
  oktasCode: Secret,
  partsMax: number,
): Message | OktasTextFlaw {
  const [text, code] = [oktasText.reveal(), oktasCode.reveal()]
  const message = textMessage(measureText(text))
  if (message === undefined) return 'too-long'
  if (message.channel === 'sms' && message.parts > partsMax) return 'too-many-parts'
  if (hiddenCharactersIn(withoutLineEnds(text)).length > 0) return 'hidden-character'
  const plain = text.normalize('NFKC')
  if (!text.includes(code) || !holdsOnce(plain, code)) return 'code'
  if (linksIn(text).length > 0) return 'link'
  if (hasPhoneNumber(plain.replace(code, 'x'))) return 'phone-number'
  return message
}

/** `Okta's own text is not used: it has a link.` */
export function explainOktasTextFlaw(flaw: OktasTextFlaw): string {
  return `Okta's own text is not used: ${SENTENCES[flaw]}.`
}

const SENTENCES = {
  'too-long': 'it is longer than the carrier accepts',
  'too-many-parts': 'it takes more message parts than the settings allow',
  'hidden-character': 'it has an invisible character',
  code: 'it does not have the code exactly once, in plain digits',
  link: 'it has a link',
  'phone-number': 'it has a number that phones offer to dial',
} as const

function withoutLineEnds(text: string): string {
  return text.replace(/[\n\r]/g, '')
}

/** Once, and not inside a longer number, which people would take for the code. */
function holdsOnce(text: string, code: string): boolean {
  return [...text.matchAll(/\p{Nd}+/gu)].filter(([digits]) => digits.includes(code)).join() === code
}
