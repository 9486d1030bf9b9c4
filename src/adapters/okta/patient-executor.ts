import { RequestExecutor } from '@okta/okta-sdk-nodejs'

export type Patience = {
  readonly pause: (ms: number) => Promise<void>
  /** Told before each wait, for whoever watches. */
  readonly onWait: (seconds: number) => void
}

type Request = Parameters<RequestExecutor['fetch']>[0]
type Response = Awaited<ReturnType<RequestExecutor['fetch']>>

/**
 * Sends the SDK's requests, and waits as long as Okta says when there were too many. Nothing else is tried again: a
 * request that got no answer may have been carried out. A class, because the SDK asks for one.
 */
export class PatientExecutor extends RequestExecutor {
  readonly #origin: string
  readonly #patience: Patience

  constructor(orgUrl: string, patience: Patience) {
    super()
    this.#origin = new URL(orgUrl).origin
    this.#patience = patience
  }

  override async fetch(request: Request): Promise<Response> {
    // The credential goes to this org alone, wherever a link of an answer or a redirect may point.
    if (request.url === undefined || new URL(request.url).origin !== this.#origin) {
      throw new Error(`Okta's answer points to another place than the org: ${request.url ?? 'nowhere'}`)
    }
    for (let waits = 0; ; waits++) {
      const bounded = { ...request, redirect: 'error', timeout: REQUEST_LIMIT_MS }
      const response = await super.fetch(bounded)
      if (response.status !== 429 || waits === WAITS_MAX) return checkToken(request.url, response)
      const ms = untilReset(response, waits)
      if (ms > WAIT_MAX_MS) return response
      this.#patience.onWait(Math.ceil(ms / 1000))
      await this.#patience.pause(ms)
    }
  }
}

/** Both times are Okta's, so a wrong clock here does not matter. A second more: they are whole seconds. */
function untilReset({ headers }: Response, waits: number): number {
  const reset = Number(headers.get('x-rate-limit-reset') ?? Number.NaN) * 1000
  const now = Date.parse(headers.get('date') ?? '')
  const ms = reset - now + 1_000
  // Too many at the same time has no such header.
  return Number.isFinite(ms) ? Math.max(1_000, ms) : 1_000 * 2 ** waits
}

/** The SDK takes a refused token request for a token (8.1), and goes on with "Bearer undefined". */
async function checkToken(url: string, response: Response): Promise<Response> {
  if (response.ok || !new URL(url).pathname.endsWith('/oauth2/v1/token')) return response
  const text = await response.clone().text()
  if (text.includes('use_dpop_nonce')) return response // the SDK goes on from there
  const answer = parse(text)
  throw Object.assign(new Error(`Okta refused the service app: ${answer.error_description ?? text}`), {
    name: 'OktaTokenError',
    status: response.status,
    errorCode: answer.error ?? '',
    errorSummary: answer.error_description ?? '',
  })
}

function parse(text: string): { readonly error?: string; readonly error_description?: string } {
  try {
    return JSON.parse(text) as { readonly error?: string; readonly error_description?: string }
  } catch {
    return {}
  }
}

const REQUEST_LIMIT_MS = 30_000
const WAITS_MAX = 5
/** Okta's windows are a minute; twice that is something else than a rate limit. */
const WAIT_MAX_MS = 120_000
