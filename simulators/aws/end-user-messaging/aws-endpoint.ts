import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { type Account, rcsOf } from './account.ts'
import { type AwsError, awsError, errorBody, statusOf } from './aws-error.ts'
import { type DescribeRequest, describeAccount, readDescribeRequest } from './describe.ts'
import { type Fault, playFault } from './fault.ts'
import { type Feedback, type FeedbackRequest, isFeedbackOperation, readFeedbackRequest } from './feedback.ts'
import { readBody, send } from './http.ts'
import type { Inbox } from './inbox.ts'
import { judgeSend } from './judge-send.ts'
import type { Message } from './message.ts'
import { isDescribeOperation, isOperation } from './model.ts'
import { answerOptOuts, isOptOutOperation, type OptOutRequest, readOptOutRequest } from './opt-outs.ts'
import { readSendRequest, type SendRequest, unreadableBody } from './send-request.ts'

/** The dependencies of AWS's endpoint. */
export type AwsEndpoint = {
  readonly inbox: Inbox
  readonly account: Account
  readonly feedback: Feedback
  readonly dryRuns: DryRunRate
  readonly now: () => Date
  /** Called for each accepted message; resolves when the call may be answered. */
  readonly accepted: (message: Message) => Promise<void>
  /** The fault for a request, if there is one. */
  readonly faultFor: (request: Request) => Fault | undefined
  /** Calls back after `ms`, unless the server closes first. */
  readonly after: (ms: number, callback: () => void) => void
  /** Refuses connections for `ms`. */
  readonly refuseConnections: (ms: number) => void
}

export type Request = SendRequest | DescribeRequest | OptOutRequest | FeedbackRequest

/**
 * `POST /`: one request of AWS's API. A request that AWS would refuse is refused first; faults only apply to requests
 * that would have been accepted.
 */
export async function answerAws(endpoint: AwsEndpoint, request: IncomingMessage, response: ServerResponse) {
  const requestId = randomUUID()
  const body = await readBody(request, BODY_BYTES_MAX)
  const call =
    body === undefined
      ? awsError('RequestEntityTooLargeException', `The body is larger than ${BODY_BYTES_MAX} bytes`)
      : readRequest(request.headers, body)
  if (call.kind === 'error') {
    sendError(response, call, requestId)
    return
  }

  const described = judgeOrDescribe(endpoint, call)
  if (typeof described !== 'string') {
    sendError(response, described, requestId)
    return
  }
  const accept = async (): Promise<string> => {
    if (call.kind === 'feedback') return endpoint.feedback.put(call)
    return call.kind === 'send' ? acceptMessage(endpoint, call) : described
  }
  const fault = endpoint.faultFor(call)
  if (!fault) {
    sendAnswer(response, await accept(), requestId)
    return
  }
  await playFault(fault, {
    response,
    accept,
    after: endpoint.after,
    refuseConnections: endpoint.refuseConnections,
    answer: answer => sendAnswer(response, answer, requestId),
    fail: error => sendError(response, error, requestId),
    begin: () => response.writeHead(200, headersOf(requestId)),
  })
}

/**
 * The answer of a request that sends nothing, or the error of any request; empty for a message or a report that would
 * be accepted.
 */
function judgeOrDescribe({ account, feedback, now, dryRuns }: AwsEndpoint, call: Request): string | AwsError {
  switch (call.kind) {
    case 'describe':
      return describeAccount(account, call)
    case 'opt-outs':
      return answerOptOuts(account, call, now().getTime())
    case 'feedback':
      return feedback.judge(call) ?? ''
    case 'send': {
      if (call.isDryRun && !dryRuns.admit(now().getTime()))
        return awsError('ThrottlingException', 'Rate exceeded')
      return judgeSend(account.setting(), call.region, call.content) ?? ''
    }
  }
}

