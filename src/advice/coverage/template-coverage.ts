import type { Message } from '../../core/message/message.ts'
import { type Choice, chooseTemplate, writeChosen } from '../../core/plan/choose-template.ts'
import type { PlanRules } from '../../core/plan/plan.ts'
import { findTemplate, type Policy } from '../../core/policy/policy.ts'
import { lookupChain } from '../../core/values/locale.ts'
import { isRefusal, type Refusal, reasons } from '../../core/values/reasons.ts'
import type { Channel, OtpRequest, Purpose } from '../../core/values/request.ts'
import { Secret } from '../../core/values/secret.ts'
import { voiceFor } from '../../core/values/voices.ts'
import { type Gap, gaps } from './coverage-texts.ts'

export type TemplateCoverage = {
  readonly locale: string
  readonly channel: Channel
  readonly purpose: Purpose
  /** `own`: a template of this locale. `related`: of its language. `fallback`: of another. `okta`: Okta's own text. */
  readonly source: 'own' | 'related' | 'okta' | 'fallback' | 'none'
  /** The template, if one is used. */
  readonly template:
    | { readonly locale: string; readonly purpose: string; readonly version: number }
    | undefined
  readonly voiceId: string | undefined
  readonly gap: Gap | undefined
}

/** A user of this locale, channel and purpose. */
type Reader = Pick<TemplateCoverage, 'locale' | 'channel' | 'purpose'>

/** What the users of a language get: what the plan chooses for their requests. */
export function coverLocale(policy: Policy, rules: PlanRules, reader: Reader, now: number): TemplateCoverage {
  const chosen = choose(requestOf(reader, OKTAS_TEXT), policy, rules, now)
  if (isRefusal(chosen)) {
    return {
      ...reader,
      source: 'none',
      template: undefined,
      voiceId: undefined,
      gap: gaps.refused(chosen.code, reasons[chosen.code].meaning),
    }
  }
  const { choice, message } = chosen
  if (choice.kind === 'okta') {
    const fallback = choose(requestOf(reader, undefined), policy, rules, now)
    return {
      ...reader,
      source: 'okta',
      template: undefined,
      voiceId: undefined,
      gap: findTemplate(policy, reader) === undefined ? gapOfOktasText(fallback) : undefined,
    }
  }
  const { locale, purpose, version } = choice.template
  const isOfLocale = lookupChain(reader.locale).includes(locale)
  return {
    ...reader,
    source: locale === reader.locale ? 'own' : isOfLocale ? 'related' : 'fallback',
    template: { locale, purpose, version },
    voiceId: message.channel === 'voice' ? message.voiceId : undefined,
    gap: isOfLocale ? undefined : gapOfLanguage(reader, locale, policy),
  }
}

type Chosen = { readonly choice: Choice; readonly message: Message }

function choose(request: OtpRequest, policy: Policy, rules: PlanRules, now: number): Chosen | Refusal {
  const choice = chooseTemplate(request, policy, rules, undefined)
  if (isRefusal(choice)) return choice
  const message = writeChosen(choice, request, rules, now)
  return isRefusal(message) ? message : { choice, message }
}

/** Okta sends its own text with nearly every request, but not with each. */
function gapOfOktasText(without: Chosen | Refusal): Gap {
  if (isRefusal(without)) return gaps.oktasTextOrRefused(without.code)
  return gaps.oktasTextOrLocale(without.choice.kind === 'template' ? without.choice.template.locale : '')
}

function gapOfLanguage(reader: Reader, locale: string, policy: Policy): Gap {
  const isSilent = reader.channel === 'voice' && voiceFor(reader.locale) === undefined
  const hasTemplate = findTemplate(policy, reader) !== undefined
  const why = isSilent ? 'no voice' : hasTemplate ? 'no voice for its template' : 'no template'
  return gaps.otherLanguage(why, reader.channel === 'voice' ? 'call' : 'text', locale)
}

function requestOf({ locale, channel, purpose }: Reader, oktasText: string | undefined): OtpRequest {
  return {
    eventId: undefined,
    oktaRequestId: undefined,
    preview: false,
    network: undefined,
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
