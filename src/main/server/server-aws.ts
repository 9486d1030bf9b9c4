import { environmentCredentials, providerCredentials } from '../../adapters/aws/wire/credentials.ts'
import { createHttpsTransport } from '../../adapters/aws/wire/https-transport.ts'
import { createUndiciTransport } from '../../adapters/aws/wire/undici-transport.ts'
import type { AwsAccess } from '../aws-calls.ts'

/**
 * A server gets credentials from AWS's SDK, except those in the environment, which come first unless it names a
 * profile. Behind a proxy, its requests use Node's own HTTP client.
 */
export function serverAws(): AwsAccess {
  const { env } = process
  const hasCredentials = Boolean(env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY) && !env.AWS_PROFILE
  const hasProxy = (env.HTTPS_PROXY || env.https_proxy) !== undefined
  return {
    environment: env,
    credentials: hasCredentials ? environmentCredentials(env) : providerCredentials(Date.now),
    openTransport: hasProxy ? limits => createHttpsTransport(limits, env) : createUndiciTransport,
  }
}
