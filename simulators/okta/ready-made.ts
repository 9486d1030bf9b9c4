import { accessTokens } from './access-tokens.ts'
import { defaultServer } from './authorization-server.ts'
import { hookCaller } from './hook-caller.ts'
import { newOrg } from './hook-request.ts'
import type { OktaOptions } from './okta.ts'
import type { Poster } from './post.ts'
import { newServiceClient } from './service-client.ts'
import type { Side, SideOptions } from './side.ts'
import { fixedPolicy } from './token-policy.ts'

const AUDIENCE = 'api://default'
const SCOPE = 'telephony.send'

/** One client with one scope, and a hook wherever it is said to be: nothing to set up, and nothing to get wrong. */
export async function readyMade(
  options: OktaOptions,
  { url, limitMs }: SideOptions,
  poster: Poster,
): Promise<Side> {
  const client = await newServiceClient()
  const { tokenUrl } = defaultServer(url)
  const tokens = accessTokens({ tokenUrl, scope: SCOPE, client, poster, limitMs, now: Date.now })
  const secret = options.secretHeader && { secretHeader: options.secretHeader }
  const caller = hookCaller({ org: newOrg(url), tokens, poster, limitMs, ...secret })
  let hookUrl = options.hookUrl

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
  }
}
