import type { IncomingMessage, ServerResponse } from 'node:http'

/** Reads a body as text. Undefined if it is longer than `max` bytes; rejects if the client leaves before the end. */
export function readBody(request: IncomingMessage, max: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= max) chunks.push(chunk)
    })
    request.on('end', () => resolve(size <= max ? Buffer.concat(chunks).toString('utf8') : undefined))
    request.on('error', reject)
    request.on('close', () => {
      if (!request.complete) reject(new Error('The client left before its request was complete'))
    })
  })
}

/** Reads a body as JSON of at most 256 KB, or returns the problem. */
export async function readJson(request: IncomingMessage): Promise<JsonBody> {
  const body = await readBody(request, JSON_BYTES_MAX)
  if (body === undefined) {
    return { kind: 'not-json', status: 413, problem: `the body is larger than ${JSON_BYTES_MAX} bytes` }
  }
  try {
    return { kind: 'json', value: JSON.parse(body) }
  } catch {
    return { kind: 'not-json', status: 400, problem: 'the body is not JSON' }
  }
}

type JsonBody =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'not-json'; readonly status: 400 | 413; readonly problem: string }

const JSON_BYTES_MAX = 256 * 1024

/** Answers with a whole body at once. */
export function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.destroyed) return
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': length,
    'x-content-type-options': 'nosniff',
    ...headers,
  })
  response.end(body)
}

/** Answers with JSON, never cached. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(value), {
    'cache-control': 'no-store',
  })
}

/** Answers with a problem, as a sentence. */
export function sendProblem(response: ServerResponse, status: number, message: string): void {
  sendJson(response, status, { message })
}
