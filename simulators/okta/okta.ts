import type { TokenAnswer } from './access-tokens.ts'
import type { AuthorizationServerStats } from './authorization-server.ts'
import type { CallOrder } from './call-order.ts'
import type { KeysFault, TokenFault } from './faults.ts'
import type { CallResult, SecretHeader } from './hook-caller.ts'
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
}

/** The stand-in as it runs. */
export type Okta = {
  /** Without a slash at its end. */
  readonly url: string
  readonly issuer: string
  readonly audience: string
  readonly clientId: string
  readonly scope: string
  readonly hookUrl: () => string | undefined
  readonly setHookUrl: (url: string) => void
  /** Acts as Okta when somebody asks for a code. Throws if the hook's address is not set. */
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
