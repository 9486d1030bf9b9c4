import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Account } from './account.ts'
import type { Events } from './events.ts'
import type { Faults } from './faults.ts'
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
  const input = await readJson(request)
  if (input.kind === 'not-json') {
    sendProblem(response, input.status, `Not set: ${input.problem}`)
    return
  }
  const set = await events.set(input.value)
  if ('problem' in set) {
    sendProblem(response, 400, `Not set: ${set.problem}`)
    return
  }
  await set.asked
  sendJson(response, 200, events.status())
}

/** What the account has: `GET /account` shows it, `PUT /account` replaces it, `DELETE /account` brings the first one back. */
export async function answerAccount(account: Account, request: IncomingMessage, response: ServerResponse) {
  switch (request.method) {
    case 'GET':
      sendJson(response, 200, account.setting())
      return
    case 'DELETE':
      account.reset()
      response.writeHead(204).end()
      return
    case 'PUT':
      await setAccount(account, request, response)
      return
    default:
      sendProblem(response, 405, 'The account can be shown with GET, replaced with PUT and reset with DELETE')
  }
}

async function setAccount(account: Account, request: IncomingMessage, response: ServerResponse) {
  const input = await readJson(request)
  if (input.kind === 'not-json') {
    sendProblem(response, input.status, `Not set: ${input.problem}`)
    return
  }
  const set = account.set(input.value)
  if ('problem' in set) sendProblem(response, 400, `Not set: ${set.problem}`)
  else sendJson(response, 200, set)
}

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
  const input = await readJson(request)
  if (input.kind === 'not-json') {
    sendProblem(response, input.status, `Not added: ${input.problem}`)
    return
  }
  const added = faults.add(input.value)
  if ('problem' in added) sendProblem(response, 400, `Not added: ${added.problem}`)
  else sendJson(response, 201, added)
}
