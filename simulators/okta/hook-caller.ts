import type { AccessTokens } from './access-tokens.ts'
import type { CallOrder } from './call-order.ts'
import { type CallResult, exchangeWithHook, type HookExchangeOptions, lastCalls } from './hook-exchange.ts'
import { hookRequest, type Org } from './hook-request.ts'
import type { Poster } from './post.ts'

export type { CallResult } from './hook-exchange.ts'

/** A header that replaces the access token: Okta's hook authentication of type HTTP. */
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
  /** Acts as Okta when a user requests a code: one call of the hook, never repeated. */
  readonly call: (hookUrl: string, order: CallOrder) => Promise<CallResult>
  /** The last 200 calls in the order in which they ended. They contain codes, but no token. */
  readonly calls: () => readonly CallResult[]
}

export function hookCaller(options: HookCallerOptions): HookCaller {
  const { limitMs, org, poster } = options
  const results = lastCalls()
  return {
    async call(url, order) {
      const sent = hookRequest(order, org, new Date())
      const credential = credentialOf(options, order)
      const { result } = await exchangeWithHook(sent, { url, credential, poster, limitMs })
      return results.add(result)
    },
    calls: results.all,
  }
}

function credentialOf(
  { secretHeader, tokens }: HookCallerOptions,
  order: CallOrder,
): HookExchangeOptions['credential'] {
  return async () => {
    if (secretHeader) return { kind: 'header', ...secretHeader }
    const answer = order.fresh ? await tokens.fetch() : await tokens.get()
    if (answer.kind === 'no-token') return answer
    return { kind: 'header', name: 'Authorization', value: `Bearer ${answer.accessToken}` }
  }
}
