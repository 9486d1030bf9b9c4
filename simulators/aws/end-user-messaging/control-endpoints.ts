import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Account } from './account.ts'
import type { Events } from './events.ts'
import type { Faults } from './faults.ts'
import { readJson, sendJson, sendProblem } from './http.ts'

/**
 * Receipts: `PUT /events` sets their destination, `GET /events` shows counts, `DELETE /events` stops them. With SNS,
 * `PUT` answers after the first confirmation request to the subscriber.
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
      sendProblem(response, 405, 'Events can be set with PUT, read with GET and stopped with DELETE')
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
  await set.confirmationRequested
  sendJson(response, 200, events.status())
}

/** The account: `GET /account` shows it, `PUT /account` replaces it, `DELETE /account` restores the default one. */
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
      sendProblem(response, 405, 'The account can be read with GET, replaced with PUT and reset with DELETE')
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

/**
 * Failures on demand: `GET /faults` lists the rules, `POST /faults` adds one or several, `DELETE /faults` removes them.
 */
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
      sendProblem(response, 405, 'Faults can be listed with GET, added with POST and removed with DELETE')
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
