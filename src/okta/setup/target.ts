import type { Secret } from '../../core/values/secret.ts'

/** The state that the command or the fix should reach. */
export type TargetState = {
  readonly method: AuthenticationMethod
  /** Creates what an access token needs (key, app, scope, policy). Otherwise it must exist. */
  readonly isPreparing: boolean
  /** Undefined until the deployment has an address. */
  readonly hook: TargetHook | undefined
  /** Missing: no event hook. */
  readonly eventHook?: TargetEventHook
  /** Client ID of the app to adopt if there are several; `none` adopts nothing. */
  readonly adopt: string | undefined
  /** Client ID for a new app; undefined lets Okta choose. */
  readonly appClientId: string | undefined
  /**
   * Changes only what Hookline made, and adds what is missing. Nothing made by hand, and not the phone authenticator.
   */
  readonly isFixing?: true
}

export type AuthenticationMethod =
  | { readonly kind: 'token'; readonly scope: string }
  /** Without the secret a hook can be compared, but not created. */
  | { readonly kind: 'secret-header'; readonly name: string; readonly secret: Secret | undefined }

export type TargetHook = {
  readonly url: string
  /** Name or ID of the active telephony hook that may be turned off. */
  readonly replace: string | undefined
  /** Name or ID of the authentication policy that gets a rule. */
  readonly policyRule: string | undefined
}

export type TargetEventHook = {
  /** Address of the deployment for events. */
  readonly url: string
  readonly secret: Secret
}
