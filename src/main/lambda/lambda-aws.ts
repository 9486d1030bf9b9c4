import { environmentCredentials } from '../../adapters/aws/wire/credentials.ts'
import { createHttpsTransport } from '../../adapters/aws/wire/https-transport.ts'
import type { AwsAccess } from '../aws-calls.ts'

/** A function has the credentials in its environment, and Node's own client loaded. */
export const lambdaAws: AwsAccess = {
  environment: process.env,
  credentials: environmentCredentials(process.env),
  openTransport: limits => createHttpsTransport(limits, process.env),
}
