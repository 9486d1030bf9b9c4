import { environmentCredentials } from '../../adapters/aws/wire/credentials.ts'
import { createHttpsTransport } from '../../adapters/aws/wire/https-transport.ts'
import type { AwsAccess } from '../aws-calls.ts'

/** A function has its credentials in the environment, and has already loaded Node's own HTTP client. */
export const lambdaAws: AwsAccess = {
  environment: process.env,
  credentials: environmentCredentials(process.env),
  openTransport: limits => createHttpsTransport(limits, process.env),
}
