import { httpsGet } from '../../adapters/node/https-get.ts'
import { startClock, systemClock } from '../../adapters/node/system-clock.ts'
import { callers, missingForCallers } from '../../config/callers.ts'
import { readGroup } from '../../config/setting.ts'
import { untilAborted } from '../../core/deliver/deadline.ts'
import { writeVerifiedClient } from '../../http/verified-client.ts'
import { identifyCaller } from '../../okta/caller.ts'
import { authenticationMethods } from '../authentication-methods.ts'
import { secretReader } from '../aws-calls.ts'
import { lambdaAws } from './lambda-aws.ts'
import { logWithMetrics, usable, withSecretSettings } from './lambda-process.ts'

/** A request of a TOKEN authorizer: the content of one header, and the ARN of the method. */
type AuthorizerEvent = { readonly authorizationToken: string; readonly methodArn: string }

const IDENTIFY_MS = 1_500
/**
 * Maximum milliseconds that a request waits for keys that it does not need. A fetch usually takes a tenth of a second.
 */
const OTHER_KEYS_MS = 400

const readSecret = secretReader(process.env.AWS_REGION, lambdaAws)
const values = usable(readGroup(callers, await withSecretSettings(process.env, readSecret)))
usable({ values, problems: missingForCallers(values) })
const methods = authenticationMethods(values, startClock(logWithMetrics, true).steadyNow, httpsGet)
/** The header that the gateway passes on (infra/parts/api.ts). */
const header = (values.secretHeader ?? 'authorization').toLowerCase()
// Keys are fetched before the first request. If that fails or takes long, the first request waits only for its own.
const warming = systemClock.abortAfter(OTHER_KEYS_MS)
await Promise.allSettled(methods.tokens.map(({ keys }) => keys.warm(warming)))

/** Authenticates the caller. API Gateway caches the answer as long as the deployment says. */
export async function handler({ authorizationToken, methodArn }: AuthorizerEvent): Promise<object> {
  const { now, abortAfter } = systemClock
  const headerOf = (name: string): string | null =>
    name.toLowerCase() === header ? authorizationToken : null
  const caller = await identifyCaller(headerOf, methods, now(), abortAfter(IDENTIFY_MS))
  // An issuer that hangs delays a request no longer than this. Its fetch is abandoned, and tried again after ten
  // seconds.
  const idle = Promise.all(methods.tokens.map(({ keys }) => keys.idle()))
  await untilAborted(idle, abortAfter(OTHER_KEYS_MS)).catch(() => undefined)
  if (caller.kind === 'unauthenticated') {
    logWithMetrics({ step: 'caller', outcome: caller.code, org: caller.org })
    throw new Error('Unauthorized') // API Gateway answers 401 to this message
  }
  return {
    principalId: caller.name,
    context: writeVerifiedClient(caller),
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: everyPost(methodArn) }],
    },
  }
}

/** The answer is cached for the whole stage, so it must not depend on the path of the first request. */
function everyPost(methodArn: string): string {
  const [api = '', stage = ''] = methodArn.split('/')
  return `${api}/${stage}/POST/*`
}
