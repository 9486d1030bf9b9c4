import { isObject } from './call-order.ts'
import type { Posted } from './post.ts'

/** The hook's response, with its body parsed if it is JSON. */
export type HookExchange =
  | { readonly kind: 'answered'; readonly httpStatus: number; readonly answer: unknown }
  | Exclude<Posted, { kind: 'answered' }>
  /** There was no access token for the call. */
  | { readonly kind: 'no-token'; readonly reason: string }
  /** Fetching the access token took all the time. */
  | { readonly kind: 'token-too-late' }

export type Verdict = {
  /**
   * `delivered-by-hook`: Okta takes the code as delivered. `pending`: the hook could not confirm it; Okta does not
   * document what happens then. `okta-sends-itself`: Okta sends the code with its own provider. `nothing-sent`: the org
   * has no such provider, so no code is sent.
   */
  readonly kind: 'delivered-by-hook' | 'pending' | 'okta-sends-itself' | 'nothing-sent'
  /** A sentence for people, with the reason. */
  readonly sentence: string
}

/**
 * What Okta does after this exchange with the hook. Strict: an answer that Okta's reference does not allow counts as
 * malformed. `hasProvider`: whether the org still has Okta's own telephony; Okta switches it off on request.
 */
export function verdict(exchange: HookExchange, limitMs: number, hasProvider = true): Verdict {
  const judged = judge(exchange, limitMs)
  if ('kind' in judged) return judged
  return oktaGoesOn(judged.reason, hasProvider)
}

/** The hook did not send the code, so Okta does, if it can. */
export function oktaGoesOn(reason: string, hasProvider: boolean): Verdict {
  return hasProvider
    ? { kind: 'okta-sends-itself', sentence: `Okta would now send with its own provider, because ${reason}.` }
    : {
        kind: 'nothing-sent',
        sentence: `No code is sent: Okta has no provider of its own in this org, and ${reason}.`,
      }
}

/** With a reason, Okta sends with its own provider. */
type Judged = Verdict | { readonly reason: string }

function judge(exchange: HookExchange, limitMs: number): Judged {
  switch (exchange.kind) {
    case 'no-token':
      return oktaSends(`it has no access token to call the hook with: ${exchange.reason}`)
    case 'token-too-late':
      return oktaSends(`fetching the access token took the whole ${duration(limitMs)}`)
    case 'timed-out':
      return oktaSends(`the hook did not answer within ${duration(limitMs)}`)
    case 'unreachable':
      return oktaSends(`the hook cannot be reached (${exchange.detail})`)
    case 'broken':
      return oktaSends(`the connection to the hook broke before the answer was complete (${exchange.detail})`)
    case 'too-large':
      return oktaSends('the answer of the hook is not under 256 KB')
    case 'answered':
      return judgeStatus(exchange.httpStatus) ?? judgeAnswer(exchange.answer)
  }
}

function judgeStatus(httpStatus: number): Judged | undefined {
  if (httpStatus === 200) return undefined
  if (httpStatus >= 300 && httpStatus < 400) {
    return oktaSends(`the hook answered with a redirect (HTTP status ${httpStatus}), and Okta follows none`)
  }
  return oktaSends(`the hook answered with HTTP status ${httpStatus}, and Okta reads an answer only with 200`)
}

function judgeAnswer(answer: unknown): Judged {
  if (answer === undefined) return oktaSends('the answer of the hook is not JSON')
  if (!isObject(answer)) return oktaSends('the answer of the hook is not a JSON object')
  if (answer.debugContext !== undefined && !isObject(answer.debugContext)) {
    return oktaSends('`debugContext` is not an object')
  }
  if (answer.error !== undefined) return judgeError(answer.error)
  return judgeCommands(answer.commands)
}

function judgeError(error: unknown): Judged {
  if (!isObject(error)) return oktaSends('`error` is not an object')
  if (typeof error.errorSummary !== 'string' || error.errorSummary === '') {
    return oktaSends('`error.errorSummary` is not a text')
  }
  const causes = error.errorCauses ?? []
  if (!Array.isArray(causes) || !causes.every(isCause)) {
    return oktaSends('`error.errorCauses` is not a list of objects that hold texts')
  }
  // "OTP is sent … using an Okta telephony provider": the troubleshooting table of Okta's OpenAPI, 2024.06 to 2026.06.
  return oktaSends(`the answer is an error. The hook refused: "${error.errorSummary.replace(/\.$/, '')}"`)
}

function isCause(cause: unknown): boolean {
  return isObject(cause) && Object.values(cause).every(field => typeof field === 'string')
}

const ACTION = 'com.okta.telephony.action'

function judgeCommands(commands: unknown): Judged {
  if (commands === undefined) return oktaSends('the answer has neither `commands` nor `error`')
  if (!Array.isArray(commands) || commands.length === 0)
    return oktaSends('`commands` is not a list with a command')
  const [command]: unknown[] = commands
  if (!isObject(command)) return oktaSends('the command is not an object')
  if (command.type !== ACTION) {
    return oktaSends(`the type of the command is ${quoted(command.type)}, and Okta allows only ${ACTION}`)
  }
  if (!Array.isArray(command.value) || command.value.length === 0) {
    return oktaSends('`value` of the command is not a list with a value')
  }
  const [value]: unknown[] = command.value
  return isObject(value) ? judgeValue(value) : oktaSends('the value of the command is not an object')
}

const TEXTS = ['provider', 'transactionId', 'transactionMetadata']

function judgeValue(value: Record<string, unknown>): Judged {
  const { status } = value
  if (status !== 'SUCCESSFUL' && status !== 'PENDING' && status !== 'FAILED') {
    return oktaSends(`\`status\` is ${quoted(status)}, and Okta allows only SUCCESSFUL, PENDING and FAILED`)
  }
  const notText = TEXTS.find(name => value[name] !== undefined && typeof value[name] !== 'string')
  if (notText) return oktaSends(`\`${notText}\` is not a text`)

  if (status === 'FAILED') return oktaSends('the hook answered FAILED')
  const by = value.provider ? `by ${value.provider}` : 'by a provider that it does not name'
  const transaction = value.transactionId ? `transaction ${value.transactionId}` : 'without a transaction ID'
  return status === 'SUCCESSFUL'
    ? {
        kind: 'delivered-by-hook',
        sentence: `Okta accepts: the hook delivered the code ${by}, ${transaction}.`,
      }
    : {
        kind: 'pending',
        sentence: `The hook could not confirm the delivery yet (PENDING, ${by}, ${transaction}); Okta does not document what happens then.`,
      }
}

function oktaSends(reason: string): Judged {
  return { reason }
}

function quoted(value: unknown): string {
  return typeof value === 'string'
    ? `'${value.slice(0, 60)}'`
    : value === undefined
      ? 'missing'
      : 'not a text'
}

function duration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000} seconds` : `${ms} milliseconds`
}
