import type { Refusal } from '../core/values/reasons.ts'

export type JsonBody = { readonly kind: 'json'; readonly json: object } | Refusal

/** The longest body of the hook. Okta's requests have about one kilobyte. */
export const BODY_MAX_BYTES = 64 * 1024

export function parseJsonBody(bytes: Buffer): JsonBody {
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { kind: 'json', json }
  } catch {
    // not JSON: refused below, like JSON that is not an object
  }
  return { kind: 'refusal', code: 'BODY_NOT_JSON' }
}
