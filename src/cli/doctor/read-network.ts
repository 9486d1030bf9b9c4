import { connect } from 'node:tls'
import { readBoundedText } from '../../core/values/bounded-text.ts'
import { postUnauthenticated } from '../okta/reach.ts'
import { Problem } from '../terminal/problem.ts'
import type { ClockReading, EndpointFact, IssuerFact } from './facts.ts'
import { readTexts } from './texts.ts'

/** Calls the hook without a credential: its answer, its speed, and how long its certificate is valid. */
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

function whyNot(error: unknown): string {
  if (!(error instanceof Error)) return readTexts.noAnswer(String(error))
  if (error.name === 'TimeoutError') return readTexts.timeout(PATIENCE_MS / 1000)
  const { code, message } = (error.cause ?? error) as { readonly code?: string; readonly message?: string }
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ALTNAME/.test(code ?? '')) {
    return readTexts.untrusted(code)
  }
  if (code === 'ENOTFOUND') return readTexts.notInDns
  return readTexts.noAnswer(code ?? message ?? error.message)
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

/** Reads the issuer's name from its metadata, and how many of its keys can verify tokens. */
export async function readIssuer(expected: string): Promise<IssuerFact> {
  const metadata = (await getJson(`${expected}/.well-known/oauth-authorization-server`)) as {
    readonly issuer?: unknown
  }
  const { keys } = (await getJson(`${expected}/v1/keys`)) as { readonly keys?: unknown }
  return {
    expected,
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
  throw new Problem('unreachable', readTexts.notMetadata(url, response.ok ? undefined : response.status))
}

function isUsable(key: unknown): boolean {
  const { kty, use = 'sig' } = (key ?? {}) as { readonly kty?: unknown; readonly use?: unknown }
  return kty === 'RSA' && use === 'sig'
}

const ANSWER_MAX_BYTES = 100_000

/** Reads other clocks from the Date of answers. Addresses that do not answer are left out. */
export async function readClocks(
  addresses: readonly { readonly who: string; readonly url: string }[],
  now: () => number,
): Promise<readonly ClockReading[]> {
  const read = await Promise.all(addresses.map(address => readClock(address, now)))
  const clocks = read.filter(one => one !== undefined)
  if (clocks.length > 0) return clocks
  throw new Problem('unreachable', readTexts.noClock(addresses.map(({ who }) => who)))
}

async function readClock(
  { who, url }: { readonly who: string; readonly url: string },
  now: () => number,
): Promise<ClockReading | undefined> {
  const askedAt = now()
  const date = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) }).then(
    async response => {
      await response.body?.cancel()
      return Date.parse(response.headers.get('date') ?? '')
    },
    () => Number.NaN, // reported by the check that needs the answer
  )
  // A Date has whole seconds, so on average it is half a second behind.
  return Number.isNaN(date) ? undefined : { who, aheadMs: date + 500 - (askedAt + now()) / 2 }
}
