import { normalizeLocale } from './locale.ts'
import { type Message, textMessage, writeMessage } from './message.ts'
import { type CountryCode, type PhoneNumber, readPhoneNumber } from './phone-number.ts'
import { findRoute, findTemplate, type Policy } from './policy.ts'
import { type ReasonCode, reasons } from './reason.ts'
import type { OtpRequest } from './request.ts'
import { canSend, identityKind, type Route, type Rung } from './route.ts'

/** What would be sent, from where, with which limits. Nothing has happened yet. */
export type Plan = {
  readonly kind: 'plan'
  readonly destination: PhoneNumber
  readonly message: Message
  readonly wording: Wording
  /** At least one, in the order to try them. */
  readonly rungs: readonly [PlannedRung, ...PlannedRung[]]
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
  readonly decisions: readonly Decision[]
}

/** Which words were chosen: a template of ours, or the text that Okta itself would send. */
export type Wording =
  | {
      readonly source: 'template'
      readonly locale: string
      readonly purpose: string
      readonly version: number
    }
  | { readonly source: 'okta' }

export type PlannedRung = {
  readonly identity: string
  /** USD, for the whole text (price of a part times the parts) or for a minute of a call. */
  readonly maxPrice: number
  /** What India's operators ask for. */
  readonly indiaEntityId?: string
  readonly indiaTemplateId?: string
}

/** One step of the way to the plan, for `hookline explain`. */
export type Decision = { readonly step: Step; readonly sentence: string }
export type Step = 'request' | 'phone-number' | 'route' | 'template' | 'message' | 'limits'

/** What deployment settings say about planning. */
export type PlanRules = {
  readonly defaultCountry: CountryCode | undefined
  readonly defaultLocale: string
  /** Okta's own text is used only within this many message parts. */
  readonly partsMax: number
  readonly maxPricePerPart: number
  readonly maxPricePerMinute: number
}

/** Pure: the same request, policy, rules and time give the same plan. */
export function plan(request: OtpRequest, policy: Policy, rules: PlanRules, now: number): Plan | Refusal {
  const decisions: Decision[] = []
  const decided = (step: Step, sentence: string): void => void decisions.push({ step, sentence })
  const refuse = (step: Step, code: ReasonCode, detail: string): Refusal => {
    decided(step, `${detail} ${reasons[code].meaning} (${code})`)
    return { kind: 'refusal', code, detail, decisions }
  }

  decided('request', `${request.channel}, ${request.purpose}${request.preview ? ', a preview' : ''}.`)
  if (request.expiresAt !== undefined && now - request.expiresAt > EXPIRY_LEEWAY_MS) {
    return refuse('request', 'CODE_EXPIRED', `Expired ${Math.round((now - request.expiresAt) / 1000)} s ago.`)
  }

  if (isPreviewPlaceholder(request, rules))
    return refuse('phone-number', 'PREVIEW_PLACEHOLDER', 'Given: 9876543210.')
  const destination = readPhoneNumber(request.phoneNumber, request.channel, rules.defaultCountry)
  if ('refused' in destination) return refuse('phone-number', destination.refused, `${describe(request)}.`)
  const { country } = destination
  decided(
    'phone-number',
    `${country}, ${destination.type}, ends in ${destination.lastDigits}; read as ${destination.readAs}.`,
  )

  const route = findRoute(policy, country, request.channel)
  const able = route?.rungs.filter(rung => isAble(rung, request)) ?? []
  const [first, ...others] = able
  if (route === undefined || first === undefined) {
    return refuse('route', 'NO_ROUTE', `${country} over ${request.channel}: ${whyNoRoute(route)}.`)
  }
  decided('route', describeRoute(route, able, country))

  const words = chooseWords(request, policy, rules)
  if ('refused' in words) return refuse('template', words.refused, words.detail)
  decided('template', words.sentence)
  const { message, wording, indiaTemplateId } = words
  decided('message', describeMessage(message))

  const price = (rung: Rung): PlannedRung => planRung(rung, message, country, indiaTemplateId, rules)
  const rungs = [price(first), ...others.map(price)] as const
  const timeToLiveSeconds = timeToLive(request.expiresAt, now)
  decided(
    'limits',
    `Valid for ${timeToLiveSeconds} s; at most $${rungs[0].maxPrice} ${message.channel === 'sms' ? 'for the text' : 'a minute'}.`,
  )
  return { kind: 'plan', destination, message, wording, rungs, timeToLiveSeconds, decisions }
}

