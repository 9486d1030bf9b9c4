import { connect } from 'node:net'
import type { Settings } from '../config/settings.ts'
import type { Store } from '../core/store.ts'
import type { ReadinessCheck } from '../http/readiness.ts'
import type { WaysIn } from '../okta/asker.ts'

/** Keys, store and carrier: what must be reached before requests make sense. Sends nothing. */
export function readinessChecks(
  settings: Settings,
  { tokens }: WaysIn,
  store: Store,
): readonly ReadinessCheck[] {
  const carrier = new URL(
    settings.AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2 ??
      `https://sms-voice.${settings.AWS_REGION}.amazonaws.com`,
  )
  const port = Number(carrier.port || (carrier.protocol === 'https:' ? 443 : 80))
  return [
    ...(tokens.length === 0 ? [] : [{ name: 'keys', check: anyKeys(tokens) }]),
    { name: 'store', check: async () => void (await store.readPolicy()) },
    { name: 'carrier', check: signal => canConnect(carrier.hostname.replace(/^\[|\]$/g, ''), port, signal) },
  ]
}

/** One org whose issuer is out of reach, or hangs, does not take the others' hook away. */
function anyKeys(tokens: WaysIn['tokens']): ReadinessCheck['check'] {
  return async signal => {
    await Promise.any(tokens.map(({ keys }) => keys.warm(signal))).catch((error: AggregateError) => {
      throw new Error(error.errors.map(String).join('; '))
    })
  }
}

function canConnect(host: string, port: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.destroy()
      resolve()
    })
  })
}
