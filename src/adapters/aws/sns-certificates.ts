import { X509Certificate } from 'node:crypto'
import { untilAborted } from '../../core/deliver/deadline.ts'

export type Times = {
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly abortAfter: (ms: number) => AbortSignal
}

/** The certificate at an address that has been checked. Rejects if it cannot be fetched now. */
export type Certificates = (url: string, signal: AbortSignal) => Promise<X509Certificate>

/**
 * Caches certificates. Their address is part of the posted message, so fetching is limited: one fetch per address at a
 * time, four at once, ten seconds each, and no retry within a minute after a failure. After four failures within a
 * minute no new address is fetched. SNS posts again later, and cached certificates stay in use.
 */
export function keepCertificates(
  fetchText: (url: string, signal: AbortSignal) => Promise<string>,
  { now, abortAfter }: Times,
): Certificates {
  const known = new Map<string, X509Certificate>()
  const underWay = new Map<string, Promise<X509Certificate>>()
  let failures: readonly { readonly url: string; readonly at: number }[] = []

  const fetchOne = async (url: string): Promise<X509Certificate> => {
    try {
      const certificate = new X509Certificate(await fetchText(url, abortAfter(FETCH_MS)))
      if (known.size >= KNOWN_MAX) known.delete(known.keys().next().value ?? '')
      known.set(url, certificate)
      return certificate
    } catch (error) {
      failures = [{ url, at: now() }, ...failures].slice(0, FAILURES_MAX)
      throw error
    } finally {
      underWay.delete(url)
    }
  }
  return (url, signal) => {
    const certificate = known.get(url)
    if (certificate !== undefined) return Promise.resolve(certificate)
    const running = underWay.get(url)
    if (running !== undefined) return untilAborted(running, signal)
    failures = failures.filter(({ at }) => Math.abs(now() - at) < REMEMBERED_MS)
    if (failures.some(failure => failure.url === url)) return rejected('it could not be fetched a moment ago')
    if (failures.length >= FAILURES_MAX) return rejected('several could not be fetched a moment ago')
    if (underWay.size >= AT_ONCE_MAX) return rejected('too many others are being fetched')
    const fetching = fetchOne(url)
    underWay.set(url, fetching)
    return untilAborted(fetching, signal)
  }
}

function rejected(why: string): Promise<never> {
  return Promise.reject(new Error(`The SNS certificate was not fetched: ${why}.`))
}

const AT_ONCE_MAX = 4
const FAILURES_MAX = 4
const REMEMBERED_MS = 60_000
const FETCH_MS = 10_000
const KNOWN_MAX = 20
