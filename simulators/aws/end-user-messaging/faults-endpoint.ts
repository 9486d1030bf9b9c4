import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Faults } from './faults.ts'
import { readJson, sendJson, sendProblem } from './http.ts'

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
  const given = await readJson(request)
  if (given.kind === 'not-json') {
    sendProblem(response, given.status, `Not added: ${given.problem}`)
    return
  }
  const added = faults.add(given.value)
  if ('problem' in added) sendProblem(response, 400, `Not added: ${added.problem}`)
  else sendJson(response, 201, added)
}
