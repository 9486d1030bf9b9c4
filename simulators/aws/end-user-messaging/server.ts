import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createAccount } from './account.ts'
import { type AwsEndpoint, answerAws, createDryRunRate } from './aws-endpoint.ts'
import { answerCodes, createCodes } from './codes-endpoint.ts'
import { answerAccount, answerEvents, answerFaults } from './control-endpoints.ts'
import { createEvents } from './events.ts'
import { type EventsOptions, readEventsSetting } from './events-setting.ts'
import { createFaults } from './faults.ts'
import { answerFeedback, createFeedback } from './feedback.ts'
import { sendProblem } from './http.ts'
import { createInbox } from './inbox.ts'
import { listen } from './listening.ts'
import { answerMessages } from './messages-endpoint.ts'
import { answerPage } from './page-endpoint.ts'
import { answerSns } from './sns-endpoint.ts'
import { createSpeech } from './speech.ts'
import { createTimers } from './timers.ts'

/** How to start the stand-in. */
export type EndUserMessagingOptions = {
  /** The port to listen on; 0 for any that is free. */
  readonly port: number
  /** The address to listen on. Default: 127.0.0.1, this machine only. */
  readonly host?: string
  /** The clock behind `receivedAt`. Default: the real one. */
  readonly now?: () => Date
  /**
   * Decides faults with a probability below 1, and the events of messages. From 0 to below 1. Default: Math.random.
   */
  readonly random?: () => number
  /** The program that speaks calls. Default: espeak-ng, if it is installed. */
  readonly speechProgram?: string
  /** Where receipts go, as with `PUT /events`. Default: nowhere. */
  readonly events?: EventsOptions
}

/** A running stand-in. */
export type EndUserMessaging = {
  /** Its address, as `http://host:port`: the endpoint for AWS's SDK, and the address of the phone page. */
  readonly url: string
  /** Stops everything promptly: connections, streams, timers and child processes. Can be called twice. */
  close(): Promise<void>
}

/**
 * Starts a stand-in for AWS End User Messaging. Nothing leaves the machine: messages are kept in memory and shown on a
 * phone page. Rejects with the system's error code, for example `EADDRINUSE`, if it cannot listen, and if the options
 * for receipts are wrong.
 */
export async function startEndUserMessaging(options: EndUserMessagingOptions): Promise<EndUserMessaging> {
  const { port, host = '127.0.0.1', now = () => new Date(), random = Math.random } = options
  const wrong = options.events && readEventsSetting(options.events)
  if (wrong && 'problem' in wrong) throw new Error(`events: ${wrong.problem}`)
  const inbox = createInbox()
  const account = createAccount()
  const faults = createFaults(random)
  const speech = createSpeech(options.speechProgram ?? 'espeak-ng')
  const timers = createTimers()
  const codes = createCodes()
  const feedback = createFeedback(now)

  const server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    const answered =
      request.method === 'POST' && path === '/'
        ? answerAws(aws, request, response)
        : answerPeople(path, request, response)
    answered.catch(() => {
      // The client left, or the stand-in has a defect. The program must not exit in either case.
      if (response.headersSent) response.destroy()
      else
        sendProblem(
          response,
          500,
          'The stand-in failed; this is a defect of the stand-in, not a fault on demand',
        )
    })
  })
  const listening = await listen(server, port, host, timers)
  const events = createEvents({ url: listening.url, now, random, ended: inbox.end })
  const aws: AwsEndpoint = {
    inbox,
    account,
    feedback,
    dryRuns: createDryRunRate(),
    now,
    accepted: events.accepted,
    faultFor: faults.faultFor,
    after: timers.after,
    refuseConnections: listening.refuse,
  }

  async function answerPeople(path: string, request: IncomingMessage, response: ServerResponse) {
    if (path === '/messages' || path.startsWith('/messages/'))
      return answerMessages({ inbox, speech }, path, request, response)
    if (path === '/faults') return answerFaults(faults, request, response)
    if (path === '/account') return answerAccount(account, request, response)
    if (path === '/feedback') return answerFeedback(feedback, request, response)
    if (path === '/codes') return answerCodes(codes, request, response)
    if (path === '/events') return answerEvents(events, request, response)
    if (path.startsWith('/sns/')) return answerSns(events, path, request, response)
    if (request.method === 'GET' || request.method === 'HEAD') return answerPage(path, response)
    sendProblem(response, 404, `There is nothing at ${request.method} ${path}`)
  }

  if (options.events) await events.set(options.events)
  return {
    url: listening.url,
    async close() {
      timers.end()
      events.close()
      speech.close()
      await listening.close()
    },
  }
}
