/** One line of the plan. */
export type Step = {
  readonly mark:
    | 'exists'
    | 'adopted'
    | 'created'
    | 'changed'
    | 'turned off'
    | 'turned on'
    | 'checked'
    | 'verified'
  /** The kind of object: `hook key`. */
  readonly what: string
  readonly name: string
  /** What happens and why, for the person who confirms it. */
  readonly sentence: string
  /** Made by hand, or inside something made by hand. */
  readonly isByHand?: true
  /** Undefined if nothing has to be done. */
  readonly action: Action | undefined
  /** Okta's scope for it; an API token has the rights of its administrator. */
  readonly needs: Permission
}

export type Action =
  | 'create hook key'
  | 'create app'
  | 'change app'
  | 'create scope'
  | 'create policy'
  | 'change policy'
  | 'create rule'
  | 'change rule'
  | 'change hook'
  | 'turn off other hook'
  | 'create hook'
  | 'turn on hook'
  | 'check hook'
  | 'turn on phone'
  | 'turn on sms'
  | 'turn on voice'
  | 'allow phone'
  | 'create sign-on rule'
  | 'create event hook'
  | 'change event hook'
  | 'turn on event hook'
  | 'verify event hook'

export type Permission =
  | 'okta.inlineHooks.manage'
  | 'okta.apps.manage'
  | 'okta.authorizationServers.manage'
  | 'okta.authenticators.manage'
  /** Each is requested separately. Without it, the read that needs it is skipped. */
  | OptionalPermission
  | 'okta.policies.manage'

export type OptionalPermission =
  | 'okta.eventHooks.manage'
  | 'okta.logs.read'
  | 'okta.policies.read'
  | 'okta.customTelephonyProvider.read'

/** What prevents the plan, and what to do about it. */
export type Block = { readonly sentence: string }

export type Difference =
  | { readonly kind: 'steps'; readonly steps: readonly Step[] }
  | { readonly kind: 'blocked'; readonly blocks: readonly Block[] }
