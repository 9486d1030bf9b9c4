import { readBoundedText } from '../../core/values/bounded-text.ts'
import { Problem } from '../terminal/problem.ts'
import type { IssuerFact } from './facts.ts'
import { whyNot } from './read-endpoint.ts'

/** What an issuer says about itself, and how many keys of it can verify tokens. */
export async function readIssuer(asked: string): Promise<IssuerFact> {
  const metadata = (await getJson(`${asked}/.well-known/oauth-authorization-server`)) as {
    readonly issuer?: unknown
  }
  const { keys } = (await getJson(`${asked}/v1/keys`)) as { readonly keys?: unknown }
  return {
    asked,
    issuer: typeof metadata.issuer === 'string' ? metadata.issuer : undefined,
    keys: Array.isArray(keys) ? keys.filter(isUsable).length : 0,
  }
}

async function getJson(url: string): Promise<object> {
  const response = await fetch(url, {
    redirect: 'manual',
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch((error: unknown) => {
    throw new Problem('unreachable', `${url} ${whyNot(error)}`)
  })
  const json: unknown = await readBoundedText(response.body, ANSWER_MAX_BYTES)
    .then(JSON.parse)
    .catch(() => undefined)
  if (response.ok && typeof json === 'object' && json !== null) return json
  const what = response.ok ? 'something that is no JSON' : `HTTP ${response.status}`
  throw new Problem(
    'unreachable',
    `${url} answered ${what}. Take the issuer of the settings from the authorization server in Okta (Security > API), exactly as it is.`,
  )
}

function isUsable(key: unknown): boolean {
  const { kty, use = 'sig' } = (key ?? {}) as { readonly kty?: unknown; readonly use?: unknown }
  return kty === 'RSA' && use === 'sig'
}

const ANSWER_MAX_BYTES = 100_000
const PATIENCE_MS = 10_000
