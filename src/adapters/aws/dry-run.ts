import {
  PinpointSMSVoiceV2Client,
  SendNotifyTextMessageCommand,
  SendTextMessageCommand,
} from '@aws-sdk/client-pinpoint-sms-voice-v2'
import type { DryRunAnswer } from '../../advice/coverage/dry-runs.ts'
import type { Attempt } from '../../core/deliver/ports.ts'
import { identityKind } from '../../core/policy/route.ts'
import { meaningOf } from './carrier-errors.ts'
import { type MessageParameters, notifyInput, textInput } from './send-message.ts'

/**
 * Texts that AWS checks but never sends: `DryRun` is always on here. Nothing is charged, so calls that fail to connect
 * or are throttled (five a second) are repeated. Rejects with AWS's own errors if they are not about the message but
 * about credentials, region or network.
 */
export function createDryRuns(options: MessageParameters & { readonly region: string | undefined }) {
  const clients = new Map<string, PinpointSMSVoiceV2Client>() // as many as regions in the routes
  const clientOf = (region: string | undefined): PinpointSMSVoiceV2Client => {
    const known = clients.get(region ?? '')
    if (known !== undefined) return known
    const client = new PinpointSMSVoiceV2Client({
      ...(region !== undefined && { region }),
      requestHandler: TIMES,
      maxAttempts: ATTEMPTS_MAX,
    })
    clients.set(region ?? '', client)
    return client
  }
  return {
    run: async (attempt: Attempt): Promise<DryRunAnswer> => {
      const client = clientOf(attempt.candidate.region ?? options.region)
      const isNotify = identityKind(attempt.candidate.identity) === 'notify configuration'
      try {
        if (isNotify)
          await client.send(
            new SendNotifyTextMessageCommand({ ...notifyInput(attempt, options), DryRun: true }),
          )
        else await client.send(new SendTextMessageCommand({ ...textInput(attempt, options), DryRun: true }))
        return { kind: 'no objection' }
      } catch (error) {
        return refusalIn(error)
      }
    },
    close: () => {
      for (const client of clients.values()) client.destroy()
    },
  }
}

type ServiceError = Error & {
  readonly Reason?: string
  readonly Fields?: readonly { readonly Name?: string }[]
  readonly $metadata?: { readonly httpStatusCode?: number }
}

function refusalIn(thrown: unknown): DryRunAnswer {
  const error = thrown as ServiceError
  const status = error.$metadata?.httpStatusCode
  if (!OF_THE_SERVICE.has(error.name) || status === undefined || status >= 500) throw thrown
  // The person who asks lacks the right, which says nothing about the identity.
  if (error.message.includes('not authorized to perform: ')) throw thrown
  const fields = error.Fields?.map(({ Name = '' }) => Name) ?? []
  const named = fields.length === 0 ? '' : ` (${fields.join(', ')})`
  return {
    kind: 'refused',
    detail: `${error.name}${error.Reason === undefined ? '' : ` ${error.Reason}`}${named}`,
    why: meaningOf({ name: error.name, reason: error.Reason, status, hasRequestId: true, fields }).why,
  }
}

/** Errors about this message, identity or country. Any other is about access to AWS in general. */
const OF_THE_SERVICE: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'ConflictException',
  'ResourceNotFoundException',
  'ServiceQuotaExceededException',
  'ThrottlingException',
  'ValidationException',
])
const ATTEMPTS_MAX = 6
const TIMES = { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true }
