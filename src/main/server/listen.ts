import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Problem } from '../../cli/terminal/problem.ts'

export type Listener = {
  readonly url: string
  /**
   * Accepts no new requests, answers those in progress, and closes, at the latest a quarter of a second after the last
   * answer.
   */
  readonly close: () => Promise<void>
}

/** Serves on one port. Rejects with a problem that names the setting of the port when it is taken. */
export function listen(
  listener: RequestListener,
  host: string,
  port: number,
  setting: string,
): Promise<Listener> {
  return new Promise((resolve, reject) => {
    let underWay = 0
    const server = createServer(SERVER_OPTIONS, (incoming, outgoing) => {
      underWay += 1
      outgoing.once('close', () => {
        underWay -= 1
      })
      listener(incoming, outgoing)
    })
    server.listen(port, host, () => {
      const address = server.address() as AddressInfo
      const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
      resolve({ url, close })
    })
    server.maxConnections = CONNECTIONS_MAX
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(error)
      const remedy = `end the program that uses it, or choose another, such as ${setting}=8090.`
      reject(new Problem('settings', `${setting} ${port} is in use: ${remedy}`))
    })
    const close = (): Promise<void> =>
      new Promise(closed => {
        const startedAt = performance.now()
        let busyAt = startedAt
        // A connection becomes idle after its answer, and would be kept open for the next request. One that is still
        // busy then belongs to a caller that does not finish its request, or does not read the answer.
        const closing = setInterval(() => {
          const now = performance.now()
          if (underWay > 0) busyAt = now
          if (now - busyAt > GRACE_MS || now - startedAt > LEAVE_MS) server.closeAllConnections()
          else server.closeIdleConnections()
        }, CLOSE_IDLE_MS)
        server.close(() => {
          clearInterval(closing)
          closed()
        })
      })
  })
}

const SERVER_OPTIONS = {
  // Longer than common proxies keep an idle connection (60 s): the proxy must be the one to close it.
  keepAliveTimeout: 75_000,
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 1_000, // of the two timeouts above; Node's default is half a minute
}
/** Okta makes about 75 requests at once for one org; further connections are closed. */
const CONNECTIONS_MAX = 1_000
const GRACE_MS = 250
const LEAVE_MS = 5_000 // longer than any answer takes
const CLOSE_IDLE_MS = 20
