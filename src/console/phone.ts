import {
  canSpeak,
  directionOf,
  joinSpeech,
  type SpeechPiece,
  sampleValues,
  speechIn,
} from '../advice/preview-messages.ts'
import { prepareAnyTemplate } from '../core/message/icu-template.ts'
import { type Message, writeMessage } from '../core/message/message.ts'
import { spokenSeconds } from '../core/message/spoken-seconds.ts'
import type { PlanRules } from '../core/plan/plan.ts'
import type { NewTemplate } from '../core/policy/policy-store.ts'
import { voiceFor } from '../core/values/voices.ts'
import { address, type Html, html } from './page.ts'
import type { Speech } from './speech.ts'
import { texts } from './texts.ts'

/** A template without errors as it arrives on a phone, in each of its lengths, with sample values. */
export function templateOnPhone(template: NewTemplate, rules: PlanRules, speech: Speech): Html {
  const { short, ...full } = template
  const sent = write(template, rules)
  const forms = [full, ...(short === undefined ? [] : [{ ...full, text: short }])]
  return html`${forms.map((form, index) => {
    const message = write(form, rules)
    const name = index === 0 ? 'full' : 'short'
    const isSent = sent?.form === name
    return html`${short !== undefined && html`<h3>${texts.phone.forms[name]}${isSent && ` (${texts.phone.sent})`}</h3>`}
${message === undefined ? html`<p class="bad">${texts.phone.tooLong}</p>` : messageOnPhone(message, template.locale, rules.brand, speech)}`
  })}`
}

/** One message as it arrives: the text, or what the call says. */
export function messageOnPhone(message: Message, locale: string, brand: string, speech: Speech): Html {
  const body = message.body.reveal()
  const direction = directionOf(locale)
  if (message.channel === 'sms') {
    const { parts, encoding, septetsOrUnits } = message
    return html`<div class="phone"><p class="quiet"><bdi>${brand}</bdi></p><p class="bubble" lang="${locale}" dir="${direction}">${body}</p></div>
<p class="quiet">${texts.phone.size(parts, encoding, septetsOrUnits)}</p>`
  }
  const seconds = Math.round(spokenSeconds(body))
  const words = joinSpeech(speechIn(body), describePiece)
  return html`<div class="phone"><p class="quiet"><bdi>${brand}</bdi></p><p class="bubble" lang="${locale}" dir="${direction}">${words}</p></div>
<p class="quiet">${texts.phone.call(message.voiceId, seconds)}</p>
${
  canSpeak(locale)
    ? html`<audio controls preload="none" aria-label="${texts.phone.hear}" src="${address(`/templates/audio/${speech.offer(body, message.voiceId)}`)}"></audio>
<p class="quiet">${texts.phone.notAws}</p>`
    : html`<p class="quiet">${texts.phone.cannotSpeak}</p>`
}`
}

function write(template: NewTemplate, rules: PlanRules): Message | undefined {
  const { ending, partsMax } = rules
  const voiceId = template.voiceId || (voiceFor(template.locale) ?? '')
  const prepared = prepareAnyTemplate({ ...template, version: 0 })
  return writeMessage(prepared, sampleValues(rules), { ending, partsMax, voiceId })
}

function describePiece(piece: SpeechPiece): string {
  switch (piece.kind) {
    case 'words':
      return piece.words
    case 'digits':
      return [...piece.digits.replaceAll(' ', '')].join(' · ')
    case 'pause':
      return `[${piece.seconds} s]`
  }
}
