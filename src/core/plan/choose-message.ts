import type { CodeEnding } from '../message/code-ending.ts'
import { type Message, writeMessage } from '../message/message.ts'
import { explainOktasTextFlaw, type OktasTextFlaw, readOktasText } from '../message/oktas-text.ts'
import type { Template } from '../message/template.ts'
import { templateValues, type ValueRules } from '../message/template-values.ts'
import { findTemplate, type Policy } from '../policy/policy.ts'
import { normalizeLocale } from '../values/locale.ts'
import type { ReasonCode } from '../values/reason.ts'
import type { OtpRequest } from '../values/request.ts'
import { voiceFor } from '../values/voices.ts'

/** Which words were chosen: a template of ours, or the text that Okta itself would send. */
export type TemplateUsed =
  | {
      readonly source: 'template'
      readonly locale: string
      readonly purpose: string
      readonly version: number
      /** Why it is not Okta's own text, where that would have come first. */
      readonly oktasTextFlaw?: OktasTextFlaw
    }
  | { readonly source: 'okta' }

export type TemplateRules = ValueRules & {
  readonly defaultLocale: string
  /** Whose words and voice a call has where neither the user's language nor the default has a voice. */
  readonly fallbackVoiceLocale: string
  /** Languages in which Okta's own text is taken before ours. */
  readonly oktasTextFor: readonly string[]
  /** Okta's own text, and a text with an ending, take at most so many message parts. */
  readonly partsMax: number
  readonly ending: CodeEnding | undefined
}

/** The message of one request, and where its words come from. */
export type ChosenMessage = {
  readonly message: Message
  readonly templateUsed: TemplateUsed
  readonly indiaTemplateId: string | undefined
  readonly sentence: string
}

/** The user's language; else Okta's text, which is already in it; else the default locale. */
export function chooseMessage(
  request: OtpRequest,
  policy: Policy,
  rules: TemplateRules,
  now: number,
): ChosenMessage | { readonly refused: ReasonCode; readonly detail: string } {
  const locale = normalizeLocale(request.locale)
  const said = `Okta's locale is ${request.locale === undefined ? 'missing' : (locale ?? 'not a locale')}`
  const own = locale === undefined ? undefined : findTemplateFor(request, policy, locale)
  const isOktasFirst = locale !== undefined && rules.oktasTextFor.includes(new Intl.Locale(locale).language)
  const oktas = own === undefined || isOktasFirst ? oktasText(request, rules) : undefined
  if (typeof oktas === 'object') {
    const why = own === undefined ? 'no template for it, so' : 'the settings prefer'
    const sentence = `${said}: ${why} Okta's own text.`
    return { message: oktas, templateUsed: { source: 'okta' }, indiaTemplateId: undefined, sentence }
  }
  const flawed = oktas === undefined ? '' : ` ${explainOktasTextFlaw(oktas)}`
  const found = own ?? findFallback(request, policy, rules)
  if (found === undefined)
    return { refused: 'NO_TEMPLATE', detail: `${said}; default locale ${rules.defaultLocale}.${flawed}` }

  const { template, voiceId } = found
  const { ending, partsMax } = rules
  const message = writeMessage(template, templateValues(request, rules, now), { ending, partsMax, voiceId })
  const name = `${template.channel}/${template.locale}/${template.purpose} version ${template.version}`
  if (message === undefined) return { refused: 'MESSAGE_TOO_LONG', detail: `Template ${name}.` }
  const { locale: chosen, version, indiaTemplateId } = template
  return {
    message,
    templateUsed: {
      source: 'template',
      locale: chosen,
      purpose: template.purpose,
      version,
      ...(oktas !== undefined && { oktasTextFlaw: oktas }),
    },
    indiaTemplateId,
    sentence: `${said}: template ${name}${own === undefined ? ', a fallback' : ''}.${flawed}`,
  }
}

type Found = { readonly template: Template; readonly voiceId: string }

/** The template for a locale; for a call only with a voice that speaks its language: the user's region before any. */
function findTemplateFor(
  { channel, purpose }: OtpRequest,
  policy: Policy,
  locale: string,
): Found | undefined {
  const template = findTemplate(policy, { channel, purpose, locale })
  if (template === undefined || channel === 'sms' || template.voiceId !== '')
    return template && { template, voiceId: template.voiceId }
  const isSameLanguage = new Intl.Locale(locale).language === new Intl.Locale(template.locale).language
  const voiceId = (isSameLanguage ? voiceFor(locale) : undefined) ?? voiceFor(template.locale)
  return voiceId === undefined ? undefined : { template, voiceId }
}

function findFallback(request: OtpRequest, policy: Policy, rules: TemplateRules): Found | undefined {
  return (
    findTemplateFor(request, policy, rules.defaultLocale) ??
    (request.channel === 'voice' ? findTemplateFor(request, policy, rules.fallbackVoiceLocale) : undefined)
  )
}

function oktasText(request: OtpRequest, rules: TemplateRules): Message | OktasTextFlaw | undefined {
  const text = request.msgTemplate?.reveal()
  if (request.channel !== 'sms' || text === undefined) return undefined
  return readOktasText(text, request.code.reveal(), rules.partsMax)
}
