import type { TokenAnswer } from './access-tokens.ts'
import type { AuthorizationServerStats } from './authorization-server.ts'
import type { CallOrder } from './call-order.ts'
import type { EventDelivery, EventEndpoint, EventPost } from './event-sender.ts'
import type { KeysFault, TokenFault } from './faults.ts'
import type { CallResult, SecretHeader } from './hook-caller.ts'
import type { Behaviours } from './management/behaviours.ts'
import type { Exchange } from './management/management-api.ts'
import type { OrgHandle } from './management/org-handle.ts'
import type { Rotation } from './signing-keys.ts'
import type { EnteredCode, EntryResult } from './user-events.ts'

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
   * `empty`: a new org, to be set up through Okta's management API; it works according to its set-up. Default: no
   * management API, but a ready-made client, scope and audience. An org ignores `hookUrl` and `secretHeader`, because
   * its hook has them.
   */
  readonly org?: 'empty'
  /** The org's API token. Default: a made-up one. */
  readonly apiToken?: string
  /** Adds a service app that may use the management API. Default false. */
  readonly serviceApp?: boolean
  /** Scopes that its service app was not granted. Default: none. */
  readonly withheld?: readonly string[]
  /** Behaviour of an org that Okta's documents leave open. Default: `DEFAULT_BEHAVIOURS`. */
  readonly behaviours?: Partial<Behaviours>
  /** Requests per minute to the management API. Default 600. */
  readonly requestsMax?: number
  /** In an org: events that its event hooks get in 24 hours. Default 400,000, as Okta's. */
  readonly eventsMax?: number
  /** In an org: called with each request to the management API and its answer. */
  readonly onExchange?: (exchange: Exchange) => void
}

/** The running stand-in. */
export type Okta = {
  /** Without a trailing slash. */
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
  /** In an org: changes its active hook; returns a sentence if there is no active hook. */
  readonly setHookUrl: (url: string) => string | undefined
  /** Why no user can request a code; undefined if one can. */
  readonly cannotCall: (order: CallOrder) => string | undefined
  /** Acts as Okta when a user requests a code. Throws if no user can. */
  readonly call: (order: CallOrder) => Promise<CallResult>
  /** The last 200 calls, newest last. */
  readonly calls: () => readonly CallResult[]
  /** A user enters the code that came by phone: Okta checks it, and then logs what it logs. */
  readonly enterCode: (entered: EnteredCode) => EntryResult
  /** A user signs in by another factor, such as OKTA_VERIFY_PUSH. */
  readonly signIn: (factor: string) => void
  /** Without an org: verifies this endpoint and sends it the events of users. A sentence says why it is not verified. */
  readonly setEventHook: (endpoint: EventEndpoint) => Promise<string | undefined>
  readonly setEventDelivery: (delivery: EventDelivery) => void
  /** Sends the held events; resolves when each post was answered or given up. */
  readonly releaseEvents: () => Promise<void>
  /** The last 200 posts of events, in the order in which they ended. */
  readonly eventPosts: () => readonly EventPost[]
  /** Resolves when no event is on its way. */
  readonly eventsSettled: () => Promise<void>
  /** A new access token, fetched over HTTP. */
  readonly fetchToken: (scope?: string) => Promise<TokenAnswer>
  /** A client assertion for one token request, to be sent by a test. */
  readonly signAssertion: (tokenUrl: string) => Promise<string>
  /** Returns the IDs of the signing key and of all published keys. The hook caller keeps its token. */
  readonly rotateKeys: (
    rotation?: Rotation,
  ) => Promise<{ readonly activeKid: string; readonly kids: string[] }>
  readonly setKeysFault: (fault: KeysFault) => void
  /** Applies to tokens issued from now on; the next call of the hook fetches one. */
  readonly setTokenFault: (fault: TokenFault) => void
  readonly stats: () => AuthorizationServerStats
  /** Closes every connection, ends every call and releases the port. */
  readonly close: () => Promise<void>
}
