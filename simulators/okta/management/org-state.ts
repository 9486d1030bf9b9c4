import type { LogEvent } from '../log-event.ts'
import { oktaId } from '../okta-ids.ts'
import type { SigningKey } from '../signing-keys.ts'
import type { Behaviours } from './behaviours.ts'
import type { Json } from './route.ts'

export type Status = 'ACTIVE' | 'INACTIVE'

type Dated = { readonly id: string; readonly created: string; readonly lastUpdated: string }

/** A hook key. Its private half never leaves Okta, so it is never printed. */
export type HookKey = Dated & { readonly name: string; readonly key: SigningKey }

/** A service app. `settings` and `credentials` are as they were sent, with Okta's defaults. */
export type App = Dated & {
  readonly label: string
  readonly status: Status
  readonly clientId: string
  readonly credentials: Json
  readonly settings: Json
}

export type AuthorizationServer = Dated & {
  readonly name: string
  readonly description: string
  readonly audience: string
}

export type Scope = {
  readonly id: string
  readonly name: string
  readonly system: boolean
  readonly body: Json
}

export type Policy = Dated & {
  readonly name: string
  readonly description: string
  readonly status: Status
  readonly priority: number
  /** Client IDs, or `ALL_CLIENTS`. */
  readonly clients: readonly string[]
}

export type Rule = Dated & {
  readonly policyId: string
  readonly name: string
  readonly status: Status
  readonly priority: number
  readonly grantTypes: readonly string[]
  /** Names of scopes, or `*`. */
  readonly scopes: readonly string[]
  readonly people: Json
  readonly token: Json
}

export type InlineHook = Dated & {
  readonly name: string
  readonly type: string
  readonly version: string
  readonly status: Status
  readonly channel: Json
}

export type EventHook = Dated & {
  readonly name: string
  readonly description: string | null
  readonly status: Status
  readonly verificationStatus: 'UNVERIFIED' | 'VERIFIED'
  readonly eventTypes: readonly string[]
  readonly channel: Json
}

export type Authenticator = Dated & {
  readonly key: string
  readonly name: string
  readonly type: string
  readonly status: Status
  readonly settings: Json
  readonly methods: Readonly<Record<string, Status>>
}

export type AccessPolicy = Dated & { readonly name: string }

export type AccessRule = Dated & {
  readonly policyId: string
  readonly name: string
  readonly status: Status
  readonly priority: number
  readonly system: boolean
  readonly conditions: unknown
  readonly actions: unknown
}

/** Who may enrol which authenticator: the type MFA_ENROLL. */
export type EnrolmentPolicy = Dated & {
  readonly name: string
  readonly status: Status
  readonly priority: number
  readonly system: boolean
  readonly groups: readonly string[]
  /** By the key of the authenticator; only active ones, as in Okta. */
  readonly enrol: Readonly<Record<string, 'NOT_ALLOWED' | 'OPTIONAL' | 'REQUIRED'>>
}

/** Okta's own bring-your-own telephony. */
type TelephonyProvider = {
  readonly id: string
  readonly enabled: boolean
  readonly isPrimaryProvider: boolean
  readonly providerName: 'TWILIO' | 'TELESIGN'
}

export type ApiToken = Dated & { readonly name: string; readonly secret: string }

/** Everything that an administrator can set up, and the System Log. */
export type OrgState = {
  /** Without a trailing slash. */
  readonly url: string
  readonly id: string
  readonly administratorId: string
  /** Assign to make the org's clock wrong. */
  readonly clock: { offsetMs: number }
  /** Set to false to switch Okta's own telephony off, as Okta does on request. */
  readonly provider: { isOn: boolean }
  /** Assign to change behaviour that Okta's documents leave open. */
  readonly behaviours: { now: Behaviours }
  readonly hookKeys: Map<string, HookKey>
  readonly apps: Map<string, App>
  /** One: the built-in server named `default`. */
  readonly authorizationServers: Map<string, AuthorizationServer>
  readonly scopes: Map<string, Scope>
  readonly policies: Map<string, Policy>
  readonly rules: Map<string, Rule>
  readonly inlineHooks: Map<string, InlineHook>
  readonly eventHooks: Map<string, EventHook>
  readonly authenticators: Map<string, Authenticator>
  readonly accessPolicies: Map<string, AccessPolicy>
  readonly accessRules: Map<string, AccessRule>
  readonly enrolmentPolicies: Map<string, EnrolmentPolicy>
  readonly telephonyProviders: Map<string, TelephonyProvider>
  readonly apiTokens: Map<string, ApiToken>
  /** Oldest first. */
  readonly log: Json[]
  /** Assign to get each event of an active, verified event hook. */
  readonly onEvent: { now: (eventHookId: string, event: LogEvent) => void }
}

/** The ID of the built-in authorization server. */
export const DEFAULT_SERVER = 'default'

export const TELEPHONY = 'com.okta.telephony.provider'

/** The org's time. */
export function now(org: OrgState): Date {
  return new Date(Date.now() + org.clock.offsetMs)
}

/** ID and dates of a new resource. */
export function newborn(org: OrgState, prefix: string): Dated {
  const created = now(org).toISOString()
  return { id: oktaId(prefix), created, lastUpdated: created }
}

/** The resource with the current time as its date of change. */
export function changed<Resource extends Dated>(
  org: OrgState,
  resource: Resource,
  changes: Partial<Resource>,
): Resource {
  return { ...resource, ...changes, lastUpdated: now(org).toISOString() }
}

export function activeTelephonyHook(org: OrgState): InlineHook | undefined {
  return [...org.inlineHooks.values()].find(hook => hook.type === TELEPHONY && hook.status === 'ACTIVE')
}
