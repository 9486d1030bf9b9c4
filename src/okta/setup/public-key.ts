import * as z from 'zod'
import { errorCodeOf, OktaAnswerError, type OktaApi } from './okta-api.ts'
import type { HookKey, Json } from './org.ts'

/**
 * The public key of a hook key, in the form that an app accepts. It is flat in Okta's schema, but below `_embedded` in
 * Okta's example. The response to the creation also has it, and so has the hook key with `expand=publickey`.
 */
export async function readPublicKey(api: OktaApi, key: HookKey): Promise<Json> {
  const { id, kid, name, embedded } = key
  const found =
    publicKeyOf(await answerOf(api, `/api/v1/hook-keys/public/${kid}`)) ??
    publicKeyOf(embedded) ??
    publicKeyOf(await answerOf(api, `/api/v1/hook-keys/${id}?expand=publickey`))
  if (found === undefined) {
    throw new OktaAnswerError(
      `Okta did not return the public key of the hook key "${name}" (${id}): its modulus "n" is missing, and the app needs it. The hook key stays in the org. Run the command again: it continues where it stopped. If that does not help, delete the hook key in Okta (Workflow > Key Management) first; a new one is then created.`,
    )
  }
  // Okta returns `alg` "RSA" and no `use`, which its own apps reject.
  return { kty: 'RSA', kid, ...found, alg: 'RS256', use: 'sig' }
}

/** Undefined if something is missing or is not base64url. @internal */
export function publicKeyOf(answer: unknown): { readonly e: string; readonly n: string } | undefined {
  const flat = PUBLIC_HALF.safeParse(answer).data
  return flat ?? NESTED.safeParse(answer).data?._embedded
}

async function answerOf(api: OktaApi, path: string): Promise<unknown> {
  try {
    return await api.get(path)
  } catch (error) {
    if (errorCodeOf(error) === 'E0000007') return undefined // not found, although the hook key exists
    throw error
  }
}

const NUMBER = z.string().regex(/^[\w-]+$/)
const PUBLIC_HALF = z.object({ e: NUMBER, n: NUMBER })
const NESTED = z.object({ _embedded: PUBLIC_HALF })
