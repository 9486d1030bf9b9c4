import { serve } from '@hono/node-server'

export type Listener = { readonly url: string; readonly close: () => Promise<void> }

/** Serves a web-standard app on one port. Rejects with the setting that names the port when it is taken. */
export function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  host: string,
  port: number,
  setting: string,
): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const serverOptions = { keepAliveTimeout: KEEP_ALIVE_MS }
    const server = serve({ fetch, hostname: host, port, serverOptions }, address => {
      const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
      resolve({ url, close })
    })
    server.once('error', error => reject(Object.assign(error, { setting, port })))
    const close = (): Promise<void> =>
      new Promise(closed => {
        const until = Date.now() + LEAVE_MS
        // A connection that was busy is idle once it was answered, and would be kept open for the next request.
        const closing = setInterval(() => {
          if (!('closeIdleConnections' in server)) return
          if (Date.now() < until) server.closeIdleConnections()
          else server.closeAllConnections()
        }, CLOSE_IDLE_MS)
        server.close(() => {
          clearInterval(closing)
          closed()
        })
      })
  })
}

// Longer than common proxies keep an idle connection (60 s): the proxy must be the one to close it.
const KEEP_ALIVE_MS = 75_000
// Longer than any answer takes: what is still open then is a caller that does not finish its request.
const LEAVE_MS = 5_000
const CLOSE_IDLE_MS = 20
