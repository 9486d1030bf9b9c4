import type { Secret } from '../../core/values/secret.ts'
import {
  createSend,
  type OktaAnswer,
  type OktaRequest,
  type Patience,
  type ProxyVariables,
} from './exchange.ts'
import { OktaHttpError, readRefusal } from './okta-http-error.ts'
import { createAppCredential, type ServiceApp } from './service-app.ts'

/** The commands' credential for Okta: an administrator's API token, or a service app with its private key. */
export type Credential = { readonly kind: 'token'; readonly token: Secret } | ServiceApp

/**
 * Okta's management API as JSON. Calls reject with `OktaHttpError` if Okta refuses, and with Node's network errors if
 * it does not answer. A request is repeated in two cases, in which Okta certainly did nothing: after a rate limit, and
 * once with a new access token if Okta no longer accepts the old one (HTTP 401).
 */
export function createOktaApi(
  orgUrl: string,
  credential: Credential,
  patience: Patience,
  proxy: ProxyVariables = {},
) {
  const send = createSend(orgUrl, patience, proxy)
  const app = credential.kind === 'app' ? createAppCredential(orgUrl, credential, send) : undefined
  const token = credential.kind === 'token' ? credential.token : undefined

  const request = async (method: OktaRequest['method'], url: string, body?: object): Promise<OktaAnswer> => {
    const plain: OktaRequest = {
      method,
      url,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      ...(token && { authorization: { scheme: 'SSWS', value: token } }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }
    if (app === undefined) return send(plain)
    const answer = await send(await app.sign(plain))
    if (answer.status !== 401) return answer
    app.forget()
    return send(await app.sign(plain))
  }
  const call = async (method: OktaRequest['method'], path: string, body?: object): Promise<unknown> =>
    read(await request(method, `${orgUrl}${path}`, body))

  return {
    orgUrl,
    get: (path: string) => call('GET', path),
    post: (path: string, body?: object) => call('POST', path, body),
    exchange: async (path: string, body: object) => {
      const answer = await request('POST', `${orgUrl}${path}`, body)
      const requestId = answer.header('x-okta-request-id')
      if (isDone(answer)) return { kind: 'answered', requestId, answer: read(answer) } as const
      return { kind: 'refused', requestId, error: readRefusal(answer.status, answer.text) } as const
    },
    put: (path: string, body: object) => call('PUT', path, body),
    remove: async (path: string) => void (await call('DELETE', path)),
    list: async (path: string): Promise<readonly unknown[]> => {
      const things: unknown[] = []
      let url: string | undefined = `${orgUrl}${path}`
      for (let pages = 0; url !== undefined; pages += 1) {
        const answer: OktaAnswer = await request('GET', url)
        const page = read(answer)
        if (!Array.isArray(page)) throw notOktas(answer)
        things.push(...page)
        if (things.length > THINGS_MAX || pages === PAGES_MAX) {
          throw new Error(`${path}: more than ${THINGS_MAX} things or ${PAGES_MAX} pages`)
        }
        url = nextPage(answer)
      }
      return things
    },
  }
}

function read(answer: OktaAnswer): unknown {
  if (!isDone(answer)) throw readRefusal(answer.status, answer.text)
  if (answer.text === '') return undefined
  try {
    return JSON.parse(answer.text)
  } catch {
    throw notOktas(answer)
  }
}

/** For example a page of HTML: something other than Okta answers at this address. */
function notOktas({ url, status }: OktaAnswer): OktaHttpError {
  const nothing = { status, errorCode: '', errorSummary: '' }
  return new OktaHttpError(`${url} answered HTTP ${status}, and not as Okta's API does`, nothing)
}

function isDone({ status }: OktaAnswer): boolean {
  return status >= 200 && status < 300
}

/** RFC 8288: `<https://…?after=…>; rel="next"`, among other links. */
function nextPage({ header, url }: OktaAnswer): string | undefined {
  for (const link of (header('link') ?? '').split('<').slice(1)) {
    const [target = '', parameters = ''] = link.split('>')
    if (/;\s*rel="?next"?(?=[\s;,]|$)/i.test(parameters)) return new URL(target, url).href
  }
  return undefined
}

const THINGS_MAX = 20_000
const PAGES_MAX = 1_000
