import { startClock, systemClock } from '../../adapters/node/system-clock.ts'
import { writeVerifiedClient } from '../../http/verified-client.ts'
import { startAuthentication } from './authenticate.ts'
import { logWithMetrics } from './lambda-process.ts'

/** A request of a TOKEN authorizer: the content of one header, and the ARN of the method. */
type AuthorizerEvent = { readonly authorizationToken: string; readonly methodArn: string }

const IDENTIFY_MS = 1_500

const { settings, identify } = await startAuthentication(startClock(logWithMetrics, true).steadyNow)
/** The header that the gateway passes on (infra/parts/api.ts). */
const header = (settings.secretHeader ?? 'authorization').toLowerCase()

/** Authenticates the caller. API Gateway caches the answer as long as the deployment says. */
export async function handler({ authorizationToken, methodArn }: AuthorizerEvent): Promise<object> {
  const headerOf = (name: string): string | null =>
    name.toLowerCase() === header ? authorizationToken : null
  const caller = await identify(headerOf, systemClock.now(), systemClock.abortAfter(IDENTIFY_MS))
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
