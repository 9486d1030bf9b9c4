import { connect } from 'node:net'
import { systemClock } from '../../adapters/node/system-clock.ts'
import type { Settings } from '../../config/settings.ts'
import type { Clock } from '../../core/deliver/clock.ts'
import type { Store } from '../../core/records/store.ts'
import { onceIn, type ReadinessCheck } from '../../http/readiness.ts'
import type { AuthenticationMethods } from '../../okta/caller.ts'

/** Keys, store and carrier: without them, requests cannot succeed. Sends nothing. */
export function readinessChecks(
  { aws }: Settings,
  { tokens }: Pick<AuthenticationMethods, 'tokens'>,
  store: Pick<Store, 'readPolicy' | 'checkWritable'>,
  clock: Pick<Clock, 'monotonic'> = systemClock,
): readonly ReadinessCheck[] {
  const carrier = new URL(aws.endpoint ?? `https://sms-voice.${aws.region}.amazonaws.com`)
  const port = Number(carrier.port || (carrier.protocol === 'https:' ? 443 : 80))
  return [
    ...(tokens.length === 0 ? [] : [{ name: 'keys', check: anyKeys(tokens) }]),
    storeCheck(store, clock),
    { name: 'carrier', check: signal => canConnect(carrier.hostname.replace(/^\[|\]$/g, ''), port, signal) },
  ]
}

/** A lost store is noticed at once, and a full disk, which reading does not reveal, within five seconds. */
function storeCheck(
  store: Pick<Store, 'readPolicy' | 'checkWritable'>,
  clock: Pick<Clock, 'monotonic'>,
): ReadinessCheck {
  const checkWritable = onceIn(WRITTEN_EVERY_MS, clock, store.checkWritable)
  let version: number | undefined // the version of the last check, so that the policy is not read again
  const check = async (): Promise<void> => {
    const [policy] = await Promise.all([store.readPolicy(version), checkWritable()])
    version = policy?.version ?? version
  }
  return { name: 'store', check, freshMs: STORE_FRESH_MS }
}

const WRITTEN_EVERY_MS = 5_000 // however often the check runs
const STORE_FRESH_MS = 100

/** One org with an unreachable issuer does not make the hook unready for the others. */
function anyKeys(tokens: AuthenticationMethods['tokens']): ReadinessCheck['check'] {
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
