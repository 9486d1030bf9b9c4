import { keyNamed } from '../iam/encryption.ts'
import type { RequestedAction } from '../iam/iam.ts'
import type { Invocation } from '../lambda/execution-environment.ts'
import type { Resource, Stack } from '../template/stack.ts'

/** An undelivered event in its dead-letter queue. */
export type DeadLetter = { readonly queue: string; readonly event: unknown; readonly error: string }

/** Invokes a function asynchronously, as SNS and EventBridge do. */
export type InvokeAsync = (functionArn: string, event: object) => Promise<void>

export type InvokeAsyncOptions = {
  readonly stack: Stack
  readonly invoke: (functionArn: string, event: object) => Promise<Invocation>
  /** Whether the function's role allows a call; the call is recorded. */
  readonly isGranted: (functionArn: string, request: RequestedAction) => boolean
  readonly bury: (letter: DeadLetter) => void
  /** Called for an event that is lost without a queue. */
  readonly lost: (why: string) => void
}

/**
 * Tries as often as the template says, without delay; then sends to the function's dead-letter queue with the
 * function's role.
 */
export function createInvokeAsync(options: InvokeAsyncOptions): InvokeAsync {
  const { stack, invoke, isGranted, bury, lost } = options
  return async (functionArn, event) => {
    const { retriesMax, queueArn } = failureRules(stack, functionArn)
    let error = ''
    for (let attempt = 0; attempt <= retriesMax; attempt += 1) {
      const result = await invoke(functionArn, event)
      if (result.kind === 'answer') return
      error = `${result.errorType}: ${result.errorMessage}`
    }
    if (queueArn === undefined) return lost(`${functionArn} failed, and has no dead-letter queue: ${error}`)
    const queue = stack.find('AWS::SQS::Queue', queueArn)
    if (queue === undefined) return lost(`${functionArn}: there is no queue ${queueArn}`)
    const missing = sendingRequestedActiones(stack, queue).find(request => !isGranted(functionArn, request))
    if (missing !== undefined) {
      return lost(`${functionArn} may not ${missing.action} on ${missing.resource}: ${error}`)
    }
    bury({ queue: queue.logicalId, event, error })
  }
}

/** Lambda sends with the function's role, and encrypts with the queue's key. */
function sendingRequestedActiones(
  stack: Stack,
  { arn = '', properties }: Resource,
): readonly RequestedAction[] {
  const { KmsMasterKeyId: keyId } = properties
  const key = keyId === undefined ? undefined : keyNamed(stack, keyId)
  const context = {
    'kms:ViaService': `sqs.${stack.region}.amazonaws.com`,
    'kms:CallerAccount': stack.account,
  }
  return [
    { action: 'sqs:SendMessage', resource: arn, context: { 'aws:SecureTransport': 'true' } },
    ...(key?.arn === undefined
      ? []
      : ['kms:GenerateDataKey', 'kms:Decrypt'].map(action => ({ action, resource: key.arn ?? '', context }))),
  ]
}

function failureRules(
  stack: Stack,
  functionArn: string,
): { readonly retriesMax: number; readonly queueArn: string | undefined } {
  const { lambda, qualifier } = functionOf(stack, functionArn)
  const config = stack
    .ofType('AWS::Lambda::EventInvokeConfig')
    .map(({ properties }) => properties)
    .find(
      ({ FunctionName, Qualifier }) =>
        [lambda.ref, lambda.arn].includes(String(FunctionName)) && Qualifier === qualifier,
    )
  const { OnFailure } = Object(config?.DestinationConfig) as {
    readonly OnFailure?: { readonly Destination: string }
  }
  const { TargetArn } = Object(lambda.properties.DeadLetterConfig) as { readonly TargetArn?: string }
  return {
    retriesMax: Number(config?.MaximumRetryAttempts ?? 2),
    queueArn: OnFailure?.Destination ?? TargetArn,
  }
}

/** The function behind an ARN, which may name an alias or a version. */
export function functionOf(
  stack: Stack,
  arn: string,
): { readonly lambda: Resource; readonly qualifier: string } {
  const direct = stack.find('AWS::Lambda::Function', arn)
  if (direct !== undefined) return { lambda: direct, qualifier: '$LATEST' }
  const alias = stack.find('AWS::Lambda::Alias', arn)
  const version = stack.find('AWS::Lambda::Version', arn)
  const named = String((alias ?? version)?.properties.FunctionName)
  const lambda = stack.find('AWS::Lambda::Function', named)
  if (lambda === undefined) throw new Error(`There is no function ${arn}`)
  return { lambda, qualifier: arn.split(':').at(-1) ?? '' }
}
