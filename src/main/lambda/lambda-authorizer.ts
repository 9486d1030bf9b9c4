import { httpsGet } from '../../adapters/node/https-get.ts'
import { startClock, systemClock } from '../../adapters/node/system-clock.ts'
import { askingFields, missingForAsking } from '../../config/asking-fields.ts'
import { readFields } from '../../config/field.ts'
import { untilAborted } from '../../core/deliver/deadline.ts'
import { writeVerifiedClient } from '../../http/verified-client.ts'
import { identifyCaller } from '../../okta/caller.ts'
import { authenticationMethods } from '../authentication-methods.ts'
import { cannotStart } from './cannot-start.ts'
import { logWithMetrics } from './lambda-log.ts'
import { withSecretSettings } from './secret-environment.ts'

/** A TOKEN authorizer's request: the content of one header, and what is asked for. */
type AuthorizerEvent = { readonly authorizationToken: string; readonly methodArn: string }

const IDENTIFY_MS = 1_500
/** As long as anybody waits for keys that his own request does not need. A fetch usually takes a tenth of a second. */
const OTHER_KEYS_MS = 400

const { values, problems } = readFields(askingFields, await withSecretSettings(process.env))
const wrong = problems.length > 0 ? problems : missingForAsking(values)
if (wrong.length > 0) throw cannotStart(wrong)
const ways = authenticationMethods(values, startClock(logWithMetrics, true).steadyNow, httpsGet)
/** The one that the gateway reads and hands over (infra/parts/api.ts). */
const header = (values.HOOKLINE_SECRET_HEADER ?? 'authorization').toLowerCase()
// Keys are there before the first request; where that fails, or takes long, the first request waits for its own.
const warming = systemClock.abortAfter(OTHER_KEYS_MS)
await Promise.allSettled(ways.tokens.map(({ keys }) => keys.warm(warming)))

/** Who is asking? API Gateway keeps the answer for as long as the deployment says. */
export async function handler({ authorizationToken, methodArn }: AuthorizerEvent): Promise<object> {
  const { now, abortAfter } = systemClock
  const given = (name: string): string | null => (name.toLowerCase() === header ? authorizationToken : null)
  const caller = await identifyCaller(given, ways, now(), abortAfter(IDENTIFY_MS))
  // An issuer that hangs costs nobody more than this: its fetch is lost, and tried again ten seconds later.
  const idle = Promise.all(ways.tokens.map(({ keys }) => keys.idle()))
  await untilAborted(idle, abortAfter(OTHER_KEYS_MS)).catch(() => undefined)
  if (caller.kind === 'unauthenticated') {
    logWithMetrics({ step: 'caller', outcome: caller.code, org: caller.org })
    throw new Error('Unauthorized') // API Gateway's word for 401
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

/** The answer is kept for the whole stage, so it must not depend on the path of the first request. */
function everyPost(methodArn: string): string {
  const [api = '', stage = ''] = methodArn.split('/')
  return `${api}/${stage}/POST/*`
}