/** Okta's Preview sends 9876543210 unless the administrator fills in a number. It is a real one in some countries. */
function isPreviewPlaceholder(request: OtpRequest, rules: PlanRules): boolean {
  const isPlaceholder = request.phoneNumber.reveal().trim() === '9876543210'
  return isPlaceholder && (request.preview || rules.defaultCountry === undefined)
}

function isAble(rung: Rung, request: OtpRequest): boolean {
  const kind = identityKind(rung.identity)
  return kind !== undefined && canSend(kind, request.channel)
}

type Words = {
  readonly message: Message
  readonly wording: Wording
  readonly indiaTemplateId: string | undefined
  readonly sentence: string
}

/** The user's language; else Okta's text, which is already in it; else the default locale. */
function chooseWords(
  request: OtpRequest,
  policy: Policy,
  rules: PlanRules,
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
function oktasText(request: OtpRequest, rules: PlanRules): Message | undefined {
  const text = request.msgTemplate?.reveal()
  if (request.channel !== 'sms' || text === undefined) return undefined
  const isSafe = text.split(request.code.reveal()).length === 2 && !LINK.test(text)
  const message = isSafe ? textMessage(text) : undefined
  return message?.channel === 'sms' && message.parts <= rules.partsMax ? message : undefined
}

function planRung(
  rung: Rung,
  message: Message,
  country: CountryCode,
  indiaTemplateId: string | undefined,
  rules: PlanRules,
): PlannedRung {
  const india = country === 'IN' && message.channel === 'sms'
  return {
    identity: rung.identity,
    maxPrice:
      message.channel === 'sms'
        ? (rung.maxPricePerPart ?? rules.maxPricePerPart) * message.parts
        : (rung.maxPricePerMinute ?? rules.maxPricePerMinute),
    ...(india && rung.indiaEntityId !== undefined && { indiaEntityId: rung.indiaEntityId }),
    ...(india && indiaTemplateId !== undefined && { indiaTemplateId }),
  }
}

function timeToLive(expiresAt: number | undefined, now: number): number {
  const seconds = expiresAt === undefined ? TTL_WITHOUT_EXPIRY_SECONDS : Math.floor((expiresAt - now) / 1000)
  return Math.min(TTL_MAX_SECONDS, Math.max(TTL_MIN_SECONDS, seconds))
}

function describe(request: OtpRequest): string {
  const number = request.phoneNumber.reveal().trim()
  return `${number.length} characters, ${number.startsWith('+') ? 'with' : 'without'} +`
}

function whyNoRoute(route: Route | undefined): string {
  return route === undefined ? 'no route' : 'the route has only sender IDs or short codes, which cannot call'
}

function describeRoute(route: Route, able: readonly Rung[], country: CountryCode): string {
  const which = route.country === '*' ? `The default route (${country} has none)` : `The route of ${country}`
  const skipped = route.rungs.length - able.length
  const note = skipped === 0 ? '' : ` (${skipped} skipped: a sender ID or short code cannot call)`
  return `${which}: ${able.map(rung => rung.identity).join(', then ')}${note}.`
}

function describeMessage(message: Message): string {
  return message.channel === 'sms'
    ? `${message.parts} ${message.parts === 1 ? 'part' : 'parts'}, ${message.encoding}.`
    : `Spoken by ${message.voiceId}, ${message.body.reveal().length} characters of SSML.`
}

const LINK = /https?:|www\.|:\/\/|\b[a-z0-9-]+\.(?:com|net|org|io|link|ly|me|co|info|xyz|app)\b/i
const EXPIRY_LEEWAY_MS = 60_000
const TTL_WITHOUT_EXPIRY_SECONDS = 300 // Okta's codes live about five minutes
const TTL_MIN_SECONDS = 5 // AWS: 5 to 259,200
const TTL_MAX_SECONDS = 259_200
