import type { Message } from '../../core/message/message.ts'
import { type Choice, chooseTemplate, writeChosen } from '../../core/plan/choose-template.ts'
import type { PlanRules } from '../../core/plan/plan.ts'
import { findTemplate, type Policy } from '../../core/policy/policy.ts'
import { lookupChain } from '../../core/values/locale.ts'
import { isRefusal, type ReasonCode, type Refusal, reasons } from '../../core/values/reasons.ts'
import type { Channel, OtpRequest, Purpose } from '../../core/values/request.ts'
import { Secret } from '../../core/values/secret.ts'
import { voiceFor } from '../../core/values/voices.ts'
import type { Hole } from './country-rules.ts'

export type TemplateCoverage = {
  readonly locale: string
  readonly channel: Channel
  readonly purpose: Purpose
  /** `own`: a template of this very locale. `related`: of its language. `fallback`: of another. */
  readonly words: 'own' | 'related' | 'okta' | 'fallback' | 'none'
  /** The template's, where there is one. */
  readonly template:
    | { readonly locale: string; readonly purpose: string; readonly version: number }
    | undefined
  readonly voiceId: string | undefined
  readonly hole: Hole | undefined
}

/** Whose words are looked for. */
type Reader = Pick<TemplateCoverage, 'locale' | 'channel' | 'purpose'>

/** What the users of a language get: the words that a request of theirs would choose. */
export function coverLocale(policy: Policy, rules: PlanRules, reader: Reader, now: number): TemplateCoverage {
  const chosen = choose(requestOf(reader, OKTAS_TEXT), policy, rules, now)
  if (isRefusal(chosen)) {
    return {
      ...reader,
      words: 'none',
      template: undefined,
      voiceId: undefined,
      hole: refusal(chosen.code),
    }
  }
  const { choice, message } = chosen
  if (choice.kind === 'okta') {
    const fallback = choose(requestOf(reader, undefined), policy, rules, now)
    return {
      ...reader,
      words: 'okta',
      template: undefined,
      voiceId: undefined,
      hole: findTemplate(policy, reader) === undefined ? oktasText(fallback) : undefined,
    }
  }
  const { locale, purpose, version } = choice.template
  const isOfLocale = lookupChain(reader.locale).includes(locale)
  return {
    ...reader,
    words: locale === reader.locale ? 'own' : isOfLocale ? 'related' : 'fallback',
    template: { locale, purpose, version },
    voiceId: message.channel === 'voice' ? message.voiceId : undefined,
    hole: isOfLocale ? undefined : otherLanguage(reader, locale, policy),
  }
}

type Chosen = { readonly choice: Choice; readonly message: Message }

function choose(request: OtpRequest, policy: Policy, rules: PlanRules, now: number): Chosen | Refusal {
  const choice = chooseTemplate(request, policy, rules, undefined)
  if (isRefusal(choice)) return choice
  const message = writeChosen(choice, request, rules, now)
  return isRefusal(message) ? message : { choice, message }
}

function refusal(code: ReasonCode): Hole {
  return {
    sentence: `refused (${code}): ${reasons[code].meaning}`,
    refuses: code,
  }
}

/** Okta sends its text with nearly every request, and not with each. */
function oktasText(without: Chosen | Refusal): Hole {
  const what = "no template, so Okta's own text"
  if (isRefusal(without)) {
    return {
      sentence: `${what}; a request that brings none that is usable is refused (${without.code}).`,
      refuses: without.code,
    }
  }
  const locale = without.choice.kind === 'template' ? without.choice.template.locale : ''
  return { sentence: `${what}; without one that is usable, the text in ${locale}.`, refuses: undefined }
}

function otherLanguage(reader: Reader, spoken: string, policy: Policy): Hole {
  const isSilent = reader.channel === 'voice' && voiceFor(reader.locale) === undefined
  const hasTemplate = findTemplate(policy, reader) !== undefined
  const why = isSilent
    ? 'AWS has no voice for it'
    : hasTemplate
      ? 'no voice speaks its template'
      : 'no template'
  const what = reader.channel === 'voice' ? 'a call' : 'a text'
  return {
    sentence: `${why}, so ${what} in ${spoken}.`,
    refuses: undefined,
  }
}

function requestOf({ locale, channel, purpose }: Reader, oktasText: string | undefined): OtpRequest {
  return {
    eventId: undefined,
    oktaRequestId: undefined,
    preview: false,
    purpose,
    channel,
    phoneNumber: new Secret(''),
    code: new Secret(CODE),
    locale,
    expiresAt: undefined,
    msgTemplate: oktasText === undefined ? undefined : new Secret(oktasText),
    user: { id: undefined, login: undefined, firstName: undefined },
  }
}

const CODE = '123456'
const OKTAS_TEXT = `Your code is ${CODE}.`
