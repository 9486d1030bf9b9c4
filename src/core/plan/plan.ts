import type { Message } from '../message/message.ts'
import { findRoute, type Policy } from '../policy/policy.ts'
import { type Candidate, canSend, identityKind, type Route } from '../policy/route.ts'
import {
  type CountryCode,
  type NumberRules,
  type PhoneNumber,
  readPhoneNumber,
} from '../values/phone-number.ts'
import { type ReasonCode, reasons } from '../values/reason.ts'
import type { OtpRequest } from '../values/request.ts'
import type { Secret } from '../values/secret.ts'
import { type PlannedCandidate, planCandidate } from './candidates.ts'
import { chooseMessage, type TemplateRules, type TemplateUsed } from './choose-message.ts'

/** What would be sent, from where, with which limits. Nothing has happened yet. */
export type Plan = {
  readonly kind: 'plan'
  readonly code: Secret
  readonly destination: PhoneNumber
  readonly message: Message
  readonly templateUsed: TemplateUsed
  /** At least one, in the order of the route. Each attempt takes the first that is ready (`firstToTry`). */
  readonly candidates: readonly [PlannedCandidate, ...PlannedCandidate[]]
  /** The carrier gives up after this: the code is of no use any more. */
  readonly timeToLiveSeconds: number
  readonly decisions: readonly Decision[]
}

/** We chose not to send, or cannot. Never retried. */
export type Refusal = {
  readonly kind: 'refusal'
  readonly code: ReasonCode
  /** What was given, without anything personal. */
  readonly detail: string
  /** Where it would have gone, as far as that could be read. */
  readonly destination?: PhoneNumber
  readonly decisions: readonly Decision[]
}

/** One step of the way to the plan, for `hookline explain`. */
type Decision = { readonly step: Step; readonly sentence: string }
type Step = 'request' | 'phone-number' | 'route' | 'template' | 'message' | 'candidates' | 'limits'

/** What deployment settings say about planning. */
export type PlanRules = TemplateRules &
  NumberRules & {
    readonly maxPricePerPart: number
    readonly maxPricePerMinute: number
    /** The region of the settings: where candidates without a region of their own are called. */
    readonly homeRegion: string | undefined
  }

/** Pure: the same request, policy, rules and time give the same plan. */
export function plan(request: OtpRequest, policy: Policy, rules: PlanRules, now: number): Plan | Refusal {
  const decisions: Decision[] = []
  const decided = (step: Step, sentence: string): void => void decisions.push({ step, sentence })
  const refuse = (step: Step, code: ReasonCode, detail: string): Refusal => {
    decided(step, `${detail} ${reasons[code].meaning} (${code})`)
    return { kind: 'refusal', code, detail, decisions }
  }
  const refuseTo = (to: PhoneNumber, step: Step, code: ReasonCode, detail: string): Refusal => ({
    ...refuse(step, code, detail),
    destination: to,
  })

  decided('request', `${request.channel}, ${request.purpose}${request.preview ? ', a preview' : ''}.`)
  if (request.expiresAt !== undefined && now - request.expiresAt > EXPIRY_LEEWAY_MS) {
    return refuse('request', 'CODE_EXPIRED', `Expired ${Math.round((now - request.expiresAt) / 1000)} s ago.`)
  }

  if (isPreviewPlaceholder(request, rules))
    return refuse('phone-number', 'PREVIEW_PLACEHOLDER', 'Given: 9876543210.')
  const destination = readPhoneNumber(request.phoneNumber, request.channel, rules)
  if ('refused' in destination) {
    const {
      refused,
      number,
      detail = number === undefined ? undefined : describeNumber(number),
    } = destination
    const told = `${describe(request)}.${detail === undefined ? '' : ` ${detail}`}`
    const refusal = refuse('phone-number', refused, told)
    return number === undefined ? refusal : { ...refusal, destination: number }
  }
  const { country } = destination
  decided('phone-number', describeNumber(destination))

  const route = findRoute(policy, country, request.channel)
  const able = route?.candidates.filter(candidate => isAble(candidate, request)) ?? []
  const [first, ...others] = able
  if (route === undefined || first === undefined) {
    return refuseTo(
      destination,
      'route',
      'NO_ROUTE',
      `${country} over ${request.channel}: ${whyNoRoute(route)}.`,
    )
  }
  decided('route', describeRoute(route, able, country))

  const words = chooseMessage(request, policy, rules, now)
  if ('refused' in words) return refuseTo(destination, 'template', words.refused, words.detail)
  decided('template', words.sentence)
  const { message, templateUsed, indiaTemplateId } = words
  decided('message', describeMessage(message))

  const price = (candidate: Candidate): PlannedCandidate =>
    planCandidate(candidate, message, country, indiaTemplateId, rules)
  const candidates = [price(first), ...others.map(price)] as const
  decided('candidates', describeCandidates(candidates))
  const timeToLiveSeconds = timeToLive(request.expiresAt, now)
  decided(
    'limits',
    `Valid for ${timeToLiveSeconds} s; at most $${candidates[0].maxPrice} ${message.channel === 'sms' ? 'for the text' : 'a minute'}.`,
  )
  const { code } = request
  return { kind: 'plan', code, destination, message, templateUsed, candidates, timeToLiveSeconds, decisions }
}

