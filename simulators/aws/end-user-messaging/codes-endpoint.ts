import type { IncomingMessage, ServerResponse } from 'node:http'
import { readJson, sendJson, sendProblem } from './http.ts'

/** Where a person enters the codes of the phone page: another program, such as a stand-in for Okta. */
export type Codes = { url: string | undefined }

export function createCodes(): Codes {
  return { url: undefined }
}

/**
 * Codes that a person enters on the phone page:
 * - `PUT /codes {"url": "http://..."}` sets where they are entered; `GET /codes` says whether they can be;
 * - `POST /codes {"to": "+12025550123", "code": "123456"}` enters one, and passes on the answer.
 */
export async function answerCodes(
  codes: Codes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'GET') {
    sendJson(response, 200, { canEnter: codes.url !== undefined })
    return
  }
  if (request.method !== 'PUT' && request.method !== 'POST') {
    sendProblem(
      response,
      405,
      'Codes are entered with POST; PUT sets where, and GET says whether that is known',
    )
    return
  }
  const input = await readJson(request)
  if (input.kind === 'not-json') {
    sendProblem(response, input.status, `Not set: ${input.problem}`)
    return
  }
  const body = typeof input.value === 'object' && input.value !== null ? input.value : {}
  if (request.method === 'PUT') setUrl(codes, body, response)
  else await enter(codes, body, response)
}

function setUrl(codes: Codes, body: object, response: ServerResponse): void {
  const url = 'url' in body && typeof body.url === 'string' ? URL.parse(body.url) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    sendProblem(response, 400, 'Not set: url must be an http or https address')
    return
  }
  codes.url = url.href
  sendJson(response, 200, { canEnter: true })
}

async function enter({ url }: Codes, body: object, response: ServerResponse): Promise<void> {
  if (url === undefined) {
    sendProblem(response, 409, 'Not entered: PUT /codes {"url": "http://..."} first')
    return
  }
  try {
    const answered = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(LIMIT_MS),
    })
    sendJson(response, answered.status, await answered.json())
  } catch {
    sendProblem(response, 502, `Not entered: nothing answers at ${url}`)
  }
}

const LIMIT_MS = 5_000
