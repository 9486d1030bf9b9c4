import { createServer, type Server } from 'node:http'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'

/** An authorization server other than the stand-in: one key, and a token for every request. */
export type OtherIssuer = AsyncDisposable & {
  readonly issuer: string
  readonly sign: (claims: JWTPayload) => Promise<string>
}

export async function startOtherIssuer(host = '127.0.0.1'): Promise<OtherIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'only', alg: 'RS256', use: 'sig' }
  const server = createServer((request, response) => {
    const isKeys = request.url === '/tenants/7/v1/keys'
    response.writeHead(isKeys ? 200 : 404, { 'content-type': 'application/json' })
    response.end(isKeys ? JSON.stringify({ keys: [jwk] }) : '{}')
  })
  const issuer = `${await listen(server, host)}/tenants/7`
  return {
    issuer,
    sign: claims =>
      new SignJWT({ iss: issuer, ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: 'only' })
        .setIssuedAt()
        .setExpirationTime('5 minutes')
        .sign(privateKey),
    [Symbol.asyncDispose]: () => close(server),
  }
}

/** A carrier other than the stand-in: it accepts everything, and stores it unchanged. */
export type OtherCarrier = AsyncDisposable & {
  readonly url: string
  readonly taken: () => readonly {
    readonly target: string
    readonly input: Readonly<Record<string, unknown>>
  }[]
}

export async function startOtherCarrier(host = '127.0.0.1'): Promise<OtherCarrier> {
  const taken: { target: string; input: Record<string, unknown> }[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const target = String(request.headers['x-amz-target'])
    taken.push({ target, input: JSON.parse(Buffer.concat(chunks).toString()) })
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
    response.end(JSON.stringify({ MessageId: `other-${taken.length}` }))
  })
  const url = await listen(server, host)
  return { url, taken: () => taken, [Symbol.asyncDispose]: () => close(server) }
}

async function listen(server: Server, host: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, host, resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port')
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
}

function close(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
