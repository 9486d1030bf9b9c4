import type { buildConnector, Dispatcher } from 'undici'
import createConnector from 'undici/lib/core/connect.js'
import Client from 'undici/lib/dispatcher/client.js'
import type { TimeLimit } from '../../../core/deliver/clock.ts'
import type { Answer } from './answer.ts'
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
 * Over undici, which costs less a request than Node's own client and more to start: for servers. Each connection is a
 * client of undici with one request at a time, because its pool tells neither which connection carries a request nor
 * how long that was idle.
 */
export function createUndiciTransport(limits: TransportLimits): Transport {
  const connect = createConnector({ allowH2: false, timeout: limits.connectMs })
  const connections = new Map<string, Connections>() // as many as regions in the routes
  const connectionsTo = (origin: string): Connections => {
    const known = connections.get(origin) ?? keepConnections(origin, connect, limits.now)
    connections.set(origin, known)
    return known
  }
  return {
    exchange: (request, signal) => {
      if (signal?.aborted) return Promise.reject(new NoAnswer(ends.aborted(), true))
      return exchange(connectionsTo(request.endpoint.origin), request, signal, limits)
    },
    close: () => {
      for (const { close } of connections.values()) close()
    },
  }
}

function exchange(
  connections: Connections,
  { headers, body }: WireRequest,
  signal: TimeLimit | undefined,
  limits: TransportLimits,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let client: Client | undefined
    let mayHaveWritten = false
    let isOver = false
    let status = 0
    let answerHeaders: Answer['headers'] = {}
    let size = 0
    const chunks: Buffer[] = []

    const end = (error?: Error): void => {
      if (isOver) return
      isOver = true
      time.stop()
      if (client !== undefined) connections.giveBack(client, error)
      if (error === undefined) resolve({ status, headers: answerHeaders, body: Buffer.concat(chunks) })
      else reject(new NoAnswer(asSystemError(error), !mayHaveWritten))
    }
    const time = limitTime(limits, signal, end)

    const handler: Dispatcher.DispatchHandler = {
      // Just before the first byte. What is aborted here is never written.
      onRequestStart: controller => {
        if (isOver) return controller.abort(ends.aborted())
        time.connected()
        mayHaveWritten = true
      },
      onResponseStart: (_, statusCode, fields) => {
        status = statusCode
        answerHeaders = fields
      },
      onResponseData: (_, chunk) => {
        chunks.push(chunk)
        size += chunk.length
        if (size > limits.answerMaxBytes) end(ends.tooLarge(limits.answerMaxBytes))
      },
      onResponseEnd: () => end(),
      onResponseError: (_, error) => end(error),
    }
    connections.take(free => {
      if (isOver) return connections.giveBack(free)
      client = free
      client.dispatch({ method: 'POST', path: '/', headers, body }, handler)
    })
  })
}

type Connections = {
  /** Calls back with a connection that is free: at once, unless as many as there may be are in use. */
  readonly take: (use: (client: Client) => void) => void
  /** With an error, the connection is closed. */
  readonly giveBack: (client: Client, error?: Error) => void
  readonly close: () => void
}

function keepConnections(origin: string, connect: buildConnector.connector, now: () => number): Connections {
  const all = new Set<Client>()
  const idle: { readonly client: Client; readonly since: number }[] = [] // the one used last at the end
  const waiting: ((client: Client) => void)[] = []
  const drop = (client: Client): void => {
    all.delete(client)
    client.destroy().catch(() => undefined)
  }
  const open = (): Client => {
    // Without time limits of its own: `exchange` has them.
    const client = new Client(origin, { connect, allowH2: false, headersTimeout: 0, bodyTimeout: 0 })
    all.add(client)
    return client
  }
  return {
    take: use => {
      const firstFresh = idle.findIndex(({ since }) => now() - since <= IDLE_MAX_MS)
      for (const { client } of idle.splice(0, firstFresh < 0 ? idle.length : firstFresh)) drop(client)
      const pooled = idle.pop()
      if (pooled !== undefined) use(pooled.client)
      else if (all.size < CONNECTIONS_MAX) use(open())
      else waiting.push(use)
    },
    giveBack: (client, error) => {
      if (error !== undefined) drop(client)
      const next = waiting.shift()
      if (next !== undefined) next(error === undefined ? client : open())
      else if (error === undefined) idle.push({ client, since: now() })
    },
    close: () => {
      for (const client of all) drop(client)
      idle.length = 0
    },
  }
}

/** By the names that Node's own client gives the same: the other side closed the connection. */
function asSystemError(error: Error & { readonly code?: unknown }): Error {
  return error.code === 'UND_ERR_SOCKET' ? ends.closed() : error
}
