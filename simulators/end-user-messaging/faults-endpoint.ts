import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Faults } from './faults.ts'
import { readBody, sendJson, sendProblem } from './http.ts'

/** Failures on demand: `GET /faults` lists the rules, `POST /faults` adds one or several, `DELETE /faults` ends them. */
export async function answerFaults(faults: Faults, request: IncomingMessage, response: ServerResponse) {
  switch (request.method) {
    case 'GET':
      sendJson(response, 200, faults.list())
      return
    case 'DELETE':
      faults.clear()
      response.writeHead(204).end()
      return
    case 'POST':
      await addFaults(faults, request, response)
      return
    default:
      sendProblem(response, 405, 'Faults can be listed with GET, added with POST and ended with DELETE')
  }
}

async function addFaults(faults: Faults, request: IncomingMessage, response: ServerResponse) {
  const body = await readBody(request, BODY_BYTES_MAX)
  if (body === undefined) {
    sendProblem(response, 413, `The rules are larger than ${BODY_BYTES_MAX} bytes`)
    return
  }
  const given = parseJson(body)
  const added = given === undefined ? { problem: 'the body is not JSON' } : faults.add(given)
  if ('problem' in added) sendProblem(response, 400, `Not added: ${added.problem}`)
  else sendJson(response, 201, added)
}

const BODY_BYTES_MAX = 256 * 1024

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
