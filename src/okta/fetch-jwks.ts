import type { KeySource } from './signing-keys.ts'

/** GETs an authorization server's keys over HTTP(S). No redirects; at most 100 KB. */
export function jwksFetcher(issuer: string): KeySource['fetchJwks'] {
  const url = `${issuer.replace(/\/$/, '')}/v1/keys`
  return async signal => {
    const response = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } })
    if (!response.ok) throw new Error(`${url} answered HTTP ${response.status}; expected 200`)
    const text = await response.text()
    if (text.length > 100_000) throw new Error(`${url} answered ${text.length} characters; expected a JWKS`)
    const maxAge = /max-age=(\d+)/.exec(response.headers.get('cache-control') ?? '')?.[1]
    return { jwks: JSON.parse(text), ...(maxAge !== undefined && { maxAgeSeconds: Number(maxAge) }) }
  }
}
