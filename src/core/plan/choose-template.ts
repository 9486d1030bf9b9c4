import type { CodeEnding } from '../message/code-ending.ts'
import { type Message, writeMessage } from '../message/message.ts'
import { explainOktasTextFlaw, type OktasTextFlaw, readOktasText } from '../message/oktas-text.ts'
import type { Template } from '../message/template.ts'
import { templateValues, type ValueRules } from '../message/template-values.ts'
import { findTemplate, type Policy } from '../policy/policy.ts'
import { nameOfTemplate } from '../policy/policy-store.ts'
import { languageOf, localeIn, normalizeLocale } from '../values/locale.ts'
import type { CountryCode } from '../values/phone-number.ts'
import type { Refusal } from '../values/reasons.ts'
import type { OtpRequest } from '../values/request.ts'
import { voiceFor } from '../values/voices.ts'

export type TemplateRules = ValueRules & {
  readonly defaultLocale: string
  /** The locale whose template and voice a call uses when neither the user's language nor the default has a voice. */
  readonly fallbackVoiceLocale: string
  /** Languages for which Okta's own text is used instead of our template. */
  readonly oktasTextFor: readonly string[]
  /** The most message parts that Okta's own text, or a text with an ending, may take. */
  readonly partsMax: number
  readonly ending: CodeEnding | undefined
}

/** What is sent: a template of ours, or the text that Okta itself would send. And why. */
export type Choice = {
  /** The user's locale, as Okta names it: a normalised tag, `missing`, or `not a locale`. */
  readonly locale: string
  /** The locale that was looked up, where the country of the number added its region. */
  readonly readAs: string | undefined
  /** Whether there is a template for that locale. */
  readonly hasOwn: boolean
} & (
  | {
      readonly kind: 'template'
      readonly template: Template
      /** For a call: the voice of the user's region if the template names none. */
      readonly voiceId: string
      /** Why Okta's own text is not used, if it would have come first. */
      readonly oktasTextFlaw: OktasTextFlaw | undefined
    }
  | { readonly kind: 'okta'; readonly message: Message }
)

/**
 * The user's language, in the country of the number where the locale names no region; else Okta's text, which is already in the
 * language; else the default locale.
 */
export function chooseTemplate(
  request: MessageRequest,
  policy: Policy,
  rules: TemplateRules,
  country: CountryCode | undefined,
): Choice | Refusal {
  const normalized = normalizeLocale(request.locale)
  const inCountry =
    normalized === undefined || country === undefined ? normalized : localeIn(country, normalized)
  const own = inCountry === undefined ? undefined : findTemplateFor(request, policy, inCountry)
  const locale = request.locale === undefined ? 'missing' : (normalized ?? 'not a locale')
  const readAs = inCountry === normalized ? undefined : inCountry
  const reasons = { locale, readAs, hasOwn: own !== undefined }
  const isOktasFirst = normalized !== undefined && rules.oktasTextFor.includes(languageOf(normalized))
  const oktas = own === undefined || isOktasFirst ? oktasText(request, rules) : undefined
  if (typeof oktas === 'object') return { kind: 'okta', message: oktas, ...reasons }
  const found = own ?? findFallback(request, policy, rules)
  if (found !== undefined) return { kind: 'template', ...found, oktasTextFlaw: oktas, ...reasons }
  const flaw = oktas === undefined ? '' : ` ${explainOktasTextFlaw(oktas)}`
  const detail = `Okta's locale is ${locale}; default locale ${rules.defaultLocale}.${flaw}`
  return { kind: 'refusal', code: 'NO_TEMPLATE', detail }
}

/** The message of a choice: Okta's text as it is, or the template filled in. */
export function writeChosen(
  choice: Choice,
  request: OtpRequest,
  rules: TemplateRules,
  now: number,
): Message | Refusal {
  if (choice.kind === 'okta') return choice.message
  const { template, voiceId } = choice
  const { ending, partsMax } = rules
  const message = writeMessage(template, templateValues(request, rules, now), { ending, partsMax, voiceId })
  if (message !== undefined) return message
  const detail = `Template ${nameOfTemplate(template)} version ${template.version}.`
  return { kind: 'refusal', code: 'MESSAGE_TOO_LONG', detail }
}

/** What a delivery records of a choice. */
export type TemplateUsed =
  | {
      readonly source: 'template'
      readonly locale: string
      readonly purpose: Template['purpose']
      readonly version: number
      readonly oktasTextFlaw?: OktasTextFlaw
    }
  | { readonly source: 'okta' }

export function templateUsedOf(choice: Choice): TemplateUsed {
  if (choice.kind === 'okta') return { source: 'okta' }
  const { locale, purpose, version } = choice.template
  const { oktasTextFlaw } = choice
  return {
    source: 'template',
    locale,
    purpose,
    version,
    ...(oktasTextFlaw !== undefined && { oktasTextFlaw }),
  }
}

/** What a request says about its message. */
type MessageRequest = Pick<OtpRequest, 'channel' | 'purpose' | 'locale' | 'msgTemplate' | 'code'>

type Found = { readonly template: Template; readonly voiceId: string }

/** The template for a locale; for a call only with a voice that speaks its language: the user's region before any. */
function findTemplateFor(
  { channel, purpose }: MessageRequest,
  policy: Policy,
  locale: string,
): Found | undefined {
  const template = findTemplate(policy, { channel, purpose, locale })
  if (template === undefined || channel === 'sms' || template.voiceId !== '')
    return template && { template, voiceId: template.voiceId }
  const isSameLanguage = languageOf(locale) === languageOf(template.locale)
  const voiceId = (isSameLanguage ? voiceFor(locale) : undefined) ?? voiceFor(template.locale)
  return voiceId === undefined ? undefined : { template, voiceId }
}

function findFallback(request: MessageRequest, policy: Policy, rules: TemplateRules): Found | undefined {
  return (
    findTemplateFor(request, policy, rules.defaultLocale) ??
    (request.channel === 'voice' ? findTemplateFor(request, policy, rules.fallbackVoiceLocale) : undefined)
  )
}

function oktasText(
  { channel, msgTemplate, code }: MessageRequest,
  { partsMax }: TemplateRules,
): Message | OktasTextFlaw | undefined {
  return channel === 'sms' && msgTemplate !== undefined
    ? readOktasText(msgTemplate, code, partsMax)
    : undefined
}
