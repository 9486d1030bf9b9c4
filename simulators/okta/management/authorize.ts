import type { OrgState } from './org-state.ts'
import { type Answer, forbidden, oktaError } from './route.ts'

/** The OAuth scope that each part of the API requires; the first match applies. */
const SCOPES: readonly (readonly [RegExp, string])[] = [
  [/^\/api\/v1\/hook-keys/, 'okta.inlineHooks'],
  [/^\/api\/v1\/inlineHooks/, 'okta.inlineHooks'],
  [/^\/api\/v1\/eventHooks/, 'okta.eventHooks'],
  [/^\/api\/v1\/apps/, 'okta.apps'],
  [/^\/api\/v1\/authorizationServers/, 'okta.authorizationServers'],
  [/^\/api\/v1\/authenticators/, 'okta.authenticators'],
  [/^\/api\/v1\/policies/, 'okta.policies'],
  [/^\/api\/v1\/telephony-providers/, 'okta.customTelephonyProvider'],
  [/^\/api\/v1\/logs/, 'okta.logs'],
  [/^\/api\/v1\/api-tokens/, 'okta.apiTokens'],
  [/^\/api\/v1\/users/, 'okta.users'],
  [/^\/api\/v1\/org/, 'okta.orgs'],
]

export type Asked = { readonly header: string | undefined; readonly method: string; readonly path: string }

/** Undefined if this credential may do this, or Okta's refusal. */
export async function refusal(
  org: OrgState,
  { header = '', method, path }: Asked,
  scopesOf: (token: string) => Promise<readonly string[] | undefined>,
): Promise<Answer | undefined> {
  const [, scheme, secret = ''] = /^(SSWS|Bearer) (.+)$/.exec(header) ?? []
  if (scheme === 'SSWS') {
    return [...org.apiTokens.values()].some(token => token.secret === secret) ? undefined : unauthenticated()
  }
  const scopes = scheme === 'Bearer' ? await scopesOf(secret) : undefined
  if (!scopes) return unauthenticated()
  const needed = SCOPES.find(([pattern]) => pattern.test(path))?.[1]
  const enough = method === 'GET' ? [`${needed}.read`, `${needed}.manage`] : [`${needed}.manage`]
  return needed === undefined || enough.some(scope => scopes.includes(scope)) ? undefined : forbidden()
}

function unauthenticated(): Answer {
  return oktaError(401, 'E0000011', 'Invalid token provided')
}
