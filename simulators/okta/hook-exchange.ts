import type { TokenAnswer } from './access-tokens.ts'
import type { Posted, Poster } from './post.ts'
import { type HookExchange, type Verdict, verdict } from './verdict.ts'

/** One call of the hook and its result. */
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
  /** How long it took to get the access token; almost nothing if it was cached. */
  readonly tokenMs: number
  readonly hookMs: number
  readonly totalMs: number
  readonly verdict: Verdict
}

/** The credential with which Okta calls the hook. */
type Credential = { readonly kind: 'header'; readonly name: string; readonly value: string }

export type HookExchangeOptions = {
  readonly url: string
  /** Headers in addition to Okta's own. */
  readonly headers?: Readonly<Record<string, string>>
  readonly credential: () => Promise<Credential | Exclude<TokenAnswer, { kind: 'token' }>>
  readonly poster: Poster
  /** From the start of the token request to the end of the answer. */
  readonly limitMs: number
  /** Whether Okta has its own telephony. Default: yes. */
  readonly hasProvider?: boolean
}

/** A call and its state. */
export type HookExchanged = { readonly result: CallResult; readonly reached: HookExchange['kind'] }

/** Posts this body to the hook once, with its credential, and evaluates the answer as Okta does. */
export async function exchangeWithHook(
  sent: Readonly<Record<string, unknown>>,
  options: HookExchangeOptions,
): Promise<HookExchanged> {
  const { limitMs, url } = options
  const startedAt = performance.now()
  const deadline = deadlineAfter(limitMs)
  try {
    const credential = await Promise.race([options.credential(), deadline.passed])
    const tokenMs = performance.now() - startedAt
    const exchange = await exchangeOnce()
    const totalMs = performance.now() - startedAt
    const result = {
      eventId: sent.eventId,
      sent,
      ...whatCameBack(exchange),
      tokenMs: tenths(tokenMs),
      hookMs: tenths(totalMs - tokenMs),
      totalMs: tenths(totalMs),
      verdict: verdict(exchange.judged, limitMs, options.hasProvider),
    }
    return { result, reached: exchange.judged.kind }

    async function exchangeOnce(): Promise<Exchange> {
      if (credential.kind !== 'header') return { judged: credential }
      const { name, value } = credential
      const headers = {
        ...options.headers,
        Accept: 'application/json',
        'Content-Type': 'application/json',
        [name]: value,
      }
      return readExchange(
        await options.poster.post({ url, headers, body: JSON.stringify(sent), signal: deadline.signal }),
      )
    }
  } finally {
    deadline.stop()
  }
}

/** An exchange as input of the verdict, with the text of the body. */
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

/** One time limit for the token and the hook: the hook has what the token request leaves. */
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

export type LastCalls = {
  /** Stores the call and returns it. */
  readonly add: (result: CallResult) => CallResult
  /** In the order in which they ended. They contain codes, but no token. */
  readonly all: () => readonly CallResult[]
}

const CALLS_KEPT_MAX = 200

/** The last 200 calls of the hook. */
export function lastCalls(): LastCalls {
  const results: CallResult[] = []
  return {
    add(result) {
      results.push(result)
      if (results.length > CALLS_KEPT_MAX) results.shift()
      return result
    },
    all: () => [...results],
  }
}
