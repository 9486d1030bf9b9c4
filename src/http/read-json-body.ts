import type { Refusal } from '../core/values/reasons.ts'

export type JsonBody = { readonly kind: 'json'; readonly json: object } | Refusal

/** The longest body of the hook. Okta's requests have about one kilobyte. */
export const BODY_MAX_BYTES = 64 * 1024

/** Reads a JSON object of at most `maxBytes`, and stops reading if it is longer. */
export async function readJsonBody(request: Request, maxBytes: number): Promise<JsonBody> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes)
    return { kind: 'refusal', code: 'BODY_TOO_LARGE' }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.length
    if (size > maxBytes) return { kind: 'refusal', code: 'BODY_TOO_LARGE' }
    chunks.push(chunk)
  }
  return parseJsonBody(Buffer.concat(chunks))
}

export function parseJsonBody(bytes: Buffer): JsonBody {
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { kind: 'json', json }
  } catch {
    // not JSON: refused below, like JSON that is not an object
  }
  return { kind: 'refusal', code: 'BODY_NOT_JSON' }
}
