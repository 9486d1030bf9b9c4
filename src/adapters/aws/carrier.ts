import type { Ports, SendResult } from '../../core/deliver/ports.ts'
import { printable } from '../../core/values/printable.ts'
import { meaningOf } from './carrier-errors.ts'
import { type MessageParameters, sendOperation } from './send-message.ts'
import { ServiceError } from './wire/answer.ts'
import { type AwsCall, keepCalls } from './wire/client.ts'
import { NoAnswer } from './wire/exchange.ts'

export type CarrierOptions = MessageParameters & {
  /** The region of candidates that name none. */
  readonly region: string
  /**
   * AWS End User Messaging in a region. Tries a call once: Send* has no idempotency token, so a retry after a lost
   * response could send twice.
   */
  readonly callIn: (region: string) => AwsCall
}

/** AWS End User Messaging. Each call makes one request, and resolves at the latest when the signal aborts. */
export function createCarrier({ region: home, callIn, ...parameters }: CarrierOptions): Ports['send'] {
  const callOf = keepCalls(callIn)
  return async (attempt, signal) => {
    try {
      const { operation, input } = sendOperation(attempt, parameters)
      const region = attempt.candidate.region ?? home
      const { MessageId } = await callOf(region)(operation, input, signal)
      const hasFeedback = 'MessageFeedbackEnabled' in input
      return isMessageId(MessageId)
        ? { kind: 'accepted', messageId: MessageId, ...(hasFeedback && { feedbackRegion: region }) }
        : { kind: 'unknown', code: 'CARRIER_UNKNOWN', detail: 'The response has no valid message ID.' }
    } catch (error) {
      return error instanceof ServiceError ? classify(error) : classifyNoAnswer(error)
    }
  }
}

/** AWS's are UUIDs. One that could break a record, a log or a terminal is not accepted. */
function isMessageId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9._-]{1,256}$/.test(value)
}

/** A refusal is classified by the table. An error of the server, or a response that cannot be read, proves nothing. */
function classify({ name, message, status, requestId, members }: ServiceError): SendResult {
  const reason = shortText(members.Reason)
  const error = shortText(name) ?? 'Error'
  const [missingRight] = /not authorized to perform: sms-voice:[A-Za-z]{1,50}/.exec(message) ?? []
  const detail = `${error} ${reason ?? missingRight ?? shortText(members.code) ?? `HTTP ${status}`}`
  if (status < 400 || status >= 500) return { kind: 'unknown', code: 'CARRIER_UNKNOWN', detail }
  const fields = fieldsOf(members.Fields)
  const hasRequestId = requestId !== undefined
  return { ...meaningOf({ name: error, reason, fields, status, hasRequestId }).result, detail }
}

/** Depends on whether any byte of the request may have been sent. */
function classifyNoAnswer(thrown: unknown): SendResult {
  const error = thrown instanceof Error ? thrown : new Error('Not an error')
  const isNoAnswer = error instanceof NoAnswer
  const detail = `${shortText(error.name)} ${(isNoAnswer && error.code) || shortText(error.message)}`
  return isNoAnswer && error.nothingSent
    ? { kind: 'failure', code: 'CARRIER_UNREACHABLE', detail, about: 'account' }
    : { kind: 'unknown', code: 'CARRIER_UNKNOWN', detail }
}

/** AWS's names and reasons have fewer than 100 characters. */
function shortText(value: unknown): string | undefined {
  return typeof value === 'string' ? printable(value.slice(0, TEXT_MAX)) : undefined
}

function fieldsOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return []
  return value.slice(0, FIELDS_MAX).flatMap(field => shortText(field?.Name) ?? [])
}

const TEXT_MAX = 200
const FIELDS_MAX = 20
