/** The parts of an org that a telephony hook needs, as read or as they are after a step. */
export type Org = {
  /** Without a trailing slash: `https://example.okta.com`. */
  readonly url: string
  readonly hookKeys: readonly HookKey[]
  /** Service apps only. */
  readonly apps: readonly ServiceApp[]
  /** Undefined for orgs without API Access Management, and if there is no server with that name or ID. */
  readonly server: AuthorizationServer | undefined
  readonly scopes: readonly Named[]
  readonly policies: readonly AccessPolicy[]
  /** Telephony hooks only. */
  readonly hooks: readonly TelephonyHook[]
  /** Client IDs and hook-key IDs that hooks of other types use. These are never changed. */
  readonly usedElsewhere: readonly string[]
  readonly phone: PhoneAuthenticator | undefined
  /** Missing if they were not read: they need a scope of their own. */
  readonly eventHooks?: readonly EventHook[]
  /** Authentication policies; only the one that was asked for has its rules. */
  readonly signOnPolicies: readonly SignOnPolicy[]
}

/** A complete object from Okta. Fields that Hookline does not know are sent back unchanged. */
export type Json = Readonly<Record<string, unknown>>

export type Named = { readonly id: string; readonly name: string; readonly isOurs: boolean }

/** `kid`: the ID of its public key in tokens; `id`: its ID in Okta, `HKY…`. */
export type HookKey = Named & {
  readonly kid: string
  /** The public key, if Okta returned it with the hook key, as it does on creation. */
  readonly embedded?: unknown
}

export type ServiceApp = Named & {
  readonly clientId: string
  readonly isActive: boolean
  readonly authMethod: string
  readonly needsDpop: boolean
  readonly grantTypes: readonly string[]
  readonly kids: readonly string[]
  readonly json: Json
}

export type AuthorizationServer = {
  readonly id: string
  readonly name: string
  readonly issuer: string
  readonly audience: string
  readonly isActive: boolean
}

export type AccessPolicy = Named & {
  readonly isActive: boolean
  /** Client IDs, or `ALL_CLIENTS`. */
  readonly clients: readonly string[]
  readonly rules: readonly AccessRule[]
  readonly json: Json
}

export type AccessRule = Named & {
  readonly isActive: boolean
  readonly grantTypes: readonly string[]
  readonly scopes: readonly string[]
  readonly json: Json
}

export type TelephonyHook = {
  readonly id: string
  readonly name: string
  readonly isActive: boolean
  readonly uri: string
  /** `OAUTH private_key_jwt`, `HTTP`, … */
  readonly authenticatesBy: string
  readonly clientId: string | undefined
  readonly hookKeyId: string | undefined
  readonly tokenUrl: string | undefined
  readonly scope: string | undefined
  readonly secretHeader: string | undefined
  /** Only hooks that Hookline made have one. */
  readonly memo: Memo | undefined
  readonly json: Json
}

/** What `teardown` must know, stored in the hook itself: what was turned off for it, and what was turned on. */
export type Memo = {
  /** ID of the hook that was active before. */
  readonly replaces: string | undefined
  readonly turnedOn: readonly PhonePart[]
  /** ID of the authentication policy that got a rule. */
  readonly ruleIn: string | undefined
  /** What the phone authenticator was allowed for before Hookline changed it. */
  readonly phoneWas?: string | undefined
}

/** An event hook of the org, of any maker. */
export type EventHook = {
  readonly id: string
  readonly name: string
  readonly isActive: boolean
  /** Okta sends nothing to a hook whose endpoint has not answered its challenge. */
  readonly isVerified: boolean
  readonly uri: string
  readonly eventTypes: readonly string[]
  readonly isOurs: boolean
  readonly json: Json
}

export type PhonePart = 'phone' | 'sms' | 'voice'

export type PhoneAuthenticator = {
  readonly id: string
  readonly name: string
  /** `any`, `sso` (sign-in), `recovery` or `none`. */
  readonly allowedFor: string
  /** All its settings. */
  readonly settings: Json
  readonly isActive: boolean
  readonly sms: boolean
  readonly voice: boolean
}

export type SignOnPolicy = { readonly id: string; readonly name: string; readonly rules: readonly Named[] }
