import { isIPv6 } from 'node:net'
import { Problem } from '../../cli/terminal/problem.ts'
import type { Environment } from '../../config/environment.ts'
import { readSettings } from '../../config/settings.ts'
import { messageOf } from '../../core/values/printable.ts'

/**
 * `hookline healthz`: checks that the server with these settings answers, on this machine. For the health check of a
 * container without other programs. Rejects with a problem if it does not answer within two seconds.
 */
export async function askHealth(environment: Environment): Promise<void> {
  const read = readSettings(environment)
  if (read.kind === 'problems') throw new Problem('settings', read.problems.join('\n'))
  const { host, port } = read.settings.server
  const url = `${ownUrl(host, port)}/healthz`
  const answered = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(LIMIT_MS) }).catch(
    (error: unknown) => {
      throw new Problem('unreachable', `${url} does not answer: ${messageOf(error)}`)
    },
  )
  await answered.body?.cancel()
  if (!answered.ok) throw new Problem('unreachable', `${url} answered with HTTP ${answered.status}`)
}

/** A server that listens on all addresses is called on loopback. */
export function ownUrl(host: string, port: number): string {
  const address = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${isIPv6(address) ? `[${address}]` : address}:${port}`
}

const LIMIT_MS = 2_000
