import { isObject } from '../call-order.ts'
import type { CallResult } from '../hook-exchange.ts'
import type { Org } from '../hook-request.ts'
import type { TokenOutcome } from '../oauth-provider.ts'
import { hookTarget } from './inline-hooks.ts'
import type { InlineHook, OrgState } from './org-state.ts'
import { at, type Json, textAt } from './route.ts'
import { logged } from './system-log.ts'

/** Okta's name of each purpose in events; the two about the factor share one. */
const PURPOSES: Readonly<Record<string, string>> = {
  'account-unlock': 'account_unlock',
  'password-reset': 'password_reset',
}

/** `inline_hook.executed`, and `inline_hook.response.processed` with the answer's `debugContext` if there was an answer. */
export function logHookCall(
  org: OrgState,
  hook: InlineHook,
  result: CallResult,
  transactionId = transactionOf(result),
): void {
  const { verdict, httpStatus, answer } = result
  const hasFailed = verdict.kind === 'okta-sends-itself' || verdict.kind === 'nothing-sent'
  const details = {
    result: hasFailed ? ('FAILURE' as const) : ('SUCCESS' as const),
    ...(hasFailed && { reason: verdict.sentence }),
    target: hookTarget(hook),
    transactionId,
  }
  logged(org, 'inline_hook.executed', {
    ...details,
    debugData: { inlineHookId: hook.id, url: textAt(hook.channel, 'config.uri'), hookType: hook.type },
  })
  if (httpStatus === undefined) return
  const debugContext = at(answer, 'debugContext')
  logged(org, 'inline_hook.response.processed', {
    ...details,
    debugData: {
      ...(isObject(debugContext) && debugContext),
      inlineHookId: hook.id,
      responseStatus: String(httpStatus),
    },
  })
}

/** `app.oauth2.as.token.grant`, with OAuth's error if there was no token. */
export function logToken(org: OrgState, { clientId, scope, failure }: TokenOutcome): void {
  logged(org, failure ? 'app.oauth2.as.token.grant' : 'app.oauth2.as.token.grant.access_token', {
    ...(failure && { result: 'FAILURE', reason: failure.error }),
    actor: {
      id: clientId ?? 'unknown',
      type: 'PublicClientApp',
      alternateId: clientId,
      displayName: clientId,
    },
    debugData: {
      grantType: 'client_credentials',
      requestedScopes: scope,
      errorDescription: failure?.description,
    },
  })
}

/**
 * The event of the code itself: the provider that sent it (the hook's or Okta's), and whether that was a fail-over.
 */
export function logCode(org: OrgState, user: Org['user'], result: CallResult, hook?: InlineHook): void {
  const isSms = textAt(result.sent, 'data.messageProfile.deliveryChannel')?.toLowerCase() === 'sms'
  const isByHook = result.verdict.kind === 'delivered-by-hook' || result.verdict.kind === 'pending'
  // Without a hook there is no fail-over: Okta's provider is the regular one.
  const isFailover = String(hook !== undefined && !isByHook)
  const sender = isByHook ? senderOf(result.answer) : { provider: 'okta' }
  logged(org, eventType(isSms, result), {
    ...(!isByHook && { reason: result.verdict.sentence }),
    ...(result.verdict.kind === 'nothing-sent' && { result: 'FAILURE' }),
    actor: {
      id: user.userId,
      type: 'User',
      alternateId: user.login,
      displayName: `${user.firstName} ${user.lastName}`,
    },
    target: { id: user.userId, type: 'AppUser', alternateId: user.login, displayName: endOfNumber(result) },
    transactionId: transactionOf(result),
    debugData: {
      ...sender,
      [isSms ? 'is_sms_hook_failover' : 'is_call_hook_failover']: isFailover,
      ...(hook && { inlineHookId: hook.id }),
    },
  })
}

function eventType(isSms: boolean, { sent }: CallResult): string {
  const purpose = textAt(sent, 'requestType')?.replace('com.okta.user.telephony.', '') ?? ''
  const name = PURPOSES[purpose] ?? 'phone_verification'
  return isSms ? `system.sms.send_${name}_message` : `system.voice.send_${name}_call`
}

function senderOf(answer: unknown): Json {
  const commands = at(answer, 'commands')
  const values = Array.isArray(commands) ? at(commands[0], 'value') : undefined
  const value: unknown = Array.isArray(values) ? values[0] : undefined
  return {
    provider: textAt(value, 'provider'),
    transactionId: textAt(value, 'transactionId'),
    transactionMetadata: textAt(value, 'transactionMetadata'),
  }
}

function transactionOf({ sent }: CallResult): string {
  return textAt(sent, 'data.context.request.id') ?? ''
}

/** The last four digits: a whole number must not be in a log. */
function endOfNumber({ sent }: CallResult): string {
  return `XXX-XXX-${(textAt(sent, 'data.messageProfile.phoneNumber') ?? '').slice(-4)}`
}
