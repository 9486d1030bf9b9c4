import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Events } from './events.ts'
import { readJson, sendJson, sendProblem } from './http.ts'

/**
 * Receipts: `PUT /events` says where they go, `GET /events` how it went so far, `DELETE /events` ends them. With SNS,
 * `PUT` answers when the subscriber was asked once to confirm.
 */
export async function answerEvents(events: Events, request: IncomingMessage, response: ServerResponse) {
  switch (request.method) {
    case 'GET':
      sendJson(response, 200, events.status())
      return
    case 'DELETE':
      events.clear()
      response.writeHead(204).end()
      return
    case 'PUT':
      await setEvents(events, request, response)
      return
    default:
      sendProblem(response, 405, 'Events can be set with PUT, looked at with GET and ended with DELETE')
  }
}

async function setEvents(events: Events, request: IncomingMessage, response: ServerResponse) {
  const given = await readJson(request)
  if (given.kind === 'not-json') {
    sendProblem(response, given.status, `Not set: ${given.problem}`)
    return
  }
  const set = await events.set(given.value)
  if ('problem' in set) {
    sendProblem(response, 400, `Not set: ${set.problem}`)
    return
  }
  await set.asked
  sendJson(response, 200, events.status())
}
