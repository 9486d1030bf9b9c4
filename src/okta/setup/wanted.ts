import type { Secret } from '../../core/values/secret.ts'

/** What the command or the fix is to bring about. */
export type Wanted = {
  readonly method: AuthenticationMethod
  /** Makes what an access token needs: key, app, scope, policy. Else that must be there. */
  readonly isPreparing: boolean
  /** Undefined until the deployment has an address. */
  readonly hook: WantedHook | undefined
  /** Client ID of the app to adopt where several could be meant; `none` adopts nothing. */
  readonly adopt: string | undefined
  /** Client ID for a new app; undefined lets Okta choose. */
  readonly appClientId: string | undefined
  /** Puts right only what Hookline made or what is missing: nothing by hand, and not the phone authenticator. */
  readonly isFixing?: true
}

export type AuthenticationMethod =
  | { readonly kind: 'token'; readonly scope: string }
  /** Without the secret a hook can be compared, and not be made. */
  | { readonly kind: 'secret-header'; readonly name: string; readonly secret: Secret | undefined }

export type WantedHook = {
  readonly url: string
  /** Name or ID of the active telephony hook that may be turned off. */
  readonly replace: string | undefined
  /** Name or ID of the authentication policy that gets a rule. */
  readonly policyRule: string | undefined
}
