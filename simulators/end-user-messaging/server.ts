import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type AwsEndpoint, answerAws } from './aws-endpoint.ts'
import { createFaults } from './faults.ts'
import { answerFaults } from './faults-endpoint.ts'
import { sendProblem } from './http.ts'
import { createInbox } from './inbox.ts'
import { answerMessages } from './messages-endpoint.ts'
import { answerPage } from './page-endpoint.ts'
import { createSpeech } from './speech.ts'

/** How to start the stand-in. */
export type EndUserMessagingOptions = {
  /** The port to listen on; 0 for any that is free. */
  readonly port: number
  /** The address to listen on. Default: 127.0.0.1, this machine only. */
  readonly host?: string
  /** The clock behind `receivedAt`. Default: the real one. */
  readonly now?: () => Date
  /** Decides faults with a probability below 1. From 0 to below 1. Default: Math.random. */
  readonly random?: () => number
  /** The program that speaks calls. Default: espeak-ng, if it is installed. */
  readonly speechProgram?: string
}

/** A stand-in that runs. */
export type EndUserMessaging = {
  /** Where it listens, as `http://host:port`: the endpoint for AWS's SDK, and the address of the phone page. */
  readonly url: string
  /** Ends everything promptly: connections, streams, timers and child processes. Can be called twice. */
  close(): Promise<void>
}

/**
 * Starts a stand-in for AWS End User Messaging. Nothing leaves the machine: what is sent is kept in memory and shown on
 * a phone page. Rejects when it cannot listen, with the code of the system, for example `EADDRINUSE`.
 */
export async function startEndUserMessaging(options: EndUserMessagingOptions): Promise<EndUserMessaging> {
  const { port, host = '127.0.0.1', now = () => new Date(), random = Math.random } = options
  const inbox = createInbox()
  const faults = createFaults(random)
  const speech = createSpeech(options.speechProgram ?? 'espeak-ng')
  const timers = createTimers()
  const aws: AwsEndpoint = { inbox, now, faultFor: faults.faultFor, after: timers.after }

  const server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    const answered =
      request.method === 'POST' && path === '/'
        ? answerAws(aws, request, response)
        : answerPeople(path, request, response)
    answered.catch(() => {
      // Either the client left, or this is a defect of the stand-in: in neither case may the program end.
      if (response.headersSent) response.destroy()
      else
        sendProblem(response, 500, 'The stand-in failed; this is a defect of its own, not a fault on demand')
    })
  })

  async function answerPeople(path: string, request: IncomingMessage, response: ServerResponse) {
    if (path === '/messages' || path.startsWith('/messages/'))
      return answerMessages({ inbox, speech }, path, request, response)
    if (path === '/faults') return answerFaults(faults, request, response)
    if (request.method === 'GET' || request.method === 'HEAD') return answerPage(path, response)
    sendProblem(response, 404, `There is nothing at ${request.method} ${path}`)
  }

  await listen(server, port, host)
  return {
    url: urlOf(server.address() as AddressInfo),
    async close() {
      timers.end()
      speech.close()
      await new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function urlOf({ address, family, port }: AddressInfo): string {
  return family === 'IPv6' ? `http://[${address}]:${port}` : `http://${address}:${port}`
}

/** Timers that can all be ended at once; none starts after that. */
function createTimers() {
  const pending = new Set<NodeJS.Timeout>()
  let ended = false
  return {
    after(ms: number, callback: () => void): void {
      if (ended) return
      const timer = setTimeout(() => {
        pending.delete(timer)
        callback()
      }, ms)
      pending.add(timer)
    },
    end(): void {
      ended = true
      for (const timer of pending) clearTimeout(timer)
      pending.clear()
    },
  }
}
