import { isCanary } from '../core/records/canary.ts'
import type { Outcome } from '../core/records/delivery.ts'
import { type ReasonCode, reasons } from '../core/values/reasons.ts'
import type { Caller } from './caller.ts'
import { PROVIDER } from './wire-values.ts'

/**
 * How Okta is answered where the operator has a choice. After `error` and `failed`, Okta sends with its own provider
 * if the org has one (troubleshooting table of its OpenAPI, 2024.06 to 2026.06). Only `silent`, which answers
 * SUCCESSFUL, prevents that.
 */
export type AnswerRules = {
  /** Too many codes in a window of time. `error` (default) tells the person to wait. */
  readonly overLimit: 'error' | 'failed' | 'silent'
  /** A number that must not get a code, or that we block. Default: `silent`. */
  readonly blocked: 'error' | 'failed' | 'silent'
  /** No proof either way: `failed` (default; Okta sends with its own provider) or `pending`. */
  readonly unknown: 'failed' | 'pending'
}

/** A response before it becomes HTTP: status, and Okta's JSON (undefined for unauthenticated callers). */
export type HookAnswer = { readonly httpStatus: number; readonly body: object | undefined }

/** A caller that the response may name. */
type VerifiedCaller = Extract<Caller, { kind: 'caller' }>

/**
 * Answers an outcome as Okta expects it. Business outcomes are always HTTP 200. A preview's response contains its
 * verified caller, because the claims of Okta's access tokens cannot be seen in any other way.
 */
export function answerOutcome(outcome: Outcome, rules: AnswerRules, preview?: VerifiedCaller): HookAnswer {
  const answer = answerOf(outcome, rules)
  if (preview === undefined) return answer
  // A preview also shows a silent refusal, because an administrator reads it.
  const why = outcome.kind === 'accepted' ? {} : debugContext(outcome.deliveryId, outcome.code)
  return { ...answer, body: { ...answer.body, debugContext: { ...why, ...describeCaller(preview) } } }
}

function describeCaller({ name, claims }: VerifiedCaller): object {
  if (isCanary({ caller: name })) return { caller: name, authenticationMethod: 'canary' }
  if (claims === undefined) return { caller: name, authenticationMethod: 'secret header' }
  const { issuer, audience, clientId, scopes, expires } = claims
  return {
    caller: name,
    authenticationMethod: 'access token',
    issuer,
    audience,
    clientId,
    scopes: scopes.join(' '),
    tokenExpires: new Date(expires * 1_000).toISOString(),
  }
}

function answerOf(outcome: Outcome, rules: AnswerRules): HookAnswer {
  const { deliveryId } = outcome
  if (outcome.kind === 'accepted') return command('SUCCESSFUL', outcome.messageId, deliveryId)
  const { answer } = reasons[outcome.code]
  const rule = answer === 'over-limit' ? rules.overLimit : answer === 'blocked' ? rules.blocked : undefined
  if (answer === 'invalid' || rule === 'error') return answerError(outcome.code, deliveryId)
  // The same as success, so that the user does not learn of the refusal. Delivery, log and metric have the reason.
  if (rule === 'silent') return command('SUCCESSFUL', deliveryId, deliveryId)
  const status = answer === 'unknown' && rules.unknown === 'pending' ? 'PENDING' : 'FAILED'
  return command(status, deliveryId, deliveryId, outcome.code)
}

/** For the log: the status in the response, or `error`. */
export function statusIn({ body }: HookAnswer): string {
  const { commands } = (body ?? {}) as Partial<ReturnType<typeof commandBody>>
  return commands?.[0]?.value[0]?.status ?? 'error'
}

/** Okta's error object, for a request that is not answered with a command. */
export function answerError(code: ReasonCode, deliveryId?: string): HookAnswer {
  const { answer, meaning, remedy, ...rest } = reasons[code]
  const summary = answer === 'over-limit' ? WAIT : SUMMARY
  // A person who is refused must not learn why, nor which limit was exceeded.
  const safe = answer === 'over-limit' ? 'TOO_MANY' : answer === 'blocked' ? 'BLOCKED' : undefined
  const cause = {
    errorSummary: safe === undefined ? `${meaning} ${remedy}` : summary,
    reason: safe ?? code,
    locationType: 'body',
    ...('location' in rest && { location: rest.location }),
    domain: 'external-service',
  }
  return {
    httpStatus: answer !== 'unreadable' ? 200 : code === 'BODY_TOO_LARGE' ? 413 : 400,
    body: {
      error: { errorSummary: summary, errorCauses: [cause] },
      debugContext: debugContext(deliveryId, code),
    },
  }
}

function command(
  status: 'SUCCESSFUL' | 'PENDING' | 'FAILED',
  transactionId: string,
  transactionMetadata: string,
  code?: ReasonCode,
): HookAnswer {
  return {
    httpStatus: 200,
    body: {
      ...commandBody({ status, provider: PROVIDER, transactionId, transactionMetadata }),
      ...(code !== undefined && { debugContext: debugContext(transactionMetadata, code) }),
    },
  }
}

function commandBody<Value extends { readonly status: string }>(value: Value) {
  return { commands: [{ type: 'com.okta.telephony.action', value: [value] }] }
}

/** Okta copies it into its System Log (`inline_hook.response.processed`), where administrators look. */
function debugContext(deliveryId: string | undefined, code: ReasonCode): object {
  return { ...(deliveryId !== undefined && { deliveryId }), code, meaning: reasons[code].meaning }
}

// Okta may show these to end users, so they are generic.
const SUMMARY = 'The code could not be sent.'
const WAIT = 'Too many codes were requested. Please wait a few minutes, then try again.'
