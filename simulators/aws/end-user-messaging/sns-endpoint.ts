import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Events } from './events.ts'
import { send, sendProblem } from './http.ts'

/**
 * What SNS serves to a subscriber:
 * - `GET /sns/SimpleNotificationService-<hex>.pem`: the certificate behind its signatures;
 * - `GET /sns/confirm?token=`: the SubscribeURL of a SubscriptionConfirmation;
 * - `GET /sns/unsubscribe?subscriptionArn=`: the UnsubscribeURL of a notification.
 */
export async function answerSns(
  events: Events,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const query = new URL(request.url ?? '', 'http://localhost').searchParams
  const certificate = await events.certificateAt(path)
  if (request.method !== 'GET') {
    sendProblem(response, 405, 'SNS addresses are read with GET')
  } else if (certificate !== undefined) {
    send(response, 200, 'application/x-pem-file', certificate)
  } else if (path === '/sns/confirm') {
    const subscription = events.subscription()
    if (subscription?.confirm(query.get('token') ?? '')) sendConfirmed(response, subscription.arn)
    else sendInvalid(response, 'Token')
  } else if (path === '/sns/unsubscribe') {
    if (events.subscription()?.unsubscribe(query.get('subscriptionArn') ?? '')) sendUnsubscribed(response)
    else sendInvalid(response, 'SubscriptionArn')
  } else {
    sendProblem(response, 404, `There is nothing at GET ${path}`)
  }
}

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/'

function sendConfirmed(response: ServerResponse, subscriptionArn: string): void {
  sendXml(
    response,
    200,
    `<ConfirmSubscriptionResponse xmlns="${NAMESPACE}">
  <ConfirmSubscriptionResult>
    <SubscriptionArn>${subscriptionArn}</SubscriptionArn>
  </ConfirmSubscriptionResult>
  <ResponseMetadata>
    <RequestId>${randomUUID()}</RequestId>
  </ResponseMetadata>
</ConfirmSubscriptionResponse>
`,
  )
}

function sendUnsubscribed(response: ServerResponse): void {
  sendXml(
    response,
    200,
    `<UnsubscribeResponse xmlns="${NAMESPACE}">
  <ResponseMetadata>
    <RequestId>${randomUUID()}</RequestId>
  </ResponseMetadata>
</UnsubscribeResponse>
`,
  )
}

function sendInvalid(response: ServerResponse, parameter: string): void {
  sendXml(
    response,
    400,
    `<ErrorResponse xmlns="${NAMESPACE}">
  <Error>
    <Type>Sender</Type>
    <Code>InvalidParameter</Code>
    <Message>Invalid parameter: ${parameter}</Message>
  </Error>
  <RequestId>${randomUUID()}</RequestId>
</ErrorResponse>
`,
  )
}

function sendXml(response: ServerResponse, status: number, xml: string): void {
  send(response, status, 'text/xml', xml, { 'cache-control': 'no-store' })
}
