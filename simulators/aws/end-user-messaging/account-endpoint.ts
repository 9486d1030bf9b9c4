import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Account } from './account.ts'
import { readJson, sendJson, sendProblem } from './http.ts'

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
  const given = await readJson(request)
  if (given.kind === 'not-json') {
    sendProblem(response, given.status, `Not set: ${given.problem}`)
    return
  }
  const set = account.set(given.value)
  if ('problem' in set) sendProblem(response, 400, `Not set: ${set.problem}`)
  else sendJson(response, 200, set)
}
