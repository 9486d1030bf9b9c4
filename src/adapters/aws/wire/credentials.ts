import { Secret } from '../../../core/values/secret.ts'
import type { Environment } from './endpoint.ts'
import type { Credentials } from './sigv4.ts'

/** As Lambda hands them to a function: in its environment, read at each call. Throws where they are missing. */
export function environmentCredentials(environment: Environment): () => Credentials {
  return () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = environment
    if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY)
      throw new Error('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are missing; Lambda sets them.')
    return fromTexts(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN)
  }
}

export function fromTexts(accessKeyId: string, secret: string, token: string | undefined): Credentials {
  return {
    accessKeyId,
    secretAccessKey: new Secret(secret),
    sessionToken: token ? new Secret(token) : undefined,
  }
}
