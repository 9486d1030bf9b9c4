import type { TokenAnswer } from './access-tokens.ts'
import type { AuthorizationServerStats } from './authorization-server.ts'
import type { CallOrder } from './call-order.ts'
import type { KeysFault, TokenFault } from './faults.ts'
import type { CallResult, SecretHeader } from './hook-caller.ts'
import type { Behaviours } from './management/behaviours.ts'
import type { Exchange } from './management/management-api.ts'
import type { OrgHandle } from './management/org-handle.ts'
import type { Rotation } from './signing-keys.ts'

export type OktaOptions = {
  /** 0 for any free port. */
  readonly port: number
  /** The address to listen on. Default 127.0.0.1. */
  readonly host?: string
  /** Where the hook is, such as `http://127.0.0.1:8080/mfa`. Can be set later. */
  readonly hookUrl?: string
  /** Sent instead of an access token. */
  readonly secretHeader?: SecretHeader
  /** How long a call may take, token request included. Default 3,000, as Okta's. */
  readonly limitMs?: number
  /**
   * `empty`: a new org, to be set up by way of Okta's management API, and then as good as it is set up. Default: no
   * management API, but a client, a scope and an audience that are ready-made. An org has no use for `hookUrl` and
   * `secretHeader`: its hook has them.
   */
  readonly org?: 'empty'
  /** The org's API token. Default: a made-up one. */
  readonly apiToken?: string
  /** Give the org a service app that may use the management API. Default false. */
  readonly serviceApp?: boolean
  /** Scopes that its service app was not granted. Default: none. */
  readonly withheld?: readonly string[]
  /** What an org does where Okta's documents leave it open. Default: `DEFAULT_BEHAVIOURS`. */
  readonly behaviours?: Partial<Behaviours>
  /** Requests to the management API a minute. Default 600. */
  readonly requestsMax?: number
  /** In an org: told of each request to the management API and its answer. */
  readonly onExchange?: (exchange: Exchange) => void
}

/** The stand-in as it runs. */
export type Okta = {
  /** Without a slash at its end. */
  readonly url: string
  readonly issuer: string
  readonly audience: string
  /** Empty in an org without an active hook. */
  readonly clientId: string
  /** Empty in an org without an active hook. */
  readonly scope: string
  /** Missing without an org. */
  readonly org?: OrgHandle
  readonly hookUrl: () => string | undefined
  /** In an org: edits its active hook; answers with a sentence if there is none. */
  readonly setHookUrl: (url: string) => string | undefined
  /** Why nobody can ask for a code; undefined if somebody can. */
  readonly cannotCall: (order: CallOrder) => string | undefined
  /** Acts as Okta when somebody asks for a code. Throws if nobody can. */
  readonly call: (order: CallOrder) => Promise<CallResult>
  /** The last 200 calls, newest last. */
  readonly calls: () => readonly CallResult[]
  /** A new access token, fetched over the wire. */
  readonly fetchToken: (scope?: string) => Promise<TokenAnswer>
  /** A client assertion for one token request, to send by hand. */
  readonly signAssertion: (tokenUrl: string) => Promise<string>
  /** Answers with the IDs of the key that signs now and of all published ones. The caller keeps the token that it has. */
  readonly rotateKeys: (
    rotation?: Rotation,
  ) => Promise<{ readonly activeKid: string; readonly kids: string[] }>
  readonly setKeysFault: (fault: KeysFault) => void
  /** Holds for tokens issued from now on; the caller's next call fetches one. */
  readonly setTokenFault: (fault: TokenFault) => void
  readonly stats: () => AuthorizationServerStats
  /** Cuts every connection and call, and frees the port. */
  readonly close: () => Promise<void>
}
