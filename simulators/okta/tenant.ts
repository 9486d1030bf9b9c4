import type { RequestListener } from 'node:http'
import { accessTokens, type TokenAnswer } from './access-tokens.ts'
import { defaultServer } from './authorization-server.ts'
import type { CallOrder } from './call-order.ts'
import { type EventEndpoint, type EventSender, eventSender } from './event-sender.ts'
import { hookCaller } from './hook-caller.ts'
import type { CallResult } from './hook-exchange.ts'
import { newOrg } from './hook-request.ts'
import { logEvent } from './log-event.ts'
import type { OrgHandle } from './management/org-handle.ts'
import type { TokenOutcome } from './oauth-provider.ts'
import type { OktaOptions } from './okta.ts'
import { oktaId } from './okta-ids.ts'
import type { Poster } from './post.ts'
import { newServiceClient } from './service-client.ts'
import { fixedPolicy, type TokenPolicy } from './token-policy.ts'
import { type UserEvents, userEvents } from './user-events.ts'

const AUDIENCE = 'api://default'
const SCOPE = 'telephony.send'

/** One client with one scope, and a hook at any address: there is nothing to set up. */
export async function readyMade(
  options: OktaOptions,
  { url, limitMs, signal }: TenantOptions,
  poster: Poster,
): Promise<Tenant> {
  const client = await newServiceClient()
  const { tokenUrl } = defaultServer(url)
  const tokens = accessTokens({ tokenUrl, scope: SCOPE, client, poster, limitMs, now: Date.now })
  const secret = options.secretHeader && { secretHeader: options.secretHeader }
  const org = newOrg(url)
  const caller = hookCaller({ org, tokens, poster, limitMs, ...secret })
  let hookUrl = options.hookUrl
  let eventHook: (EventEndpoint & { readonly id: string }) | undefined
  const now = () => new Date()
  const sender = eventSender({
    orgUrl: url,
    poster,
    limitMs,
    signal,
    eventsMax: Number.POSITIVE_INFINITY,
    now,
    endpointOf: id => (id === eventHook?.id ? eventHook : undefined),
    onFailed: () => {},
    onNearLimit: () => {},
  })
  const users = userEvents({
    calls: caller.calls,
    user: org.user,
    log(eventType, details) {
      if (eventHook && EVENTS.has(eventType)) sender.send(eventHook.id, logEvent(eventType, details, now()))
    },
    now,
    naming: () => 'constant',
  })

  return {
    policy: fixedPolicy(client, AUDIENCE, SCOPE),
    onToken: () => {},
    clockOffsetMs: () => 0,
    clientId: () => client.clientId,
    scope: () => SCOPE,
    hookUrl: () => hookUrl,
    setHookUrl(newUrl) {
      hookUrl = newUrl
      return undefined
    },
    cannotCall: () =>
      hookUrl ? undefined : 'The hook\'s address is not set: PUT /caller/hook {"url": "..."}',
    async call(order) {
      if (!hookUrl) throw new Error("The hook's address is not set.")
      return caller.call(hookUrl, order)
    },
    calls: caller.calls,
    fetchToken: tokens.fetch,
    signAssertion: client.signAssertion,
    forget: tokens.forget,
    users,
    events: sender,
    async setEventHook(endpoint) {
      const problem = await sender.verify(endpoint)
      if (problem === undefined) eventHook = { ...endpoint, id: oktaId('who') }
      return problem && `The endpoint was not verified: ${problem}.`
    },
  }
}

/** What the ready-made event hook subscribes to. */
const EVENTS: ReadonlySet<string> = new Set(['user.authentication.auth_via_mfa', 'user.mfa.factor.activate'])

/**
 * The differences between the ready-made set-up and an org: who gets tokens, and which hook is called with which token.
 */
export type Tenant = {
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
  /** Drops the cached access tokens. */
  readonly forget: () => void
  readonly users: UserEvents
  readonly events: EventSender
  /** Without a management API: verifies the endpoint, and sends it the events of users. A sentence says why not. */
  readonly setEventHook: (endpoint: EventEndpoint) => Promise<string | undefined>
  readonly org?: OrgHandle
  /** Addresses in addition to those of the authorization server and the control API. */
  readonly surface?: { readonly serves: (path: string) => boolean; readonly listener: RequestListener }
}

export type TenantOptions = {
  /** Without a trailing slash. */
  readonly url: string
  readonly limitMs: number
  /** Ends all delays of faults. */
  readonly signal: AbortSignal
}
