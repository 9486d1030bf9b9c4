import { isObject } from './call-order.ts'
import type { Posted } from './post.ts'

/** What came back from the hook, with its body read as JSON if it was JSON. */
export type HookExchange =
  | { readonly kind: 'answered'; readonly httpStatus: number; readonly answer: unknown }
  | Exclude<Posted, { kind: 'answered' }>
  /** There was no access token to call the hook with. */
  | { readonly kind: 'no-token'; readonly why: string }
  /** Fetching the access token used up the time. */
  | { readonly kind: 'token-too-late' }

export type Verdict = {
  /**
   * `delivered-by-hook`: Okta takes the code as delivered. `pending`: the hook could not confirm it; what Okta does then
   * is unpublished. `okta-sends-itself`: Okta goes on with its own provider. `error-shown`: the hook refused; Okta's
   * pages disagree on what follows.
   */
  readonly kind: 'delivered-by-hook' | 'pending' | 'okta-sends-itself' | 'error-shown'
  /** The same for a person, with the reason. */
  readonly sentence: string
}

/** What Okta does after this exchange with the hook. Strict: what Okta's reference does not allow counts as malformed. */
export function verdict(exchange: HookExchange, limitMs: number): Verdict {
  switch (exchange.kind) {
    case 'no-token':
      return oktaSends(`it has no access token to call the hook with: ${exchange.why}`)
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

function judgeStatus(httpStatus: number): Verdict | undefined {
  if (httpStatus === 200) return undefined
  if (httpStatus >= 300 && httpStatus < 400) {
    return oktaSends(`the hook answered with a redirect (HTTP status ${httpStatus}), and Okta follows none`)
  }
  return oktaSends(`the hook answered with HTTP status ${httpStatus}, and Okta reads an answer only with 200`)
}

function judgeAnswer(answer: unknown): Verdict {
  if (answer === undefined) return oktaSends('the answer of the hook is not JSON')
  if (!isObject(answer)) return oktaSends('the answer of the hook is not a JSON object')
  if (answer.debugContext !== undefined && !isObject(answer.debugContext)) {
    return oktaSends('`debugContext` is not an object')
  }
  if (answer.error !== undefined) return judgeError(answer.error)
  return judgeCommands(answer.commands)
}

function judgeError(error: unknown): Verdict {
  if (!isObject(error)) return oktaSends('`error` is not an object')
  if (typeof error.errorSummary !== 'string' || error.errorSummary === '') {
    return oktaSends('`error.errorSummary` is not a text')
  }
  const causes = error.errorCauses ?? []
  if (!Array.isArray(causes) || !causes.every(isCause)) {
    return oktaSends('`error.errorCauses` is not a list of objects that hold texts')
  }
  const summary = error.errorSummary.replace(/\.$/, '')
  return {
    kind: 'error-shown',
    sentence: `The hook refused: "${summary}". Okta may show this to the user; Okta's pages say both that no code is then delivered and that Okta sends by its own provider.`,
  }
}

function isCause(cause: unknown): boolean {
  return isObject(cause) && Object.values(cause).every(field => typeof field === 'string')
}

const ACTION = 'com.okta.telephony.action'

function judgeCommands(commands: unknown): Verdict {
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

function judgeValue(value: Record<string, unknown>): Verdict {
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
        sentence: `The hook could not confirm the delivery yet (PENDING, ${by}, ${transaction}); what Okta does then is unpublished.`,
      }
}

function oktaSends(reason: string): Verdict {
  return {
    kind: 'okta-sends-itself',
    sentence: `Okta would now send by its own provider, because ${reason}.`,
  }
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
