import { decide, statementsOf } from '../iam/iam.ts'
import type { Invocation } from '../lambda/execution-environment.ts'
import type { Authorizer, RestApi } from './api.ts'
import { type Arrived, type Context, methodArn, requestAuthorizerEvent } from './proxy-event.ts'
import type { RefusalType } from './refusal.ts'

type Authorized =
  | { readonly kind: 'in'; readonly context: Context }
  | { readonly kind: 'out'; readonly refusal: RefusalType; readonly message?: string }

/** Calls the authorizer's function, or uses a cached result. */
export type Authorize = (arrived: Arrived, authorizer: Authorizer) => Promise<Authorized>

export type AuthorizeOptions = {
  readonly api: RestApi
  /** Undefined if the gateway may not call the authorizer's function. */
  readonly invoke: (authorizer: Authorizer, event: object) => Promise<Invocation> | undefined
  readonly now: () => number
}

type CachedPolicy = { readonly document: unknown; readonly context: Context; readonly until: number }

export function createAuthorize({ api, invoke, now }: AuthorizeOptions): Authorize {
  const cache = new Map<string, CachedPolicy>()
  return async (arrived, authorizer) => {
    const identity = authorizer.identitySources.map(
      name => arrived.request.headers[name.toLowerCase()]?.toString() ?? '',
    )
    if (identity.some(value => value === '')) return { kind: 'out', refusal: 'UNAUTHORIZED' }
    const [token = ''] = identity
    if (authorizer.validation?.test(token) === false) return { kind: 'out', refusal: 'UNAUTHORIZED' }

    const key = JSON.stringify([authorizer.id, ...identity])
    const known = cache.get(key)
    if (authorizer.ttlSeconds > 0 && known !== undefined && now() < known.until) {
      return judge(known, arrived, api)
    }
    const event =
      authorizer.type === 'TOKEN'
        ? { type: 'TOKEN', methodArn: methodArn(arrived, api), authorizationToken: token }
        : requestAuthorizerEvent(arrived, api)
    const invocation = await invoke(authorizer, event)
    if (invocation === undefined) return { kind: 'out', refusal: 'AUTHORIZER_CONFIGURATION_ERROR' }
    if (invocation.kind === 'error') {
      // API Gateway requires exactly the message "Unauthorized".
      const isUnauthenticated = invocation.errorMessage === 'Unauthorized'
      return { kind: 'out', refusal: isUnauthenticated ? 'UNAUTHORIZED' : 'AUTHORIZER_FAILURE' }
    }
    const answer = readAnswer(invocation.payload)
    if (answer === undefined) return { kind: 'out', refusal: 'AUTHORIZER_CONFIGURATION_ERROR' }
    const fresh = { ...answer, until: now() + authorizer.ttlSeconds * 1000 }
    cache.set(key, fresh)
    return judge(fresh, arrived, api)
  }
}

/** A cached policy is evaluated for each method: one that names a single method denies all others. */
function judge({ document, context }: CachedPolicy, arrived: Arrived, api: RestApi): Authorized {
  const requested = { action: 'execute-api:Invoke', resource: methodArn(arrived, api) }
  const decision = decide(statementsOf(document), requested)
  if (decision === 'allowed') return { kind: 'in', context }
  const message =
    decision === 'denied'
      ? { message: 'User is not authorized to access this resource with an explicit deny' }
      : {}
  return { kind: 'out', refusal: 'ACCESS_DENIED', ...message }
}

/** Undefined if the gateway would reject the answer: developer guide, "Output from a Lambda authorizer". */
function readAnswer(payload: string): Pick<CachedPolicy, 'document' | 'context'> | undefined {
  const answer: unknown = JSON.parse(payload)
  if (typeof answer !== 'object' || answer === null) return undefined
  const { principalId, policyDocument, context = {} } = answer as Readonly<Record<string, unknown>>
  const entries = Object.entries(Object(context) as Readonly<Record<string, unknown>>)
  const isFlat = entries.every(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
  if (
    typeof principalId !== 'string' ||
    typeof policyDocument !== 'object' ||
    policyDocument === null ||
    !isFlat
  ) {
    return undefined
  }
  const texts = entries.map(([name, value]) => [name, String(value)] as const)
  return {
    document: policyDocument,
    context: { ...Object.fromEntries(texts), principalId, integrationLatency: '1' },
  }
}
