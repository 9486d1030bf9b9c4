import { httpsGet } from '../../adapters/node/https-get.ts'
import { systemClock } from '../../adapters/node/system-clock.ts'
import { type CallerSettings, callers, missingForCallers } from '../../config/callers.ts'
import { hookSecretId } from '../../config/secret-id.ts'
import { readGroup } from '../../config/setting.ts'
import type { TimeLimit } from '../../core/deliver/clock.ts'
import { untilAborted } from '../../core/deliver/deadline.ts'
import type { HookCall } from '../../http/hook.ts'
import { type Caller, identifyCaller } from '../../okta/caller.ts'
import { authenticationMethods } from '../authentication-methods.ts'
import { secretReader } from '../aws-calls.ts'
import { lambdaAws } from './lambda-aws.ts'
import { usable, withSecretSettings } from './lambda-process.ts'

export type Authentication = {
  readonly settings: CallerSettings
  /** Who calls. The rules are those of the server (`okta/caller.ts`). */
  readonly identify: (header: HookCall['header'], now: number, signal: TimeLimit) => Promise<Caller>
}

/**
 * How a function authenticates callers: by the settings in its environment and in the secret that it names. The issuers' keys
 * are fetched before the first request. If that fails or takes long, the first request waits only for its own.
 */
export async function startAuthentication(steadyNow: () => number): Promise<Authentication> {
  const readSecret = secretReader(process.env.AWS_REGION, lambdaAws)
  const environment = await withSecretSettings(process.env, readSecret, [hookSecretId])
  const settings = usable(readGroup(callers, environment))
  usable({ values: settings, problems: missingForCallers(settings) })
  const methods = authenticationMethods(settings, steadyNow, httpsGet)
  const keys = methods.tokens.map(token => token.keys)
  const warming = systemClock.abortAfter(OTHER_KEYS_MS)
  await Promise.allSettled(keys.map(one => one.warm(warming)))

  return {
    settings,
    identify: async (header, now, signal) => {
      const caller = await identifyCaller(header, methods, now, signal)
      // A function is frozen after its answer, and would lose a fetch in the background. One that hangs delays a request no
      // longer than this; it is abandoned, and tried again after ten seconds.
      const idle = untilAborted(
        Promise.all(keys.map(one => one.idle())),
        systemClock.timeLimit(OTHER_KEYS_MS),
      )
      await untilAborted(idle, signal).catch(() => undefined)
      return caller
    },
  }
}

/** Maximum milliseconds that a request waits for keys that it does not need. A fetch usually takes a tenth of a second. */
const OTHER_KEYS_MS = 400
