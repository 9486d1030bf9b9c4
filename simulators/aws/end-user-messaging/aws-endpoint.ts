import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Account, rcsOf } from './account.ts'
import { type AwsError, awsError, errorBody, statusOf } from './aws-error.ts'
import { type DescribeRequest, describeAccount } from './describe.ts'
import type { DryRunRate } from './dry-run-rate.ts'
import { type Fault, playFault } from './fault.ts'
import { readBody, send } from './http.ts'
import type { Inbox } from './inbox.ts'
import { judgeSend } from './judge-send.ts'
import type { Message } from './message.ts'
import { answerOptOuts, type OptOutRequest } from './opt-outs.ts'
import type { SendRequest } from './send-request.ts'
import { AWS_JSON, BODY_BYTES_MAX, readRequest } from './wire.ts'

/** What AWS's endpoint needs to answer. */
export type AwsEndpoint = {
  readonly inbox: Inbox
  readonly account: Account
  readonly dryRuns: DryRunRate
  readonly now: () => Date
  /** Hears of each message that is taken; resolves when the call may be answered. */
  readonly accepted: (message: Message) => Promise<void>
  /** The fault that befalls a request, if one does. */
  readonly faultFor: (request: SendRequest | DescribeRequest | OptOutRequest) => Fault | undefined
  /** Calls back after a while, unless the server closes before. */
  readonly after: (ms: number, callback: () => void) => void
  /** Lets nobody connect for a while. */
  readonly refuseConnections: (ms: number) => void
}

/**
 * `POST /`: one request of AWS's API. A request that AWS would refuse is refused before any fault is looked for; a
 * fault befalls only what would have been accepted.
 */
export async function answerAws(endpoint: AwsEndpoint, request: IncomingMessage, response: ServerResponse) {
  const requestId = randomUUID()
  const body = await readBody(request, BODY_BYTES_MAX)
  const asked =
    body === undefined
      ? awsError('RequestEntityTooLargeException', `The body is larger than ${BODY_BYTES_MAX} bytes`)
      : readRequest(request.headers, body)
  if (asked.kind === 'error') {
    sendError(response, asked, requestId)
    return
  }

  const described = judgeOrDescribe(endpoint, asked)
  if (typeof described !== 'string') {
    sendError(response, described, requestId)
    return
  }
  const accept = async () => (asked.kind === 'send' ? acceptMessage(endpoint, asked) : described)
  const fault = endpoint.faultFor(asked)
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

/** The answer of a request that sends nothing; the error of any; empty for a message that would be accepted. */
function judgeOrDescribe(
  { account, now, dryRuns }: AwsEndpoint,
  asked: SendRequest | DescribeRequest | OptOutRequest,
): string | AwsError {
  switch (asked.kind) {
    case 'describe':
      return describeAccount(account, asked)
    case 'opt-outs':
      return answerOptOuts(account, asked, now().getTime())
    case 'send': {
      if (asked.isDryRun && !dryRuns.admit(now().getTime()))
        return awsError('ThrottlingException', 'Rate exceeded')
      return judgeSend(account.setting(), asked.region, asked.content) ?? ''
    }
  }
}

/** Takes a message, unless it is a dry run, and returns the body of the answer. */
async function acceptMessage(endpoint: AwsEndpoint, { content, isDryRun }: SendRequest): Promise<string> {
  const messageId = randomUUID()
  if (!isDryRun) {
    const rcs = content.channel === 'sms' ? rcsOf(content.from, endpoint.account.setting()) : undefined
    const message = {
      messageId,
      receivedAt: endpoint.now().toISOString(),
      ...content,
      ...(rcs !== undefined && { rcs }),
    }
    endpoint.inbox.add(message)
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