/** Accepts a message, unless it is a dry run, and returns the body of the answer. */
async function acceptMessage(
  endpoint: AwsEndpoint,
  { content, isDryRun, region, hasFeedback }: SendRequest,
): Promise<string> {
  const messageId = randomUUID()
  if (!isDryRun) {
    const message = {
      messageId,
      receivedAt: endpoint.now().toISOString(),
      ...content,
      ...(content.channel === 'sms' && rcsOf(content.from, endpoint.account.setting())),
    }
    endpoint.inbox.add(message)
    if (hasFeedback) endpoint.feedback.expect(messageId, region)
    await endpoint.accepted(message)
  }
  const isNotify = content.templateId !== undefined
  return JSON.stringify(
    isNotify
      ? { MessageId: messageId, TemplateId: content.templateId, ResolvedMessageBody: content.body }
      : { MessageId: messageId },
  )
}

function sendAnswer(response: ServerResponse, body: string, requestId: string): void {
  send(response, 200, AWS_JSON, body, headersOf(requestId))
}

function sendError(response: ServerResponse, error: AwsError, requestId: string): void {
  send(response, statusOf(error), AWS_JSON, errorBody(error, requestId), headersOf(requestId))
}

function headersOf(requestId: string): Readonly<Record<string, string>> {
  return { 'content-type': AWS_JSON, 'x-amzn-requestid': requestId }
}

/** The content type of AWS JSON 1.0, of requests and answers. */
const AWS_JSON = 'application/x-amz-json-1.0'

/** The largest body that is read, in bytes. The largest valid request is far smaller. */
const BODY_BYTES_MAX = 256 * 1024

/**
 * Reads a request in AWS JSON 1.0: operation, signature and input. Returns a request that AWS would accept, or the
 * error that AWS would answer with. The signature is not verified: any key is accepted.
 */
function readRequest(headers: IncomingHttpHeaders, body: string): Request | AwsError {
  const [service, operation = ''] = header(headers, 'x-amz-target').split('.')
  const isKnown =
    isOperation(operation) ||
    isDescribeOperation(operation) ||
    isOptOutOperation(operation) ||
    isFeedbackOperation(operation)
  if (service !== 'PinpointSMSVoiceV2' || !isKnown) {
    return awsError('UnknownOperationException', 'The operation is not one that this stand-in knows')
  }
  const signed = readSignature(header(headers, 'authorization'))
  if ('kind' in signed) return signed
  const input = parseObject(body)
  if (input === undefined) return unreadableBody()
  if (isFeedbackOperation(operation)) return readFeedbackRequest(operation, signed.region, input)
  if (isOptOutOperation(operation)) return readOptOutRequest(operation, signed.region, input)
  return isOperation(operation)
    ? readSendRequest(operation, signed.region, input)
    : readDescribeRequest(operation, signed.region, input)
}

function header(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

/** The region that a request is signed for. */
function readSignature(authorization: string): { readonly region: string } | AwsError {
  if (!authorization.startsWith('AWS4-HMAC-SHA256 ')) {
    return awsError('MissingAuthenticationTokenException', 'Missing Authentication Token')
  }
  const [, credential = ''] = CREDENTIAL.exec(authorization) ?? []
  // Credential=key/date/region/service/aws4_request
  const [, , region = '', service] = credential.split('/')
  if (service !== 'sms-voice') {
    const message = "Credential should be scoped to correct service: 'sms-voice'."
    return awsError('InvalidSignatureException', message)
  }
  return { region }
}

const CREDENTIAL = /Credential=([^,\s]+)/

function parseObject(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** The limit on dry runs per second. */
export type DryRunRate = {
  /** Counts one at this time (milliseconds); false if it exceeds the limit. */
  admit(now: number): boolean
}

/**
 * At most five in any second. Source: service model, SendTextMessage, DryRun; the model gives no limit for other
 * operations.
 */
export function createDryRunRate(): DryRunRate {
  let times: readonly number[] = []
  return {
    admit(now) {
      times = times.filter(time => now - time < 1_000 && now >= time)
      if (times.length >= DRY_RUNS_PER_SECOND) return false
      times = [...times, now]
      return true
    },
  }
}

const DRY_RUNS_PER_SECOND = 5
