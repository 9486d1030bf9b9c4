import type { Outcome } from '../core/outcome.ts'
import { type ReasonCode, reasons } from '../core/reason.ts'
import type { Asker } from './asker.ts'

/** What Okta hears where the operator has a choice. */
export type AnswerRules = {
  /** A delivery that must not happen: `error` (default), `failed` (Okta sends by itself) or `silent`. */
  readonly blocked: 'error' | 'failed' | 'silent'
  /** No proof either way: `failed` (default; Okta sends by itself) or `pending`. */
  readonly unknown: 'failed' | 'pending'
}

/** An answer before it becomes HTTP: status and Okta's JSON; none for strangers. */
export type HookAnswer = { readonly httpStatus: number; readonly body: object | undefined }

const PROVIDER = 'AWS End User Messaging'

/** Who asked, where the answer may tell it. */
type Shown = Extract<Asker, { kind: 'asker' }>

/**
 * Puts an outcome into Okta's words. Business outcomes are always HTTP 200. A preview is shown who is asking, as it was
 * verified: there is no other way to see what Okta's access tokens say.
 */
export function answerOutcome(outcome: Outcome, rules: AnswerRules, preview?: Shown): HookAnswer {
  const answer = answerOf(outcome, rules)
  if (preview === undefined) return answer
  const body: { readonly debugContext?: object } = answer.body ?? {}
  return { ...answer, body: { ...body, debugContext: { ...body.debugContext, ...describeAsker(preview) } } }
}

function describeAsker({ name, claims }: Shown): object {
  if (claims === undefined) return { asker: name, wayIn: 'secret header' }
  const { issuer, audience, clientId, scopes, expires } = claims
  return {
    asker: name,
    wayIn: 'access token',
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
  if (answer === 'invalid' || (answer === 'must-not-send' && rules.blocked === 'error')) {
    return answerError(outcome.code, deliveryId)
  }
  // Silence looks exactly like success: the one who is blocked learns nothing.
  if (answer === 'must-not-send' && rules.blocked === 'silent')
    return command('SUCCESSFUL', deliveryId, deliveryId)
  const status = answer === 'unknown' && rules.unknown === 'pending' ? 'PENDING' : 'FAILED'
  return command(status, deliveryId, deliveryId, outcome.code)
}

/** Okta's error object for a request that is not answered by a command. */
export function answerError(code: ReasonCode, deliveryId?: string): HookAnswer {
  const { answer, meaning, remedy, ...rest } = reasons[code]
  const safe = answer === 'must-not-send' // whoever is blocked must not learn why
  const cause = {
    errorSummary: safe ? SUMMARY : `${meaning} ${remedy}`,
    reason: safe ? 'BLOCKED' : code,
    locationType: 'body',
    ...('location' in rest && { location: rest.location }),
    domain: 'external-service',
  }
  return {
    httpStatus: answer !== 'unreadable' ? 200 : code === 'BODY_TOO_LARGE' ? 413 : 400,
    body: {
      error: { errorSummary: SUMMARY, errorCauses: [cause] },
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
      commands: [
        {
          type: 'com.okta.telephony.action',
          value: [{ status, provider: PROVIDER, transactionId, transactionMetadata }],
        },
      ],
      ...(code !== undefined && { debugContext: debugContext(transactionMetadata, code) }),
    },
  }
}

/** Okta copies it into its System Log (`inline_hook.response.processed`): where administrators look. */
function debugContext(deliveryId: string | undefined, code: ReasonCode): object {
  return { ...(deliveryId !== undefined && { deliveryId }), code, meaning: reasons[code].meaning }
}

// May be shown to end users (Okta): generic.
const SUMMARY = 'The code could not be sent.'
