import type { RequestListener } from 'node:http'
import type { TokenAnswer } from './access-tokens.ts'
import type { CallOrder } from './call-order.ts'
import type { CallResult } from './hook-exchange.ts'
import type { OrgHandle } from './management/org-handle.ts'
import type { TokenOutcome } from './oauth-provider.ts'
import type { TokenPolicy } from './token-policy.ts'

/** What differs between the ready-made set-up and an org: who gets tokens, and which hook is called with which. */
export type Side = {
  readonly policy: TokenPolicy
  readonly onToken: (outcome: TokenOutcome) => void
  /** How far the clock is ahead of the real one. */
  readonly clockOffsetMs: () => number
  readonly clientId: () => string
  readonly scope: () => string
  readonly hookUrl: () => string | undefined
  readonly setHookUrl: (url: string) => string | undefined
  readonly cannotCall: (order: CallOrder) => string | undefined
  readonly call: (order: CallOrder) => Promise<CallResult>
  readonly calls: () => readonly CallResult[]
  readonly fetchToken: (scope?: string) => Promise<TokenAnswer>
  readonly signAssertion: (tokenUrl: string) => Promise<string>
  /** Drops the access tokens at hand. */
  readonly forget: () => void
  readonly org?: OrgHandle
  /** Addresses beside the authorization server's and the control API's. */
  readonly surface?: { readonly serves: (path: string) => boolean; readonly listener: RequestListener }
}

export type SideOptions = {
  /** Without a slash at its end. */
  readonly url: string
  readonly limitMs: number
  /** Ends the waiting that faults ask for. */
  readonly signal: AbortSignal
}
