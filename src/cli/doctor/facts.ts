import type { Checked } from '../../advice/account/check-identities.ts'
import type { Settings } from '../../config/settings.ts'
import type { PlanRules } from '../../core/plan/plan.ts'
import type { StoredPolicy } from '../../core/policy/policy.ts'
import type { Delivery } from '../../core/records/delivery.ts'
import { messageOf } from '../../core/values/printable.ts'
import type { Channel } from '../../core/values/request.ts'
import type { FailOver } from '../../okta/fail-overs.ts'
import type { OwnTelephony } from '../../okta/own-telephony.ts'
import type { Org, TelephonyHook } from '../../okta/setup/org.ts'
import type { EnrolmentPolicy, SignOn, TelephonyProvider } from '../../okta/setup/phone-use.ts'
import type { PreviewClaims, Reading } from '../../okta/setup/preview.ts'
import type { Step } from '../../okta/setup/step.ts'
import type { Wanted } from '../../okta/setup/wanted.ts'
import type { Difference } from '../routes/protect.ts'
import { explainAwsError } from '../terminal/aws-error.ts'
import { Problem } from '../terminal/problem.ts'

/** All that the checks look at. Read once; the checks themselves ask nobody. */
export type Facts = { readonly [Name in FactName]: Fact<FactValues[Name]> }

export type FactName = keyof FactValues

export type FactValues = {
  readonly settingProblems: readonly string[]
  /** Only where there are no problems. */
  readonly settings: Settings
  readonly clocks: readonly ClockReading[]
  readonly issuer: IssuerFact
  readonly policy: PolicyFact
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
  readonly enrolment: readonly EnrolmentPolicy[]
  readonly signOn: SignOn
  /** Okta's own bring-your-own telephony. */
  readonly providers: readonly TelephonyProvider[]
  /** No check looks at it: it says which findings `--fix` fixes. */
  readonly orgFix: OrgFix
}

/** What `--fix` would do to the org, with what it is to be like. */
export type OrgFix = { readonly wanted: Wanted; readonly steps: readonly Step[] }

/** How far somebody's clock is ahead of this machine's. */
export type ClockReading = { readonly who: string; readonly aheadMs: number }

export type IssuerFact = {
  /** As the settings name it. */
  readonly expected: string
  /** What its metadata says. */
  readonly issuer: string | undefined
  /** Public keys that can have signed a token: RSA, for signatures. */
  readonly keys: number
}

export type PolicyFact = {
  readonly policy: StoredPolicy
  readonly rules: PlanRules
  /** Newest ones, oldest first. */
  readonly deliveries: readonly Delivery[]
  /** The table or the folder. */
  readonly where: string
  readonly now: number
}

/** SHA-256 of archives, base64. */
type FunctionCode = {
  readonly name: string
  /** Undefined: there is no such function. */
  readonly runs: string | undefined
  /** What `deploy` put into the code bucket; undefined when it is no longer there. */
  readonly put: string | undefined
}

type SpendLimit = { readonly channel: Channel; readonly limit: number; readonly max: number }

export type ConfigurationSet = {
  readonly name: string
  readonly isThere: boolean
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
  /** Okta could not call the hook, or not read its answer. */
  | { readonly kind: 'failed'; readonly sentence: string }

/** Something about the setup, read once; if it could not be read, the reason. */
export type Fact<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'unread'; readonly why: string }
  /** Not read, because it does not apply or because something else is missing. */
  | { readonly kind: 'skipped'; readonly why: string }

/** Thrown while reading: this fact does not apply here. */
export class NotApplicable extends Error {}

/** Reads one fact. Whatever goes wrong becomes a part of it: other facts are read all the same. */
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

/** The value of a fact that another one needs; without it the other is not read. */
export function needed<T>(fact: Fact<T>, what: string): T {
  if (fact.kind === 'read') return fact.value
  throw new NotApplicable(`It needs ${what}.`)
}

/** Of optional settings, for a fact that needs them. */
export function required<T>(value: T | undefined, why: string): T {
  if (value !== undefined) return value
  throw new NotApplicable(why)
}
