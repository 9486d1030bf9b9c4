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

/** What the SDK's chain of providers answers. */
export type ProvidedCredentials = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly expiration?: Date
}

/**
 * The SDK's own search through environment, files, processes, single sign-on and metadata services. It is loaded and asked
 * at the first call, and again in the background from five minutes before they expire; while that fails, the last good
 * ones are kept. Rejects only where there were never any.
 */
export function providerCredentials(
  now: () => number,
  load: () => Promise<
    (options: { readonly forceRefresh: boolean }) => Promise<ProvidedCredentials>
  > = sdkChain,
): () => Credentials | Promise<Credentials> {
  let provider: ReturnType<typeof load> | undefined
  let cached: { readonly credentials: Credentials; readonly expiresAt: number } | undefined
  let asking: Promise<Credentials> | undefined
  let askAgainAt = 0

  const ask = async (): Promise<Credentials> => {
    try {
      provider ??= load()
      const provide = await provider
      const found = await provide({ forceRefresh: cached !== undefined })
      const credentials = fromTexts(found.accessKeyId, found.secretAccessKey, found.sessionToken)
      cached = { credentials, expiresAt: found.expiration?.getTime() ?? Number.POSITIVE_INFINITY }
      return credentials
    } catch (error) {
      askAgainAt = now() + ASK_AGAIN_MS
      if (cached === undefined) throw error
      return cached.credentials
    }
  }
  const askOnce = (): Promise<Credentials> => {
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }
  return () => {
    if (cached === undefined) return askOnce()
    const leftMs = cached.expiresAt - now()
    if (leftMs > AHEAD_MS || now() < askAgainAt) return cached.credentials
    const fresh = askOnce()
    return leftMs > 0 ? cached.credentials : fresh
  }
}

async function sdkChain() {
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node')
  return defaultProvider()
}

function fromTexts(accessKeyId: string, secret: string, token: string | undefined): Credentials {
  return {
    accessKeyId,
    secretAccessKey: new Secret(secret),
    sessionToken: token ? new Secret(token) : undefined,
  }
}

const AHEAD_MS = 300_000
const ASK_AGAIN_MS = 10_000
