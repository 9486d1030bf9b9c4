import type { AccessTokens, TokenAnswer } from './access-tokens.ts'
import type { CallOrder } from './call-order.ts'
import { hookRequest, type Org } from './hook-request.ts'
import type { Posted, Poster } from './post.ts'
import { type HookExchange, type Verdict, verdict } from './verdict.ts'

/** One call of the hook, as it went. */
export type CallResult = {
  readonly eventId: unknown
  /** The request body. */
  readonly sent: Readonly<Record<string, unknown>>
  /** Missing if the hook did not answer. */
  readonly httpStatus?: number
  /** The answer's body, if it was JSON. */
  readonly answer?: unknown
  /** The answer's body, if it was not JSON. */
  readonly raw?: string
  /** What getting the access token took; next to nothing when it was at hand. */
  readonly tokenMs: number
  readonly hookMs: number
  readonly totalMs: number
  readonly verdict: Verdict
}

/** A header that takes the access token's place: Okta's hook authentication of type HTTP. */
export type SecretHeader = { readonly name: string; readonly value: string }

export type HookCallerOptions = {
  readonly org: Org
  readonly tokens: AccessTokens
  readonly poster: Poster
  readonly secretHeader?: SecretHeader
  /** Okta's 3,000: from the start of the token request to the end of the answer. */
  readonly limitMs: number
}

export type HookCaller = {
  /** Acts as Okta when somebody asks for a code: one call of the hook, never repeated. */
  readonly call: (hookUrl: string, order: CallOrder) => Promise<CallResult>
  /** The last 200 calls in the order in which they ended. They hold codes, and no token. */
  readonly calls: () => readonly CallResult[]
}

const CALLS_KEPT_MAX = 200

export function hookCaller(options: HookCallerOptions): HookCaller {
  const results: CallResult[] = []
  return {
    async call(hookUrl, order) {
      const result = await callHook(hookUrl, order, options)
      results.push(result)
      if (results.length > CALLS_KEPT_MAX) results.shift()
      return result
    },
    calls: () => [...results],
  }
}

async function callHook(url: string, order: CallOrder, options: HookCallerOptions): Promise<CallResult> {
  const { limitMs, org } = options
  const sent = hookRequest(order, org, new Date())
  const startedAt = performance.now()
  const deadline = deadlineAfter(limitMs)
  try {
    const credential = await Promise.race([credentialHeader(options, order), deadline.passed])
    const tokenMs = performance.now() - startedAt
    const exchange = await exchangeWithHook()
    const totalMs = performance.now() - startedAt
    return {
      eventId: sent.eventId,
      sent,
      ...whatCameBack(exchange),
      tokenMs: tenths(tokenMs),
      hookMs: tenths(totalMs - tokenMs),
      totalMs: tenths(totalMs),
      verdict: verdict(exchange.judged, limitMs),
    }

    async function exchangeWithHook(): Promise<Exchange> {
      if (credential.kind !== 'header') return { judged: credential }
      const { name, value } = credential
      const headers = { Accept: 'application/json', 'Content-Type': 'application/json', [name]: value }
      return readExchange(
        await options.poster.post({ url, headers, body: JSON.stringify(sent), signal: deadline.signal }),
      )
    }
  } finally {
    deadline.stop()
  }
}

type Credential = { readonly kind: 'header'; readonly name: string; readonly value: string }

async function credentialHeader(
  { secretHeader, tokens }: HookCallerOptions,
  order: CallOrder,
): Promise<Credential | Exclude<TokenAnswer, { kind: 'token' }>> {
  if (secretHeader) return { kind: 'header', ...secretHeader }
  const answer = order.fresh ? await tokens.fetch() : await tokens.get()
  if (answer.kind === 'no-token') return answer
  return { kind: 'header', name: 'Authorization', value: `Bearer ${answer.accessToken}` }
}

/** An exchange as the verdict wants it, and the body's text beside it. */
type Exchange = { readonly judged: HookExchange; readonly text?: string }

function readExchange(posted: Posted): Exchange {
  if (posted.kind !== 'answered') return { judged: posted }
  const { httpStatus, body } = posted
  return { judged: { kind: 'answered', httpStatus, answer: strictJson(body) }, text: body.toString('utf8') }
}

function strictJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body))
  } catch {
    return undefined
  }
}

function whatCameBack({ judged, text }: Exchange): Pick<CallResult, 'httpStatus' | 'answer' | 'raw'> {
  if (judged.kind === 'too-large') return { httpStatus: judged.httpStatus }
  if (judged.kind !== 'answered') return {}
  const { httpStatus, answer } = judged
  return answer === undefined ? { httpStatus, raw: text ?? '' } : { httpStatus, answer }
}

/** One clock for the token and the hook: what is left after the first is all that the second has. */
function deadlineAfter(ms: number) {
  const controller = new AbortController()
  const { promise: passed, resolve } = Promise.withResolvers<{ readonly kind: 'token-too-late' }>()
  const timer = setTimeout(() => {
    controller.abort()
    resolve({ kind: 'token-too-late' })
  }, ms)
  return { signal: controller.signal, passed, stop: () => clearTimeout(timer) }
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10
}
