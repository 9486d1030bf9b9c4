import { PinpointSMSVoiceV2Client } from '@aws-sdk/client-pinpoint-sms-voice-v2'
import type { Ports, SendResult } from '../../core/deliver/ports.ts'
import { printable } from '../../core/values/printable.ts'
import { meaningOf } from './carrier-errors.ts'
import { createConnectionAwareHandler, type WriteTrace } from './connection-aware-handler.ts'
import { type MessageParameters, sendMessage } from './send-message.ts'

export type CarrierOptions = MessageParameters & {
  /** Where candidates without a region of their own are sent. */
  readonly region: string
  /** Instead of AWS's own address, for a stand-in. */
  readonly endpoint: string | undefined
  /** Most milliseconds that making a connection may take. */
  readonly connectMs: number
  readonly now: () => number
}

export type Carrier = { readonly send: Ports['send']; readonly close: () => void }

/**
 * AWS End User Messaging. One call, one request: the SDK's retries are off, because Send* has no idempotency
 * token and a repeat after a lost answer texts twice. Answers at the latest when the signal aborts.
 */
export function createCarrier(options: CarrierOptions): Carrier {
  const handler = createConnectionAwareHandler(options.connectMs, options.now)
  const clients = new Map<string, PinpointSMSVoiceV2Client>() // as many as regions in the routes
  const clientOf = (region: string): PinpointSMSVoiceV2Client => {
    const known = clients.get(region)
    if (known !== undefined) return known
    const client = new PinpointSMSVoiceV2Client({
      region,
      ...(options.endpoint !== undefined && { endpoint: options.endpoint }),
      maxAttempts: 1,
      requestHandler: handler,
    })
    clients.set(region, client)
    return client
  }
  return {
    send: async (attempt, signal) => {
      const trace: WriteTrace = { mayHaveWritten: false }
      const own = new AbortController()
      handler.trace(own.signal, trace)
      // The SDK itself may hang before the request, looking for credentials: then it is given up here.
      const aborted = new Promise<never>((_, reject) => {
        own.signal.addEventListener('abort', () => reject(new Error('The time is over')), { once: true })
      })
      const abort = (): void => own.abort()
      if (signal.aborted) abort()
      signal.addEventListener('abort', abort, { once: true })
      try {
        const client = clientOf(attempt.candidate.region ?? options.region)
        const { MessageId } = await Promise.race([sendMessage(client, attempt, options, own.signal), aborted])
        return isMessageId(MessageId)
          ? { kind: 'accepted', messageId: MessageId }
          : { kind: 'unknown', code: 'CARRIER_UNKNOWN', detail: 'Answered without a message ID of AWS' }
      } catch (error) {
        return classify(error, trace)
      } finally {
        signal.removeEventListener('abort', abort)
      }
    },
    close: () => {
      for (const client of clients.values()) client.destroy()
      handler.destroy()
    },
  }
}

/** AWS's are UUIDs. One that could break a record, a log or a terminal is none. */
function isMessageId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9._-]{1,256}$/.test(value)
}

/** What the SDK makes of an answer that is no success: members come as they were sent, whatever their type. */
type SdkError = {
  readonly name?: unknown
  readonly message?: unknown
  readonly code?: unknown
  readonly Reason?: unknown
  readonly Fields?: unknown
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string }
}

/** An error of the service by the table; anything else by whether a byte of the request may have left. */
function classify(thrown: unknown, trace: WriteTrace): SendResult {
  const error = thrown as SdkError
  const { httpStatusCode: status, requestId } = error.$metadata ?? {}
  const name = shortText(error.name) ?? 'Error'
  const reason = shortText(error.Reason)
  const rest = status === undefined ? shortText(error.message) : `HTTP ${status}`
  const detail = `${name} ${reason ?? shortText(error.code) ?? rest ?? ''}`
  if (status !== undefined && status >= 400 && status < 500) {
    const fields = fieldsOf(error.Fields)
    return {
      ...meaningOf({ name, reason, fields, status, hasRequestId: requestId !== undefined }).result,
      detail,
    }
  }
  return trace.mayHaveWritten
    ? { kind: 'unknown', code: 'CARRIER_UNKNOWN', detail }
    : { kind: 'failure', code: 'CARRIER_UNREACHABLE', detail, about: 'account' }
}

/** AWS's names and reasons have less than 100 characters. */
function shortText(value: unknown): string | undefined {
  return typeof value === 'string' ? printable(value.slice(0, TEXT_MAX)) : undefined
}

function fieldsOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return []
  return value.slice(0, FIELDS_MAX).flatMap(field => shortText(field?.Name) ?? [])
}

const TEXT_MAX = 200
const FIELDS_MAX = 20
