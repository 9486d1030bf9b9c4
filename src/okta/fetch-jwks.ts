import type { KeySource } from './signing-keys.ts'

/** GETs a document over HTTP(S), without following redirects. Rejects when there is no answer. */
export type Get = (
  url: string,
  signal: AbortSignal,
) => Promise<{ readonly status: number; readonly cacheControl: string; readonly text: string }>

/** GETs an authorization server's keys. At most 100 KB. */
export function jwksFetcher(issuer: string, get: Get = getByFetch): KeySource['fetchJwks'] {
  const url = `${issuer.replace(/\/$/, '')}/v1/keys`
  return async signal => {
    const { status, cacheControl, text } = await get(url, signal)
    if (status !== 200) throw new Error(`${url} answered HTTP ${status}; expected 200`)
    if (text.length > 100_000) throw new Error(`${url} answered ${text.length} characters; expected a JWKS`)
    const maxAge = /max-age=(\d+)/.exec(cacheControl)?.[1]
    return { jwks: JSON.parse(text), ...(maxAge !== undefined && { maxAgeSeconds: Number(maxAge) }) }
  }
}

async function getByFetch(url: string, signal: AbortSignal): ReturnType<Get> {
  const response = await fetch(url, { signal, redirect: 'manual', headers: { accept: 'application/json' } })
  const cacheControl = response.headers.get('cache-control') ?? ''
  return { status: response.status, cacheControl, text: await response.text() }
}
