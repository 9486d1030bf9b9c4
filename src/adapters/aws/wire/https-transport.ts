import * as http from 'node:http'
import * as https from 'node:https'
import type { Duplex } from 'node:stream'
import type { TimeLimit } from '../../../core/deliver/clock.ts'
import type { Answer } from './answer.ts'
import type { Environment } from './endpoint.ts'
import {
  CONNECTIONS_MAX,
  ends,
  IDLE_MAX_MS,
  limitTime,
  NoAnswer,
  type Transport,
  type TransportLimits,
  type WireRequest,
} from './exchange.ts'

/**
 * Over Node's own client, which a function has loaded anyway. HTTPS goes through the proxy that HTTPS_PROXY and NO_PROXY
 * of the environment name; the proxy sees a tunnel.
 */
export function createHttpsTransport(limits: TransportLimits, environment: Environment = {}): Transport {
  const { HTTPS_PROXY, https_proxy, NO_PROXY, no_proxy } = environment
  const hasProxy = HTTPS_PROXY !== undefined || https_proxy !== undefined
  const proxyEnv = { HTTPS_PROXY, https_proxy, NO_PROXY, no_proxy }
  const { now } = limits
  const plain = withFreshSockets(new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS_MAX }), now)
  const tls = withFreshSockets(
    new https.Agent({ keepAlive: true, maxSockets: CONNECTIONS_MAX, ...(hasProxy && { proxyEnv }) }),
    now,
  )
  return {
    exchange: (request, signal) => {
      // A caller that waited for credentials may come here long after its time is over: then no connection is made.
      if (signal?.aborted) return Promise.reject(new NoAnswer(ends.aborted(), true))
      const [{ request: open }, { agent, dropStale }] =
        request.endpoint.protocol === 'http:' ? [http, plain] : [https, tls]
      dropStale()
      return exchange(options => open({ ...options, agent }), request, signal, limits)
    },
    close: () => {
      plain.agent.destroy()
      tls.agent.destroy()
    },
  }
}

function exchange(
  open: (options: http.RequestOptions) => http.ClientRequest,
  { endpoint, headers, body }: WireRequest,
  signal: TimeLimit | undefined,
  limits: TransportLimits,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = open({
      host: endpoint.hostname.replace(/^\[(.*)\]$/, '$1'), // an IPv6 address has brackets in a URL only
      port: endpoint.port,
      method: 'POST',
      path: '/',
      headers,
    })
    let mayHaveWritten = false
    let isOver = false
    const end = (error: Error): void => {
      if (isOver) return
      done()
      outgoing.destroy(error)
      reject(new NoAnswer(error, !mayHaveWritten)) // at once: a request that waits for a connection does not say so
    }
    const time = limitTime(limits, signal, end)
    const written = (): void => {
      time.connected()
      mayHaveWritten = true
    }
    const done = (): void => {
      isOver = true
      time.stop()
    }

    outgoing.on('socket', socket => {
      if (outgoing.reusedSocket) written()
      else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', written)
    })
    outgoing.on('error', end)
    outgoing.on('close', () => isOver || end(ends.closed())) // the only word of a connection that was switched to another protocol
    outgoing.on('response', incoming => {
      const chunks: Buffer[] = []
      let size = 0
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        size += chunk.length
        if (size > limits.answerMaxBytes) end(ends.tooLarge(limits.answerMaxBytes))
      })
      incoming.on('error', end)
      incoming.on('end', () => {
        done()
        const { statusCode: status = 0, headers } = incoming
        resolve({ status, headers, body: Buffer.concat(chunks) })
      })
    })
    outgoing.end(body)
  })
}

/** An agent and the means to close those of its sockets that were idle for too long. */
function withFreshSockets<A extends http.Agent>(agent: A, now: () => number) {
  const idleSince = new WeakMap<Duplex, number>()
  agent.on('free', (socket: Duplex) => void idleSince.set(socket, now()))
  const dropStale = (): void => {
    for (const sockets of Object.values(agent.freeSockets)) {
      for (const socket of sockets ?? []) {
        if (now() - (idleSince.get(socket) ?? 0) > IDLE_MAX_MS) socket.destroy()
      }
    }
  }
  return { agent, dropStale }
}
