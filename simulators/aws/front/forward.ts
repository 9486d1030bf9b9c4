import { Agent, type IncomingMessage, request, type ServerResponse } from 'node:http'

/** Hands a request on as it is, and its answer back as it comes: cut short when it is cut short. */
export type Forwarder = {
  readonly forward: (incoming: IncomingMessage, body: Buffer, url: string, response: ServerResponse) => void
  readonly close: () => void
}

export function createForwarder(): Forwarder {
  // One connection a request: a fault at the carrier must not befall somebody else's.
  const agent = new Agent({ keepAlive: false })
  return {
    forward: (incoming, body, url, response) => {
      const { host: _, connection: _connection, ...headers } = incoming.headers
      const cut = (): void => void response.destroy()
      const sent = request(url, { agent, method: incoming.method, headers }, answer => {
        const { connection: _closed, ...answerHeaders } = answer.headers
        response.writeHead(answer.statusCode ?? 502, answerHeaders)
        answer.on('error', cut)
        answer.pipe(response)
      })
      sent.on('error', cut)
      response.on('close', () => sent.destroy())
      sent.end(body)
    },
    close: () => agent.destroy(),
  }
}
