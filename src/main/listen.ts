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
    const server = serve({ fetch, hostname: host, port }, address => {
      const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
      resolve({ url, close: () => new Promise(closed => server.close(() => closed())) })
    })
    server.once('error', error => reject(Object.assign(error, { setting, port })))
  })
}
