import { providerCredentials } from '../../adapters/aws/wire/credentials.ts'
import { createHttpsTransport } from '../../adapters/aws/wire/https-transport.ts'
import { createUndiciTransport } from '../../adapters/aws/wire/undici-transport.ts'
import type { AwsAccess } from '../aws-calls.ts'

/** A server finds credentials wherever AWS's SDK does. Behind a proxy its requests go through Node's own client. */
export function serverAws(): AwsAccess {
  const { env } = process
  const hasProxy = (env.HTTPS_PROXY || env.https_proxy) !== undefined
  return {
    environment: env,
    credentials: providerCredentials(Date.now),
    openTransport: hasProxy ? limits => createHttpsTransport(limits, env) : createUndiciTransport,
  }
}
