import type { IncomingMessage, ServerResponse } from 'node:http'
import { type AwsError, awsError } from './aws-error.ts'
import { sendJson, sendProblem } from './http.ts'
import { checkFields, type Fields, type Input } from './validation.ts'

/** A valid request about the feedback of a message. */
export type FeedbackRequest = {
  readonly kind: 'feedback'
  readonly operation: FeedbackOperation
  readonly region: string
  readonly messageId: string
  readonly status: 'RECEIVED' | 'FAILED'
}

export type FeedbackOperation = keyof typeof FEEDBACK_OPERATIONS

export function isFeedbackOperation(name: string): name is FeedbackOperation {
  return Object.hasOwn(FEEDBACK_OPERATIONS, name)
}

export function readFeedbackRequest(
  operation: FeedbackOperation,
  region: string,
  input: Input,
): FeedbackRequest | AwsError {
  const wrong = checkFields(input, FEEDBACK_OPERATIONS[operation])
  if (wrong) return wrong
  const { MessageId, MessageFeedbackStatus } = input
  const status = MessageFeedbackStatus === 'FAILED' ? 'FAILED' : 'RECEIVED'
  return { kind: 'feedback', operation, region, messageId: String(MessageId), status }
}

/** The feedback records of messages that were sent with `MessageFeedbackEnabled`; at most 10,000, the oldest dropped first. */
export type Feedback = {
  readonly expect: (messageId: string, region: string) => void
  /** The error that AWS answers with, if there is no such record. */
  readonly judge: (request: FeedbackRequest) => AwsError | undefined
  /** Sets the status of the record, and returns the answer as JSON. */
  readonly put: (request: FeedbackRequest) => string
  readonly list: () => readonly FeedbackRecord[]
}

/** Without a report, PENDING for an hour and then FAILED (service model, PutMessageFeedback). */
type FeedbackRecord = {
  readonly messageId: string
  readonly region: string
  readonly status: 'PENDING' | 'RECEIVED' | 'FAILED'
}

export function createFeedback(now: () => Date): Feedback {
  const records = new Map<string, { region: string; sentAt: number; put?: FeedbackRequest['status'] }>()
  return {
    expect(messageId, region) {
      const [oldest] = records.size < RECORDS_MAX ? [] : records.keys()
      if (oldest !== undefined) records.delete(oldest)
      records.set(messageId, { region, sentAt: now().getTime() })
    },
    judge: ({ messageId, region }) =>
      records.get(messageId)?.region === region
        ? undefined
        : awsError('ResourceNotFoundException', 'Resource not found: the message'),
    put({ messageId, status }) {
      const record = records.get(messageId)
      if (record !== undefined) record.put = status
      return JSON.stringify({ MessageId: messageId, MessageFeedbackStatus: status })
    },
    list: () =>
      [...records].map(([messageId, { region, sentAt, put }]) => {
        const silent = now().getTime() - sentAt < AWAITED_MS ? 'PENDING' : 'FAILED'
        return { messageId, region, status: put ?? silent }
      }),
  }
}

/** `GET /feedback`: the records, oldest first. */
export function answerFeedback(feedback: Feedback, request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'GET') sendJson(response, 200, feedback.list())
  else sendProblem(response, 405, 'Feedback is read with GET; PutMessageFeedback of AWS changes it')
}

// The constraints of AWS's service model (pinpoint-sms-voice-v2, 2022-03-31). Patterns are anchored.
export const FEEDBACK_OPERATIONS = {
  PutMessageFeedback: [
    ['MessageId', { kind: 'text', required: true, min: 1, max: 64, pattern: /^[A-Za-z0-9_:/-]+$/ }],
    ['MessageFeedbackStatus', { kind: 'choice', required: true, values: ['RECEIVED', 'FAILED'] }],
  ],
} as const satisfies Record<string, Fields>

const AWAITED_MS = 3_600_000
const RECORDS_MAX = 10_000
