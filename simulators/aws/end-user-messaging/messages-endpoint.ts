import type { IncomingMessage, ServerResponse } from 'node:http'
import { send, sendJson, sendProblem } from './http.ts'
import type { Inbox } from './inbox.ts'
import type { Speech } from './speech.ts'

/** The dependencies of `/messages`. */
export type MessagesEndpoint = { readonly inbox: Inbox; readonly speech: Speech }

/**
 * The messages that arrived:
 * - `GET /messages`: all messages, oldest first; `?messageId=` only that one, `?limit=` only the newest;
 * - `DELETE /messages`: deletes them;
 * - `GET /messages/stream`: server-sent events, a `message` for each arrival, `changed` and `cleared`;
 * - `GET /messages/:messageId/speech.wav`: a call, spoken.
 */
export async function answerMessages(
  endpoint: MessagesEndpoint,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const { inbox } = endpoint
  const spoken = /^\/messages\/([^/]+)\/speech\.wav$/.exec(path)
  if (path === '/messages' && request.method === 'DELETE') {
    inbox.clear()
    response.writeHead(204).end()
  } else if (request.method !== 'GET') {
    sendProblem(response, 405, 'Messages can be read with GET and cleared with DELETE /messages')
  } else if (path === '/messages') {
    listMessages(inbox, new URL(request.url ?? '', 'http://localhost').searchParams, response)
  } else if (path === '/messages/stream') {
    streamMessages(inbox, response)
  } else if (spoken) {
    await speakMessage(endpoint, spoken[1] ?? '', response)
  } else {
    sendProblem(response, 404, `There is nothing at GET ${path}`)
  }
}

function listMessages(inbox: Inbox, query: URLSearchParams, response: ServerResponse): void {
  const messageId = query.get('messageId')
  if (messageId !== null) {
    const message = inbox.get(messageId)
    sendJson(response, 200, message ? [message] : [])
    return
  }
  const limit = query.get('limit')
  if (limit !== null && !/^[1-9][0-9]{0,5}$/.test(limit)) {
    sendProblem(response, 400, 'limit must be a whole number from 1 to 999999')
    return
  }
  sendJson(response, 200, inbox.list(limit === null ? undefined : Number(limit)))
}

function streamMessages(inbox: Inbox, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  const write = (event: string) => {
    response.write(event)
    // A reader that does not keep up is disconnected: it can reconnect and read the list.
    if (response.writableLength > UNREAD_BYTES_MAX) response.destroy()
  }
  const unsubscribe = inbox.subscribe({
    arrived: message => write(`id: ${message.messageId}\ndata: ${JSON.stringify(message)}\n\n`),
    changed: message => write(`event: changed\ndata: ${JSON.stringify(message)}\n\n`),
    cleared: () => write('event: cleared\ndata: {}\n\n'),
  })
  response.on('close', unsubscribe)
  write('retry: 1000\n\n')
}

const UNREAD_BYTES_MAX = 4 * 1024 * 1024

async function speakMessage(
  { inbox, speech }: MessagesEndpoint,
  messageId: string,
  response: ServerResponse,
) {
  const message = inbox.get(messageId)
  if (message?.channel !== 'voice') {
    sendProblem(response, 404, message ? 'Only calls can be spoken' : 'There is no message with this ID')
    return
  }
  const spoken = await speech.speak(message)
  if (spoken.kind === 'not-spoken') sendProblem(response, spoken.status, spoken.reason)
  else send(response, 200, 'audio/wav', spoken.wav, { 'cache-control': 'private, max-age=3600' })
}
