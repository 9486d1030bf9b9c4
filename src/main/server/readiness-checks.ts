import { connect } from 'node:net'
import { systemClock } from '../../adapters/node/system-clock.ts'
import type { Settings } from '../../config/settings.ts'
import type { Clock } from '../../core/deliver/clock.ts'
import type { Store } from '../../core/records/store.ts'
import { onceIn, type ReadinessCheck } from '../../http/readiness.ts'
import type { AuthenticationMethods } from '../../okta/caller.ts'

/** Keys, store and carrier: what must be reached before requests make sense. Sends nothing. */
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

/** Its end shows at once; what reading does not show, a full disk, within five seconds. */
function storeCheck(
  store: Pick<Store, 'readPolicy' | 'checkWritable'>,
  clock: Pick<Clock, 'monotonic'>,
): ReadinessCheck {
  const checkWritable = onceIn(WRITTEN_EVERY_MS, clock, store.checkWritable)
  let version: number | undefined // known from the last time: the policy is not read again for this
  const check = async (): Promise<void> => {
    const [policy] = await Promise.all([store.readPolicy(version), checkWritable()])
    version = policy?.version ?? version
  }
  return { name: 'store', check, freshMs: STORE_FRESH_MS }
}

const WRITTEN_EVERY_MS = 5_000 // whoever asks, and however often
const STORE_FRESH_MS = 100

/** One org whose issuer is out of reach, or hangs, does not take the others' hook away. */
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
