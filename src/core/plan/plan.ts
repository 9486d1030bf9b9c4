import type { Message } from '../message/message.ts'
import { findRoute, type Policy } from '../policy/policy.ts'
import { type Candidate, canSend, identityKind, type Route } from '../policy/route.ts'
import {
  type CountryCode,
  describeRefused,
  isPreviewPlaceholder,
  type NumberRules,
  type PhoneNumber,
  readPhoneNumber,
} from '../values/phone-number.ts'
import { isRefusal, type ReasonCode, type Refusal } from '../values/reasons.ts'
import type { Channel, OtpRequest, Purpose } from '../values/request.ts'
import type { Secret } from '../values/secret.ts'
import { type PlannedCandidate, planCandidate } from './candidates.ts'
import {
  type Choice,
  chooseTemplate,
  type TemplateRules,
  type TemplateUsed,
  templateUsedOf,
  writeChosen,
} from './choose-template.ts'

/** What would be sent, from where, with which limits. Nothing has been sent yet. */
export type Plan = {
  readonly kind: 'plan'
  readonly code: Secret
  readonly destination: PhoneNumber
  readonly message: Message
  readonly templateUsed: TemplateUsed
  /** At least one, in the order of the route. Each attempt takes the first that is ready (`firstToTry`). */
  readonly candidates: readonly [PlannedCandidate, ...PlannedCandidate[]]
  /** The carrier gives up after this, because the code has expired. */
  readonly timeToLiveSeconds: number
  readonly decisions: readonly Decision[]
}

/** We chose not to send, or cannot. Never retried. */
export type RefusedPlan = Refusal & {
  readonly detail: string
  readonly decisions: readonly Decision[]
  /** Where it would have been sent, if that could be read. */
  readonly destination?: PhoneNumber
}

/** One step of planning and its result; `advice/explain-plan.ts` turns it into a sentence. */
export type Decision =
  | {
      readonly kind: 'request'
      readonly channel: Channel
      readonly purpose: Purpose
      readonly preview: boolean
    }
  | { readonly kind: 'phone-number'; readonly destination: PhoneNumber }
  | {
      readonly kind: 'route'
      readonly country: CountryCode
      readonly route: Route
      /** Those of its candidates that can send over the channel. */
      readonly able: readonly Candidate[]
    }
  | ({ readonly kind: 'template'; readonly channel: Channel; readonly templateUsed: TemplateUsed } & Pick<
      Choice,
      'locale' | 'readAs' | 'hasOwn'
    >)
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'candidates'; readonly candidates: Plan['candidates'] }
  | {
      readonly kind: 'limits'
      readonly channel: Channel
      readonly timeToLiveSeconds: number
      /** USD, of the first candidate. */
      readonly maxPrice: number
    }
  | { readonly kind: 'refusal'; readonly step: Step; readonly code: ReasonCode; readonly detail: string }

/** The names of the steps, as in `hookline explain`. */
export type Step = 'request' | 'phone-number' | 'route' | 'template' | 'message' | 'candidates' | 'limits'

/** What deployment settings say about planning. */
export type PlanRules = TemplateRules &
  NumberRules & {
    readonly maxPricePerPart: number
    readonly maxPricePerMinute: number
    /** The region of the settings, for candidates that name none. */
    readonly homeRegion: string | undefined
  }

/** Pure: the same request, policy, rules and time give the same plan. */
export function plan(request: OtpRequest, policy: Policy, rules: PlanRules, now: number): Plan | RefusedPlan {
  const { channel, purpose, preview, expiresAt, code } = request
  const decisions: Decision[] = [{ kind: 'request', channel, purpose, preview }]
  const refuse = (step: Step, code: ReasonCode, detail = '', destination?: PhoneNumber): RefusedPlan => {
    decisions.push({ kind: 'refusal', step, code, detail })
    return { kind: 'refusal', code, detail, decisions, ...(destination !== undefined && { destination }) }
  }

  if (expiresAt !== undefined && now - expiresAt > EXPIRY_LEEWAY_MS)
    return refuse('request', 'CODE_EXPIRED', `Expired ${Math.round((now - expiresAt) / 1000)} s ago.`)

  const isPlaceholder = isPreviewPlaceholder(request.phoneNumber)
  if (isPlaceholder && (preview || rules.defaultCountry === undefined))
    return refuse('phone-number', 'PREVIEW_PLACEHOLDER', 'Number: 9876543210.')
  const destination = readPhoneNumber(request.phoneNumber, channel, rules)
  if (isRefusal(destination)) {
    const detail = describeRefused(request.phoneNumber, destination)
    return refuse('phone-number', destination.code, detail, destination.number)
  }
  decisions.push({ kind: 'phone-number', destination })

  const { country } = destination
  const route = findRoute(policy, country, channel)
  const able = route?.candidates.filter(candidate => isAble(candidate, channel)) ?? []
  const [first, ...others] = able
  if (route === undefined || first === undefined)
    return refuse('route', 'NO_ROUTE', `${country} over ${channel}: ${explainNoRoute(route)}.`, destination)
  decisions.push({ kind: 'route', country, route, able })

  const choice = chooseTemplate(request, policy, rules, country)
  if (isRefusal(choice)) return refuse('template', choice.code, choice.detail, destination)
  const message = writeChosen(choice, request, rules, now)
  if (isRefusal(message)) return refuse('template', message.code, message.detail, destination)
  const { locale, readAs, hasOwn } = choice
  const templateUsed = templateUsedOf(choice)
  decisions.push(
    { kind: 'template', channel, locale, readAs, hasOwn, templateUsed },
    { kind: 'message', message },
  )

  const indiaTemplateId = choice.kind === 'template' ? choice.template.indiaTemplateId : undefined
  const price = (candidate: Candidate): PlannedCandidate =>
    planCandidate(candidate, message, country, indiaTemplateId, rules)
  const candidates = [price(first), ...others.map(price)] as const
  const timeToLiveSeconds = timeToLive(expiresAt, now)
  const { maxPrice } = candidates[0]
  decisions.push({ kind: 'candidates', candidates }, { kind: 'limits', channel, timeToLiveSeconds, maxPrice })
  return { kind: 'plan', code, destination, message, templateUsed, candidates, timeToLiveSeconds, decisions }
}

function isAble({ identity }: Candidate, channel: Channel): boolean {
  const kind = identityKind(identity)
  return kind !== undefined && canSend(kind, channel)
}

function explainNoRoute(route: Route | undefined): string {
  return route === undefined ? 'no route' : 'the route has only sender IDs or short codes, which cannot call'
}

function timeToLive(expiresAt: number | undefined, now: number): number {
  const seconds = expiresAt === undefined ? TTL_WITHOUT_EXPIRY_SECONDS : Math.floor((expiresAt - now) / 1000)
  return Math.min(TTL_MAX_SECONDS, Math.max(TTL_MIN_SECONDS, seconds))
}

const EXPIRY_LEEWAY_MS = 60_000
const TTL_WITHOUT_EXPIRY_SECONDS = 300 // Okta's codes live about five minutes
const TTL_MIN_SECONDS = 5 // AWS: 5 to 259,200
const TTL_MAX_SECONDS = 259_200
