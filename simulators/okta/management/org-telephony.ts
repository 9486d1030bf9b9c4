import { type AccessTokens, accessTokens, type TokenAnswer } from '../access-tokens.ts'
import { type CallOrder, isObject } from '../call-order.ts'
import {
  type CallResult,
  exchangeWithHook,
  type HookExchanged,
  type HookExchangeOptions,
  lastCalls,
} from '../hook-exchange.ts'
import { hookRequest, type Org } from '../hook-request.ts'
import { eventId } from '../okta-ids.ts'
import type { Poster } from '../post.ts'
import { type ServiceClient, serviceClient } from '../service-client.ts'
import { oktaGoesOn } from '../verdict.ts'
import { phoneAuthenticator } from './authenticators.ts'
import type { Behaviours } from './behaviours.ts'
import { mayEnrolPhone } from './enrolment-policies.ts'
import { activeTelephonyHook, type InlineHook, now, type OrgState } from './org-state.ts'
import { type Answer, at, type Json, ok, oktaError, type Route, textAt } from './route.ts'
import { logCode, logHookCall } from './telephony-events.ts'

export type OrgTelephony = {
  /** Why no user can request a code; undefined if one can. */
  readonly cannotCall: (order: CallOrder) => string | undefined
  /** A user requests a code: the active hook is called, and the System Log shows what Okta did. */
  readonly call: (order: CallOrder) => Promise<CallResult>
  readonly calls: () => readonly CallResult[]
  /** `POST …/inlineHooks/{id}/execute`. */
  readonly execute: (hook: InlineHook, body: Json, requestId: string) => Promise<Answer>
  /** A new token, by the active hook's configuration. */
  readonly fetchToken: (scope?: string) => Promise<TokenAnswer>
  readonly signAssertion: (tokenUrl: string) => Promise<string>
  /** Drops the cached tokens. */
  readonly forget: () => void
}

export type OrgTelephonyOptions = {
  readonly org: OrgState
  /** The user who requests codes. */
  readonly user: Org['user']
  readonly poster: Poster
  readonly limitMs: number
}

/** Delivery of an org's codes: the hook, the token and the result, all by the org's set-up. */
export function orgTelephony({ org, user, poster, limitMs }: OrgTelephonyOptions): OrgTelephony {
  const results = lastCalls()
  const tokensByHook = new Map<string, AccessTokens>()

  return {
    cannotCall,
    async call(order) {
      const problem = cannotCall(order)
      if (problem !== undefined) throw new Error(problem)
      const hook = activeTelephonyHook(org)
      if (!hook) return results.add(withoutHook(order))
      const from = { url: org.url, inlineHookId: hook.id, user }
      const sent = hookRequest(order, from, now(org))
      const { result } = await exchange(hook, sent, order.fresh === true)
      logHookCall(org, hook, result)
      if (!order.preview) logCode(org, user, result, hook)
      return results.add(result)
    },
    calls: results.all,
    async execute(hook, body, requestId) {
      const sent = { eventId: eventId(), ...body }
      const first = await exchange(hook, sent, true)
      // Okta's description of this call: one retry after a timeout or an error response.
      const exchanged = isRetried(first) ? await exchange(hook, sent, false) : first
      logHookCall(org, hook, exchanged.result, requestId)
      return readingOf(exchanged, org.behaviours.now.execute)
    },
    async fetchToken(scope) {
      const hook = activeTelephonyHook(org)
      const tokens = hook && (await tokensOf(hook))
      return tokens
        ? tokens.fetch(scope)
        : { kind: 'no-token', reason: 'there is no active telephony hook with a token' }
    },
    async signAssertion(tokenUrl) {
      const hook = activeTelephonyHook(org)
      const client = hook && (await clientOf(hook))
      if (!client) throw new Error('No active telephony hook signs assertions.')
      return client.signAssertion(tokenUrl)
    },
    forget: () => tokensByHook.clear(),
  }

  function cannotCall({ channel = 'sms', preview, purpose }: CallOrder): string | undefined {
    const phone = phoneAuthenticator(org)
    const method = channel.toLowerCase().includes('sms') ? 'sms' : 'voice'
    if (preview) return undefined
    if (phone?.status !== 'ACTIVE') {
      return 'No user can request a code: the phone authenticator is not active.'
    }
    if (phone.methods[method] !== 'ACTIVE') {
      return `No user can request a code: the method ${method} of the phone authenticator is not active.`
    }
    const use = RECOVERIES.has(purpose ?? '') ? 'recovery' : 'sso'
    const allowed = textAt(phone.settings, 'allowedFor')
    if (purpose !== 'pre-enrollment' && allowed !== 'any' && allowed !== use) {
      return `No user can request a code: the phone authenticator is allowed for ${allowed}, and not for ${use}.`
    }
    return mayEnrolPhone(org)
      ? undefined
      : 'No user can request a code: no enrolment policy lets people enrol a phone.'
  }

  function withoutHook(order: CallOrder): CallResult {
    const sent = hookRequest(order, { url: org.url, inlineHookId: '', user }, now(org))
    const result = {
      eventId: sent.eventId,
      sent,
      tokenMs: 0,
      hookMs: 0,
      totalMs: 0,
      verdict: oktaGoesOn('no telephony hook is active', org.provider.isOn),
    } as const
    if (!order.preview) logCode(org, user, result)
    return result
  }

  async function exchange(hook: InlineHook, sent: Json, fresh: boolean): Promise<HookExchanged> {
    const url = textAt(hook.channel, 'config.uri') ?? ''
    const headers = headersOf(hook)
    const hasProvider = org.provider.isOn
    return exchangeWithHook(sent, {
      url,
      headers,
      credential: credentialOf(hook, fresh),
      poster,
      limitMs,
      hasProvider,
    })
  }

  function credentialOf(hook: InlineHook, fresh: boolean): HookExchangeOptions['credential'] {
    return async () => {
      if (hook.channel.type === 'HTTP') {
        const scheme = at(hook.channel, 'config.authScheme')
        return { kind: 'header', name: textAt(scheme, 'key') ?? '', value: textAt(scheme, 'value') ?? '' }
      }
      const tokens = await tokensOf(hook)
      if (!tokens) return { kind: 'no-token', reason: 'the hook key of the hook does not exist' }
      const answer = fresh ? await tokens.fetch() : await tokens.get()
      if (answer.kind === 'no-token') return answer
      return { kind: 'header', name: 'Authorization', value: `Bearer ${answer.accessToken}` }
    }
  }

  async function tokensOf(hook: InlineHook): Promise<AccessTokens | undefined> {
    const client = await clientOf(hook)
    if (!client) return undefined
    // Read after the await, so that concurrent calls share one token.
    const known = tokensByHook.get(hook.id)
    if (known) return known
    const tokens = accessTokens({
      tokenUrl: textAt(hook.channel, 'config.tokenUrl') ?? '',
      scope: textAt(hook.channel, 'config.scope') ?? '',
      client,
      poster,
      limitMs,
      now: Date.now,
    })
    tokensByHook.set(hook.id, tokens)
    return tokens
  }

  async function clientOf(hook: InlineHook): Promise<ServiceClient | undefined> {
    const key = org.hookKeys.get(textAt(hook.channel, 'config.hookKeyId') ?? '')
    return key && serviceClient(textAt(hook.channel, 'config.clientId') ?? '', key.key)
  }
}

