import { normalizeLocale } from './locale.ts'
import { type Message, textMessage, writeMessage } from './message.ts'
import { findTemplate, type Policy } from './policy.ts'
import type { ReasonCode } from './reason.ts'
import type { OtpRequest } from './request.ts'

/** Which words were chosen: a template of ours, or the text that Okta itself would send. */
export type Wording =
  | {
      readonly source: 'template'
      readonly locale: string
      readonly purpose: string
      readonly version: number
    }
  | { readonly source: 'okta' }

export type WordingRules = {
  readonly defaultLocale: string
  /** Okta's own text is used only within this many message parts. */
  readonly partsMax: number
}

/** The message of one request, and where its words come from. */
export type Words = {
  readonly message: Message
  readonly wording: Wording
  readonly indiaTemplateId: string | undefined
  readonly sentence: string
}

/** The user's language; else Okta's text, which is already in it; else the default locale. */
export function chooseWords(
  request: OtpRequest,
  policy: Policy,
  rules: WordingRules,
): Words | { readonly refused: ReasonCode; readonly detail: string } {
  const { channel, purpose } = request
  const locale = normalizeLocale(request.locale)
  const said = `Okta's locale is ${request.locale === undefined ? 'missing' : (locale ?? 'not a locale')}`
  const own = locale === undefined ? undefined : findTemplate(policy, { channel, purpose, locale })
  const oktas = own === undefined ? oktasText(request, rules) : undefined
  if (oktas !== undefined) {
    const sentence = `${said}: no template for it, so Okta's own text.`
    return { message: oktas, wording: { source: 'okta' }, indiaTemplateId: undefined, sentence }
  }
  const template = own ?? findTemplate(policy, { channel, purpose, locale: rules.defaultLocale })
  if (template === undefined)
    return { refused: 'NO_TEMPLATE', detail: `${said}; default locale ${rules.defaultLocale}.` }
  const message = writeMessage(template, request.code)
  const name = `${template.channel}/${template.locale}/${template.purpose} version ${template.version}`
  if (message === undefined) return { refused: 'MESSAGE_TOO_LONG', detail: `Template ${name}.` }
  const { locale: chosen, version, indiaTemplateId } = template
  return {
    message,
    wording: { source: 'template', locale: chosen, purpose: template.purpose, version },
    indiaTemplateId,
    sentence: `${said}: template ${name}${own === undefined ? ', the default locale' : ''}.`,
  }
}

/** Okta's `msgTemplate` is trusted with the code once, no link, and within the part budget; otherwise not at all. */
function oktasText(request: OtpRequest, rules: WordingRules): Message | undefined {
  const text = request.msgTemplate?.reveal()
  if (request.channel !== 'sms' || text === undefined) return undefined
  const isSafe = holdsOnce(text, request.code.reveal()) && !LINK.test(text)
  const message = isSafe ? textMessage(text) : undefined
  return message?.channel === 'sms' && message.parts <= rules.partsMax ? message : undefined
}

/** Once, and not as a part of a longer number, which would be read as the code. */
function holdsOnce(text: string, code: string): boolean {
  return [...text.matchAll(/\p{Nd}+/gu)].filter(([digits]) => digits.includes(code)).join() === code
}

// Phones make a link of any word, a dot and letters: every top-level domain counts, now and later.
const LINK = /:\/\/|\bwww\.|[\p{L}\p{N}]\.(?:\p{L}{2,}|xn--)/iu
