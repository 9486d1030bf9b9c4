import * as z from 'zod'
import { errorCodeOf, OktaAnswerError, type OktaApi } from './okta-api.ts'
import type { HookKey, Json } from './org.ts'

/**
 * The public half of a hook key, as an app takes it. Okta's schema has it flat, and Okta's example below `_embedded`; the
 * answer to the creation has it too, and the key itself when it is asked for with `expand=publickey`.
 */
export async function readPublicKey(api: OktaApi, key: HookKey): Promise<Json> {
  const { id, kid, name, embedded } = key
  const found =
    publicHalfOf(await answerOf(api, `/api/v1/hook-keys/public/${kid}`)) ??
    publicHalfOf(embedded) ??
    publicHalfOf(await answerOf(api, `/api/v1/hook-keys/${id}?expand=publickey`))
  if (found === undefined) {
    throw new OktaAnswerError(
      `Okta did not give the public half of the hook key "${name}" (${id}): its modulus "n" is missing, and no app can have the key without it. The key stays in the org. Run the command again: it goes on where it stopped. If that does not help, delete the key in Okta (Workflow > Key Management) first, and a new one is created.`,
    )
  }
  // Okta writes `alg` "RSA" and no `use`, which its own apps refuse.
  return { kty: 'RSA', kid, ...found, alg: 'RS256', use: 'sig' }
}

/** Undefined where something is missing or is not base64url. @internal */
export function publicHalfOf(answer: unknown): { readonly e: string; readonly n: string } | undefined {
  const flat = PUBLIC_HALF.safeParse(answer).data
  return flat ?? NESTED.safeParse(answer).data?._embedded
}

async function answerOf(api: OktaApi, path: string): Promise<unknown> {
  try {
    return await api.get(path)
  } catch (error) {
    if (errorCodeOf(error) === 'E0000007') return undefined // not found, while the key is there
    throw error
  }
}

const NUMBER = z.string().regex(/^[\w-]+$/)
const PUBLIC_HALF = z.object({ e: NUMBER, n: NUMBER })
const NESTED = z.object({ _embedded: PUBLIC_HALF })
