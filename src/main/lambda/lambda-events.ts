import { reportFeedback } from '../../adapters/aws/message-feedback.ts'
import { keyedDigests } from '../../adapters/node/hash-key.ts'
import { systemClock } from '../../adapters/node/system-clock.ts'
import { aws } from '../../config/aws-settings.ts'
import { eventSecretProblems, events as eventSettings } from '../../config/event-settings.ts'
import { issuer } from '../../config/issuer.ts'
import { eventSecretId, secretId } from '../../config/secret-id.ts'
import { readGroups } from '../../config/setting.ts'
import { hashKeysOf, store as storeSettings } from '../../config/store-settings.ts'
import { Secret } from '../../core/values/secret.ts'
import { createEvents, EVENTS_MAX_BYTES } from '../../http/events.ts'
import { createMessageFeedback } from '../../http/message-feedback.ts'
import { type RestApiEvent, type RestApiResult, readRestApiEvent } from '../../http/rest-api.ts'
import { carrierOptions, secretReader, tableCall } from '../aws-calls.ts'
import { eventOrgs } from '../event-orgs.ts'
import { lambdaAws } from './lambda-aws.ts'
import { logWithMetrics, usable, withSecretSettings } from './lambda-process.ts'
import { ATTEMPT_MS, openAnswerTable } from './open-table.ts'

const readSecret = secretReader(process.env.AWS_REGION, lambdaAws)
const groups = { aws, callers: { issuer }, events: eventSettings, store: storeSettings }
const settings = usable(
  readGroups(groups, await withSecretSettings(process.env, readSecret, [secretId, eventSecretId])),
)
usable({ values: settings, problems: eventSecretProblems(settings.events) })
const store = openAnswerTable(settings, tableCall(settings.aws.region, lambdaAws, ATTEMPT_MS))
const events = createEvents({
  orgs: eventOrgs(settings),
  digests: keyedDigests(hashKeysOf(settings.store.hashKey ?? new Secret(''), settings.store)),
  store,
  feedback: settings.aws.messageFeedback
    ? createMessageFeedback({
        report: reportFeedback(carrierOptions(settings, lambdaAws, () => performance.now())),
        store,
        now: systemClock.now,
        record: logWithMetrics,
      })
    : undefined,
  clock: systemClock,
  record: logWithMetrics,
})

/** Handles one request of Okta's event hook. The gateway has no authorizer before it: the function compares the secret. */
export async function handler(event: RestApiEvent & { readonly httpMethod: string }): Promise<RestApiResult> {
  const { header, readBody } = readRestApiEvent(event, EVENTS_MAX_BYTES)
  const { httpStatus: statusCode, body } = await events({ method: event.httpMethod, header, readBody })
  return body === undefined
    ? { statusCode, headers: {}, body: '' }
    : { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}
