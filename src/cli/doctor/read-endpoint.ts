import { connect } from 'node:tls'
import { postUnauthenticated } from '../okta/reach.ts'
import { Problem } from '../terminal/problem.ts'
import type { EndpointFact } from './facts.ts'

/** The hook from here, as an unauthenticated caller: how it turns us away, how fast, and how long its certificate is good. */
export async function readEndpoint(url: string): Promise<EndpointFact> {
  const status = await post(url) // opens the connection
  const tookMs: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now()
    await post(url)
    tookMs.push(performance.now() - began)
  }
  const { protocol, hostname, port } = new URL(url)
  const certificate = protocol === 'https:' ? await readCertificate(hostname, Number(port || 443)) : undefined
  return { url, status, tookMs, certificate }
}

function post(url: string): Promise<number> {
  return postUnauthenticated(url, PATIENCE_MS).catch((error: unknown) => {
    throw new Problem('unreachable', `${url} ${whyNot(error)}`)
  })
}

export function whyNot(error: unknown): string {
  if (!(error instanceof Error)) return `does not answer (${String(error)}).`
  if (error.name === 'TimeoutError')
    return `did not answer in ${PATIENCE_MS / 1000} s. Look at what is in between: a firewall, a proxy, a VPN.`
  const { code, message } = (error.cause ?? error) as { readonly code?: string; readonly message?: string }
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ALTNAME/.test(code ?? '')) {
    return `has a certificate that is not trusted (${code}). Okta wants one of a public authority, for this name, with its chain.`
  }
  if (code === 'ENOTFOUND') return 'has no address in DNS (ENOTFOUND). Is the name spelled right?'
  return `does not answer (${code ?? message ?? error.message}). Does the program run, and is this its address?`
}

function readCertificate(host: string, port: number): Promise<{ readonly daysLeft: number }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, servername: host })
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('did not answer in time')))
    socket.once('error', reject)
    socket.once('secureConnect', () => {
      const { valid_to: until } = socket.getPeerCertificate()
      socket.destroy()
      resolve({ daysLeft: (Date.parse(until) - Date.now()) / DAY_MS })
    })
  })
}

const ROUNDS = 3
const PATIENCE_MS = 10_000
const DAY_MS = 86_400_000
