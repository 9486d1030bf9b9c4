import { isLoopback } from '../../config/caller-problems.ts'
import { readBoundedText } from '../../core/values/bounded-text.ts'
import { Problem } from '../terminal/problem.ts'

/** How long Okta waits for an answer. */
const LIMIT_MS = 3_000
const ANSWER_MAX_BYTES = 100_000

/** The hook's address, as Okta accepts it: https; http only on this machine, and only for an org on this machine. */
export function readHookUrl(text: string, orgUrl: string, option = '--url'): string {
  const url = URL.parse(text)
  if (url === null || url.username !== '' || !/^https?:$/.test(url.protocol)) {
    throw new Problem(
      'usage',
      `${option} is "${text}"; expected the hook's address: https://example.com/mfa.`,
    )
  }
  const isStandIn = isLoopback(new URL(orgUrl))
  if (url.protocol === 'http:' && !(isLoopback(url) && isStandIn)) {
    throw new Problem('usage', `${option} is "${text}"; Okta calls https addresses only.`)
  }
  if (isLoopback(url) && !isStandIn) {
    throw new Problem('usage', `${option} is "${text}", which is this machine: ${orgUrl} cannot reach it.`)
  }
  return url.href
}

/** From this machine, as an unauthenticated caller: the hook must answer in time, over trusted TLS, and refuse the call. */
export async function checkHookUrl(url: string): Promise<void> {
  const status = await postUnauthenticated(url, LIMIT_MS).catch((error: unknown) => {
    throw new Problem('unreachable', `${url} ${whyNot(error)} Nothing was changed in Okta.`)
  })
  if (status === 401) return
  const answer = `${url} answered ${status} to a request without a token; a hook of Hookline answers 401.`
  if (status >= 300 && status < 400) {
    throw new Problem(
      'usage',
      `${answer} It redirects to another address, and Okta does not follow redirects. Give the final one.`,
    )
  }
  if (status === 404 || status === 405) {
    throw new Problem(
      'usage',
      `${answer} The path is wrong: HookUrl of \`hookline deploy\`, or /mfa of \`hookline serve\`.`,
    )
  }
  if (status < 300) {
    throw new Problem(
      'usage',
      `${answer} It accepts unauthenticated callers, or is not a hook of Hookline. Nothing was changed in Okta.`,
    )
  }
  throw new Problem('usage', `${answer} Check the deployment's log. Nothing was changed in Okta.`)
}

/** How the hook answers a request without a credential; redirects are not followed. Rejects with fetch's own errors. */
export async function postUnauthenticated(url: string, limitMs: number): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    body: '{}',
    headers: { 'Content-Type': 'application/json' },
    redirect: 'manual',
    signal: AbortSignal.timeout(limitMs),
  })
  // On AWS the firewall may answer first, with API Gateway's sentence for a blocked request.
  const isBlocked = response.status === 403 && /"The request was blocked\."/.test(await response.text())
  await response.body?.cancel()
  return isBlocked ? 401 : response.status
}

/** The issuer's metadata must name this issuer: the deployment compares tokens with it. */
export async function checkIssuer(issuer: string): Promise<void> {
  const address = `${issuer}/.well-known/oauth-authorization-server`
  let metadata: unknown
  try {
    const response = await fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(LIMIT_MS * 2) })
    if (!response.ok) throw new Error(`answered ${response.status}`)
    metadata = JSON.parse(await readBoundedText(response.body, ANSWER_MAX_BYTES))
  } catch (error) {
    throw new Problem('unreachable', `The issuer's metadata, ${address}: it ${whyNot(error)}`)
  }
  const { issuer: issuerFound, jwks_uri: keys } = metadata as {
    readonly issuer?: unknown
    readonly jwks_uri?: unknown
  }
  if (issuerFound !== issuer || typeof keys !== 'string') {
    throw new Problem(
      'usage',
      `The issuer's metadata, ${address}, names the issuer ${String(issuerFound)}; expected ${issuer}. Tokens would contain the first, and the deployment expects the second. Check the authorization server's issuer in Okta (Security > API).`,
    )
  }
}

function whyNot(error: unknown): string {
  if (!(error instanceof Error)) return `does not answer (${String(error)}).`
  if (error.name === 'TimeoutError') return 'did not answer in time: Okta waits 3 s.'
  const { code, message } = (error.cause ?? error) as { readonly code?: string; readonly message?: string }
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ALTNAME/.test(code ?? '')) {
    return `has a certificate that is not trusted (${code}). Okta requires a certificate of a public authority, for this name, with its chain.`
  }
  if (code === 'ENOTFOUND') return 'has no address in DNS (ENOTFOUND).'
  return `does not answer (${code ?? message ?? error.message}).`
}
