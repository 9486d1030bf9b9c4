import type { Secret } from '../../core/values/secret.ts'
import type { OktaApi } from '../../okta/setup/okta-api.ts'

/** Okta's management API, as the commands need it: handed in by `main`. */
export type OktaAccess = {
  readonly open: (orgUrl: string, credential: OktaCredential, patience: Patience) => Promise<OktaApi>
  /** From the environment: OKTA_API_TOKEN. */
  readonly token: () => Secret | undefined
  /** From the environment: HOOKLINE_SECRETS, the first of them. */
  readonly hookSecret: () => Secret | undefined
  /** From the environment: HOOKLINE_ORG_SECRETS, the first of this org. */
  readonly orgSecret: (name: string) => Secret | undefined
  /** Whether somebody is there to be asked. */
  readonly isAtTerminal: boolean
  readonly ask: (question: string) => Promise<string>
  /** Without showing what is typed. */
  readonly askHidden: (question: string) => Promise<Secret>
}

export type OktaCredential =
  | { readonly kind: 'token'; readonly token: Secret }
  | {
      readonly kind: 'app'
      readonly clientId: string
      readonly privateKey: Secret
      readonly keyId: string | undefined
      readonly scopes: readonly string[]
    }

type Patience = {
  readonly pause: (ms: number) => Promise<void>
  /** Before each wait for Okta's rate limit. */
  readonly onWait: (seconds: number) => void
}
