import * as http from 'node:http'
import * as https from 'node:https'
import type { Duplex } from 'node:stream'
import type { HttpHandlerOptions, HttpRequest, HttpResponse } from '@smithy/types'

/** Whether any byte of a request may have left this machine. Before that, giving up proves that nothing was sent. */
export type WriteTrace = { mayHaveWritten: boolean }

export type ConnectionAwareHandler = {
  readonly handle: (request: HttpRequest, options?: HttpHandlerOptions) => Promise<{ response: HttpResponse }>
  /** The trace to follow for requests that are given this signal. */
  readonly trace: (signal: AbortSignal, trace: WriteTrace) => void
  readonly destroy: () => void
}

/**
 * Carries the SDK's requests over HTTP/1.1, keep-alive. The SDK's own handler cannot tell an abort before the
 * connection from one after the request was written; for a text message that is the difference between "try
 * the next number" and "never again". A socket that was idle for more than a few seconds of wall-clock time
 * (a function that was frozen) is not used again: a reset on it would be an unknown of our own making.
 */
export function createConnectionAwareHandler(connectMs: number, now: () => number): ConnectionAwareHandler {
  const traces = new WeakMap<AbortSignal, WriteTrace>()
  const agents = { 'http:': freshAgent(http.Agent, now), 'https:': freshAgent(https.Agent, now) }
  return {
    trace: (signal, trace) => void traces.set(signal, trace),
    destroy: () => {
      for (const agent of Object.values(agents)) agent.destroy()
    },
    handle: (request, { abortSignal } = {}) => {
      // Whoever looked for credentials may come here long after the time is over: not even a connection is made.
      if (abortSignal?.aborted) return Promise.reject(givenUp())
      const isPlain = request.protocol === 'http:'
      const agent = agents[isPlain ? 'http:' : 'https:']
      agent.dropStale()
      return exchange(isPlain ? http : https, agent, request, abortSignal as AbortSignal | undefined, {
        connectMs,
        trace: traces.get(abortSignal as AbortSignal) ?? { mayHaveWritten: false },
      })
    },
  }
}

function exchange(
  { request: open }: typeof http | typeof https,
  agent: http.Agent,
  { hostname, port, method, path, headers, body }: HttpRequest,
  signal: AbortSignal | undefined,
  { connectMs, trace }: { connectMs: number; trace: WriteTrace },
): Promise<{ response: HttpResponse }> {
  return new Promise((resolve, reject) => {
    const outgoing = open({
      agent,
      host: hostname.replace(/^\[(.*)\]$/, '$1'), // an IPv6 address stands in brackets in a URL only
      method,
      path,
      headers,
      ...(port !== undefined && { port }),
    })
    const giveUp = (): void => void outgoing.destroy(givenUp())
    const connecting = setTimeout(
      () => outgoing.destroy(named('ConnectTimeout', `No connection within ${connectMs} ms`)),
      connectMs,
    )
    const written = (): void => {
      clearTimeout(connecting)
      trace.mayHaveWritten = true
    }
    const done = (): void => {
      clearTimeout(connecting)
      signal?.removeEventListener('abort', giveUp)
    }
    const fail = (error: Error): void => {
      done()
      reject(error)
    }

    outgoing.on('socket', socket => {
      if (outgoing.reusedSocket) written()
      else
        socket.once('secureConnect' in socket || 'encrypted' in socket ? 'secureConnect' : 'connect', written)
    })
    outgoing.on('error', fail)
    outgoing.on('response', incoming => {
      const chunks: Buffer[] = []
      let size = 0
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        size += chunk.length
        if (size > ANSWER_MAX_BYTES)
          outgoing.destroy(named('AnswerTooLarge', `More than ${ANSWER_MAX_BYTES} bytes`))
      })
      incoming.on('error', fail)
      incoming.on('end', () => {
        done()
        const { statusCode = 0, headers } = incoming
        resolve({ response: { statusCode, headers: flat(headers), body: Buffer.concat(chunks) } })
      })
    })
    signal?.addEventListener('abort', giveUp, { once: true })
    outgoing.end(body)
  })
}

/** A keep-alive agent that can drop the sockets that were idle for too long. */
function freshAgent<A extends typeof http.Agent>(Agent: A, now: () => number) {
  const idleSince = new WeakMap<Duplex, number>()
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS_MAX })
  agent.on('free', (socket: Duplex) => void idleSince.set(socket, now()))
  return Object.assign(agent, {
    dropStale: () => {
      for (const sockets of Object.values(agent.freeSockets)) {
        for (const socket of sockets ?? []) {
          if (now() - (idleSince.get(socket) ?? 0) > IDLE_MAX_MS) socket.destroy()
        }
      }
    },
  })
}

function flat(headers: http.IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')])
  return Object.fromEntries(entries)
}

function givenUp(): Error {
  return named('AbortError', 'Given up: the time is over')
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name })
}

const IDLE_MAX_MS = 4_000
const SOCKETS_MAX = 500
const ANSWER_MAX_BYTES = 262_144 // AWS answers with less than one kilobyte
