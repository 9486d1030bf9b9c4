import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Timers } from './timers.ts'

/** A server that listens on a port, and can release it for a while. */
export type Listening = {
  /** As `http://host:port`. */
  readonly url: string
  /** Cuts all connections and refuses new ones; then listens on the same port again. */
  refuse(ms: number): void
  close(): Promise<void>
}

/** Rejects with the system's error code if it cannot listen on the port. */
export async function listen(server: Server, port: number, host: string, timers: Timers): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const address = server.address() as AddressInfo
  const listenAgain = () => server.listen(address.port, host)
  // Later errors come from listening again: another program may use the port for a while.
  server.on('error', () => timers.after(TRY_AGAIN_MS, listenAgain))
  return {
    url: urlOf(address),
    refuse(ms) {
      if (!server.listening) return
      server.close()
      server.closeAllConnections()
      timers.after(ms, listenAgain)
    },
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const TRY_AGAIN_MS = 100

function urlOf({ address, family, port }: AddressInfo): string {
  return family === 'IPv6' ? `http://[${address}]:${port}` : `http://${address}:${port}`
}
