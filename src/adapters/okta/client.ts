import { Client, Collection } from '@okta/okta-sdk-nodejs'
import type { Secret } from '../../core/values/secret.ts'
import { type Patience, PatientExecutor } from './patient-executor.ts'

/** Who the commands are for Okta: an administrator's API token, or a service app with its private key. */
export type Credential =
  | { readonly kind: 'token'; readonly token: Secret }
  | {
      readonly kind: 'app'
      readonly clientId: string
      /** PEM or JWK. */
      readonly privateKey: Secret
      /** ID of the key, where the key itself does not say it. */
      readonly keyId: string | undefined
      readonly scopes: readonly string[]
    }

/** Okta's management API as JSON, over Okta's own SDK: its sign-in, paging, proxies and errors. */
export function createOktaApi(orgUrl: string, credential: Credential, patience: Patience) {
  const { http } = createClient(orgUrl, credential, patience)
  const request = async (method: string, path: string, body?: object) => {
    const headers = { Accept: 'application/json', 'Content-Type': 'application/json' }
    const given = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
    const untyped: object = given // its types name a package that it does not bring
    return http.http(`${orgUrl}${path}`, untyped)
  }
  const read = async (response: Awaited<ReturnType<typeof request>>): Promise<unknown> => {
    const text = await response.text()
    return text === '' ? undefined : JSON.parse(text)
  }
  const send = async (method: string, path: string, body?: object) => read(await request(method, path, body))
  return {
    orgUrl,
    get: (path: string) => send('get', path),
    post: (path: string, body?: object) => send('post', path, body),
    exchange: async (path: string, body: object) => {
      try {
        const response = await request('post', path, body)
        return {
          kind: 'answered',
          requestId: requestIdIn(response.headers),
          answer: await read(response),
        } as const
      } catch (error) {
        const { headers } = error as { readonly headers?: Headers }
        if (!(error instanceof Error) || headers === undefined) throw error
        return { kind: 'refused', requestId: requestIdIn(headers), error } as const
      }
    },
    put: (path: string, body: object) => send('put', path, body),
    remove: async (path: string) => void (await send('delete', path)),
    list: async (path: string): Promise<readonly unknown[]> => {
      const things: unknown[] = []
      const request: object = { headers: { Accept: 'application/json' } }
      const pages = new Collection<unknown>(http, `${orgUrl}${path}`, AS_IT_IS, request)
      for await (const thing of iterate(pages)) {
        if (things.push(thing) > THINGS_MAX) throw new Error(`${path}: more than ${THINGS_MAX} things`)
      }
      return things
    },
  }
}

function createClient(orgUrl: string, credential: Credential, patience: Patience): Client {
  const app = credential.kind === 'app' ? credential : undefined
  return new Client({
    orgUrl,
    authorizationMode: credential.kind === 'app' ? 'PrivateKey' : 'SSWS',
    // Everything is named, or the SDK would take it from its own files and variables.
    token: credential.kind === 'token' ? credential.token.reveal() : '',
    clientId: app?.clientId ?? '',
    scopes: [...(app?.scopes ?? [])],
    privateKey: app?.privateKey.reveal() ?? '',
    keyId: app?.keyId ?? '',
    requestExecutor: new PatientExecutor(orgUrl, patience),
    cacheMiddleware: null, // what was read before a change is not true after it
  })
}

function requestIdIn(headers: { readonly get: (name: string) => string | null }): string | undefined {
  return headers.get('x-okta-request-id') ?? undefined
}

/** The SDK's own iterator gives null for an empty page. */
async function* iterate(pages: Collection<unknown>): AsyncGenerator<unknown> {
  for (;;) {
    const { done, value } = await pages.next()
    if (value !== null) yield value
    if (done && value === null) return
  }
}

const AS_IT_IS = {
  createInstance: (thing: Record<string, unknown>) => thing,
  parseResponse: async () => undefined,
}
const THINGS_MAX = 20_000