/** `/api/v1/telephony-providers`: Okta's own bring-your-own telephony, read-only. */
export function telephonyProviderRoutes(org: OrgState): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/telephony-providers',
      handle: () =>
        ok(
          [...org.telephonyProviders.values()].map(provider => ({
            ...provider,
            providerCapability: 'ALL',
            providerSid: 'AC0123456789abcdef',
          })),
        ),
    },
  ]
}

/** Purposes other than sign-in. */
const RECOVERIES: ReadonlySet<string> = new Set(['password-reset', 'account-unlock'])

function headersOf(hook: InlineHook): Readonly<Record<string, string>> {
  const headers = at(hook.channel, 'config.headers')
  if (!Array.isArray(headers)) return {}
  return Object.fromEntries(
    headers.map(header => [textAt(header, 'key') ?? '', textAt(header, 'value') ?? '']),
  )
}

function isRetried({ result, reached }: HookExchanged): boolean {
  return (
    reached === 'timed-out' || reached === 'broken' || (reached === 'answered' && result.httpStatus !== 200)
  )
}

/** An answer that keeps the contract is returned unchanged; otherwise an error with the problem. */
function readingOf({ result, reached }: HookExchanged, behaviour: Behaviours['execute']): Answer {
  const { verdict: judged, answer, httpStatus } = result
  const isContract =
    judged.kind === 'delivered-by-hook' || judged.kind === 'pending' || firstStatus(answer) === 'FAILED'
  if (httpStatus === 200 && isContract) {
    if (behaviour === 'all') return ok(answer)
    const unknownName = behaviour === 'strict' ? unknownNameIn(answer) : undefined
    if (unknownName === undefined) return ok({ commands: at(answer, 'commands') })
    return oktaError(400, 'E0000135', 'The inline hook responded with an error.', [
      `The answer has "${unknownName}", which is not in the contract`,
    ])
  }
  switch (reached) {
    case 'answered':
    case 'too-large':
      return oktaError(400, 'E0000135', 'The inline hook responded with an error.', [judged.sentence])
    case 'timed-out':
    case 'token-too-late':
      return oktaError(400, 'E0000137', 'There was no response from the inline hook.', [judged.sentence])
    case 'no-token':
    case 'unreachable':
    case 'broken':
      return oktaError(400, 'E0000134', 'Could not communicate with the inline hook.', [judged.sentence])
  }
}

/** A member that is not in the schema of the answer. */
function unknownNameIn(answer: unknown): string | undefined {
  const commands = at(answer, 'commands')
  const list = Array.isArray(commands) ? commands : []
  const values = list.flatMap(command => at(command, 'value') ?? [])
  const levels = [
    [[answer], ['commands']],
    [list, ['type', 'value']],
    [values, ['status', 'provider', 'transactionId', 'transactionMetadata']],
  ] as const
  return levels
    .flatMap(([things, known]) =>
      things.flatMap(thing =>
        Object.keys(isObject(thing) ? thing : {}).filter(name => !isOneOf(known, name)),
      ),
    )
    .at(0)
}

function isOneOf(known: readonly string[], name: string): boolean {
  return known.includes(name)
}

function firstStatus(answer: unknown): unknown {
  const commands = at(answer, 'commands')
  const value = Array.isArray(commands) ? at(commands[0], 'value') : undefined
  return Array.isArray(value) ? at(value[0], 'status') : undefined
}
