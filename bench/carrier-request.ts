import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One signed request to the carrier, as it went over the wire. */
export type CarrierRequest = { readonly headers: Readonly<Record<string, string>>; readonly body: string }

/** Takes what `send` sends to the carrier at the address that it is given. */
export async function captureCarrierRequest(
  send: (carrierUrl: string) => Promise<void>,
): Promise<CarrierRequest> {
  let captured: CarrierRequest | undefined
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    captured = { headers: headersOf(request.headers), body: Buffer.concat(chunks).toString('utf8') }
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
    response.end('{"MessageId":"captured"}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await send(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.close()
    server.closeAllConnections()
  }
  if (captured === undefined) throw new Error('Nothing was sent to the carrier')
  return captured
}

/** Without what belongs to the connection. */
function headersOf(headers: NodeJS.Dict<string | string[]>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' && name !== 'host' && name !== 'connection' ? [[name, value]] : [],
    ),
  )
}
