import { readBoundedText } from '../core/values/bounded-text.ts'
import type { KeySource } from './signing-keys.ts'

/**
 * GETs a document over HTTP(S), without following redirects. Rejects when there is no answer, and as soon as it is longer
 * than `maxBytes`.
 */
export type Get = (
  url: string,
  maxBytes: number,
  signal: AbortSignal,
) => Promise<{ readonly status: number; readonly cacheControl: string; readonly text: string }>

/** GETs an authorization server's keys. At most 100 KB. */
export function jwksFetcher(issuer: string, get: Get = getByFetch): KeySource['fetchJwks'] {
  const url = `${issuer.replace(/\/$/, '')}/v1/keys`
  return async signal => {
    const { status, cacheControl, text } = await get(url, JWKS_MAX_BYTES, signal)
    if (status !== 200) throw new Error(`${url} answered HTTP ${status}; expected 200`)
    const maxAge = /max-age=(\d+)/.exec(cacheControl)?.[1]
    return { jwks: JSON.parse(text), ...(maxAge !== undefined && { maxAgeSeconds: Number(maxAge) }) }
  }
}

const JWKS_MAX_BYTES = 100_000

async function getByFetch(url: string, maxBytes: number, signal: AbortSignal): ReturnType<Get> {
  const response = await fetch(url, { signal, redirect: 'manual', headers: { accept: 'application/json' } })
  const cacheControl = response.headers.get('cache-control') ?? ''
  return { status: response.status, cacheControl, text: await readBoundedText(response.body, maxBytes) }
}