/** Okta's Preview sends 9876543210 unless the administrator fills in a number. It is a real one in some countries. */
function isPreviewPlaceholder(request: OtpRequest, rules: PlanRules): boolean {
  const isPlaceholder = request.phoneNumber.reveal().trim() === '9876543210'
  return isPlaceholder && (request.preview || rules.defaultCountry === undefined)
}

function isAble(candidate: Candidate, request: OtpRequest): boolean {
  const kind = identityKind(candidate.identity)
  return kind !== undefined && canSend(kind, request.channel)
}

function timeToLive(expiresAt: number | undefined, now: number): number {
  const seconds = expiresAt === undefined ? TTL_WITHOUT_EXPIRY_SECONDS : Math.floor((expiresAt - now) / 1000)
  return Math.min(TTL_MAX_SECONDS, Math.max(TTL_MIN_SECONDS, seconds))
}

function describe(request: OtpRequest): string {
  const number = request.phoneNumber.reveal().trim()
  return `${number.length} characters, ${number.startsWith('+') ? 'with' : 'without'} +`
}

function describeNumber({ country, type, lastDigits, readAs }: PhoneNumber): string {
  return `${country}, ${type}, ends in ${lastDigits}; read as ${readAs}.`
}

function whyNoRoute(route: Route | undefined): string {
  return route === undefined ? 'no route' : 'the route has only sender IDs or short codes, which cannot call'
}

function describeRoute(route: Route, able: readonly Candidate[], country: CountryCode): string {
  const which = route.country === '*' ? `The default route (${country} has none)` : `The route of ${country}`
  const skipped = route.candidates.length - able.length
  const note = skipped === 0 ? '' : ` (${skipped} skipped: a sender ID or short code cannot call)`
  return `${which}: ${able.map(candidate => candidate.identity).join(', then ')}${note}.`
}

function describeCandidates(candidates: readonly PlannedCandidate[]): string {
  const [first, ...others] = candidates.map(({ identity, region }) =>
    region === undefined ? identity : `${identity} in ${region}`,
  )
  const rest =
    others.length === 0 ? '' : `; then, if it is proven that nothing was sent, ${others.join(', then ')}`
  return `Tried: ${first}${rest}. One that is at its pace or failed lately is tried last.`
}

function describeMessage(message: Message): string {
  return message.channel === 'sms'
    ? `${message.parts} ${message.parts === 1 ? 'part' : 'parts'}, ${message.encoding}.`
    : `Spoken by ${message.voiceId}, ${message.body.reveal().length} characters of SSML.`
}

const EXPIRY_LEEWAY_MS = 60_000
const TTL_WITHOUT_EXPIRY_SECONDS = 300 // Okta's codes live about five minutes
const TTL_MIN_SECONDS = 5 // AWS: 5 to 259,200
const TTL_MAX_SECONDS = 259_200
