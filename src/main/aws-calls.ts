import { setTimeout } from 'node:timers/promises'
import type { CarrierOptions } from '../adapters/aws/carrier.ts'
import { type AwsClientOptions, createAwsClient } from '../adapters/aws/wire/client.ts'
import type { Transport, TransportLimits } from '../adapters/aws/wire/exchange.ts'
import type { TableCall } from '../adapters/dynamodb/table.ts'
import type { Settings } from '../config/settings.ts'
import { CONNECT_MS } from '../core/deliver/deadline.ts'

/** How a program calls AWS where every millisecond counts. Commands use AWS's SDK. */
export type AwsAccess = Pick<AwsClientOptions, 'environment' | 'credentials'> & {
  readonly openTransport: (limits: TransportLimits) => Transport
}

type Closable = { readonly close: () => void }

/** Sending: a call is tried once. */
export function carrierOptions(
  { aws }: Pick<Settings, 'aws'>,
  { openTransport, ...access }: AwsAccess,
  steadyNow: () => number,
): CarrierOptions & Closable {
  const transport = openTransport({
    connectMs: CONNECT_MS,
    answerMaxBytes: 262_144, // AWS answers with less than one kilobyte
    now: steadyNow,
  })
  const { endpoint } = aws
  return {
    region: aws.region ?? '',
    configurationSet: aws.configurationSet,
    protectConfiguration: aws.protectConfiguration,
    messageFeedback: aws.messageFeedback,
    callIn: region =>
      createAwsClient({ ...access, service: 'sms-voice', region, endpoint, transport, now: Date.now }),
    close: transport.close,
  }
}

/** The table: a call is tried twice. `attemptMs`: most milliseconds for each. */
export function tableCall(
  region: string | undefined,
  { openTransport, ...access }: AwsAccess,
  attemptMs: number,
): { readonly call: TableCall } & Closable {
  const transport = openTransport({
    connectMs: attemptMs,
    answerMs: attemptMs,
    answerMaxBytes: 33_554_432, // DynamoDB's answers have at most 16 MB, which JSON may double
    now: Date.now,
  })
  const again = { triesMax: 2, pause: setTimeout, random: Math.random }
  const call = createAwsClient({ ...access, service: 'dynamodb', region, transport, again, now: Date.now })
  // The output is DynamoDB's own, in the form that the table reads.
  return { call: call as unknown as TableCall, close: transport.close }
}

/** Secrets Manager, when a program starts. */
export function secretReader(region: string | undefined, { openTransport, ...access }: AwsAccess) {
  return async (secretId: string): Promise<string | undefined> => {
    const limits = { connectMs: 1_000, answerMs: 2_000, answerMaxBytes: 1_048_576, now: Date.now }
    const transport = openTransport(limits) // a secret has at most 64 KB
    const again = { triesMax: 3, pause: setTimeout, random: Math.random }
    const service = 'secretsmanager'
    const call = createAwsClient({ ...access, service, region, transport, again, now: Date.now })
    const { SecretString } = await call('GetSecretValue', { SecretId: secretId }).finally(transport.close)
    return typeof SecretString === 'string' ? SecretString : undefined
  }
}
