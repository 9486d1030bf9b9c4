import type { Checked } from '../../advice/account/check-identities.ts'
import type { Settings } from '../../config/settings.ts'
import type { PlanRules } from '../../core/plan/plan.ts'
import type { FraudPolicy } from '../../core/policy/fraud-policy.ts'
import type { StoredPolicy } from '../../core/policy/policy.ts'
import type { FollowedDelivery } from '../../core/records/delivery.ts'
import { messageOf } from '../../core/values/printable.ts'
import type { Channel } from '../../core/values/request.ts'
import type { EventLog } from '../../okta/event-log.ts'
import type { FailOver } from '../../okta/fail-overs.ts'
import type { OwnTelephony } from '../../okta/own-telephony.ts'
import type { EventHook, Org, TelephonyHook } from '../../okta/setup/org.ts'
import type { EnrolmentPolicy, SignOn, TelephonyProvider } from '../../okta/setup/phone-use.ts'
import type { PreviewClaims, Reading } from '../../okta/setup/preview.ts'
import type { Step } from '../../okta/setup/step.ts'
import type { TargetState } from '../../okta/setup/target.ts'
import type { Difference } from '../routes/protect.ts'
import { explainAwsError } from '../terminal/aws-error.ts'
import { Problem } from '../terminal/problem.ts'
import { skipTexts } from './texts.ts'

/** Everything that the checks judge. Read once, before the checks run. */
export type Facts = { readonly [Name in FactName]: Fact<FactValues[Name]> }

export type FactName = keyof FactValues

export type FactValues = {
  readonly settingProblems: readonly string[]
  /** Only if there are no problems. */
  readonly settings: Settings
  readonly clocks: readonly ClockReading[]
  readonly issuer: IssuerFact
  readonly policy: PolicyFact
  readonly fraud: FraudFact
  readonly canary: CanaryFact
  /** Of the hash key. */
  readonly rotation: { readonly isOpen: boolean }
  readonly credentials: { readonly account: string; readonly arn: string }
  readonly region: { readonly name: string; readonly hasMessaging: boolean }
  readonly tier: { readonly region: string; readonly isInSandbox: boolean | undefined }
  readonly spendLimits: readonly SpendLimit[]
  readonly configurationSet: ConfigurationSet
  readonly protect: { readonly id: string; readonly differences: readonly Difference[] }
  readonly identities: Checked
  readonly functionCode: readonly FunctionCode[]
  readonly oktaAddresses: { readonly missing: readonly string[] }
  readonly endpoint: EndpointFact
  readonly org: OrgFact
  readonly tokens: TokensFact
  readonly preview: PreviewFact
  readonly claims: PreviewClaims
  readonly failOvers: readonly FailOver[]
  readonly ownTelephony: OwnTelephony
  readonly eventHook: EventHookFact
  readonly eventLog: EventLog
  readonly enrolment: readonly EnrolmentPolicy[]
  readonly signOn: SignOn
  /** Okta's own bring-your-own telephony. */
  readonly providers: readonly TelephonyProvider[]
  /** Used by no check: it tells which findings `--fix` can fix. */
  readonly orgFix: OrgFix
}

/** What `--fix` would change in the org, and the target state. */
export type OrgFix = { readonly target: TargetState; readonly steps: readonly Step[] }

/** How far another clock is ahead of this machine's. */
export type ClockReading = { readonly who: string; readonly aheadMs: number }

export type IssuerFact = {
  /** The issuer of the settings. */
  readonly expected: string
  /** The issuer of the metadata. */
  readonly issuer: string | undefined
  /** Public keys that can have signed a token: RSA, for signatures. */
  readonly keys: number
}

export type PolicyFact = {
  readonly policy: StoredPolicy
  readonly rules: PlanRules
  /** The newest ones, oldest first. */
  readonly deliveries: readonly FollowedDelivery[]
  /** The table or the folder. */
  readonly where: string
  readonly now: number
}

/** `last`: the newest canary of the last two hours. */
export type CanaryFact = { readonly last: FollowedDelivery | undefined; readonly now: number }

/** What the fraud rule decided in the last 14 days. */
export type FraudFact = {
  readonly policy: FraudPolicy
  /** The newest ones of the 14 days. */
  readonly deliveries: readonly FollowedDelivery[]
  /** Whether these are all. */
  readonly isWhole: boolean
  /** When the oldest kept delivery that the rule judged was opened, if it is older than that; else undefined. */
  readonly judgedSince: number | undefined
  readonly now: number
}

/** SHA-256 of archives, base64. */
type FunctionCode = {
  readonly name: string
  /** Undefined if there is no such function. */
  readonly runs: string | undefined
  /** What `deploy` put into the code bucket; undefined if it is no longer there. */
  readonly put: string | undefined
}

type SpendLimit = { readonly channel: Channel; readonly limit: number; readonly max: number }

export type ConfigurationSet = {
  readonly name: string
  readonly exists: boolean
  readonly destinations: readonly {
    readonly name: string
    readonly isEnabled: boolean
    readonly events: readonly string[]
  }[]
}

export type EndpointFact = {
  readonly url: string
  /** To a request without a credential. */
  readonly status: number
  /** Of each request after the first one, which opened the connection. */
  readonly tookMs: readonly number[]
  /** Undefined for http. */
  readonly certificate: { readonly daysLeft: number } | undefined
}

export type OrgFact = {
  readonly org: Org
  /** Hookline's telephony hook, active or not; undefined when there is none. */
  readonly hook: TelephonyHook | undefined
  /** Address of the deployment; undefined when it is not known. */
  readonly url: string | undefined
}

export type EventHookFact = {
  /** Hookline's, active or not; undefined when there is none, although there is a secret for one. */
  readonly hook: EventHook | undefined
  /** Where the deployment takes events; undefined when its address is not known. */
  readonly url: string | undefined
  /** What the active event hooks of the org subscribe to. */
  readonly eventTypes: readonly string[]
}

/** What the org and the settings say about access tokens. */
export type TokensFact = {
  readonly org: Org
  readonly hook: TelephonyHook | undefined
  readonly issuer: string
  readonly audience: string
  readonly clientId: string
  readonly scope: string
}

export type PreviewFact =
  | { readonly kind: 'read'; readonly reading: Reading }
  /** Okta could not call the hook, or could not read its answer. */
  | { readonly kind: 'failed'; readonly sentence: string }

/** A value, or the reason why it was not read. */
export type Fact<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'unread'; readonly why: string }
  /** Not read, because it does not apply or because something else is missing. */
  | { readonly kind: 'skipped'; readonly why: string }

/** Thrown while reading: this fact does not apply here. */
export class NotApplicable extends Error {}

/** Reads one fact. An error becomes part of the fact, so that the other facts are still read. */
export async function readFact<T>(
  read: () => Promise<T>,
  explain: (error: unknown) => unknown = explainAwsError,
): Promise<Fact<T>> {
  try {
    return { kind: 'read', value: await read() }
  } catch (error) {
    if (error instanceof NotApplicable) return { kind: 'skipped', why: error.message }
    const known = explain(error)
    if (known instanceof Problem) return { kind: 'unread', why: known.message }
    return { kind: 'unread', why: messageOf(known) }
  }
}

/** The value of a fact that another fact needs; without it, the other is not read. */
export function needed<T>(fact: Fact<T>, what: string): T {
  if (fact.kind === 'read') return fact.value
  throw new NotApplicable(skipTexts.needs(what))
}

/** The value of an optional setting, for a fact that needs it. */
export function required<T>(value: T | undefined, why: string): T {
  if (value !== undefined) return value
  throw new NotApplicable(why)
}
