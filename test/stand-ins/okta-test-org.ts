import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { Client, DefaultRequestExecutor } from '@okta/okta-sdk-nodejs'
import type { Okta, OktaOptions } from '../../simulators/okta/okta.ts'
import { startOkta } from '../../simulators/okta/server.ts'

export const SCOPE = 'hookline.send'

type HookCall = { readonly headers: IncomingMessage['headers']; readonly body: Record<string, unknown> }

/** An org, Okta's own SDK on it, and a hook with a configurable answer. Ends with `await using`. */
export type TestOrg = AsyncDisposable & {
  readonly okta: Okta
  readonly client: Client
  readonly org: NonNullable<Okta['org']>
  readonly hookUrl: string
  /** The hook's requests, oldest first. */
  readonly hookCalls: readonly HookCall[]
  /** Sets the hook's answer, with this status. Default: 200. */
  readonly answerWith: (answer: unknown, status?: number) => void
}

export async function startTestOrg(options: Partial<OktaOptions> = {}): Promise<TestOrg> {
  await using stack = new AsyncDisposableStack()
  const okta = stack.adopt(await startOkta({ port: 0, org: 'empty', ...options }), one => one.close())
  const { org } = okta
  if (!org) throw new Error('There is no org.')
  const hookCalls: HookCall[] = []
  let answer: unknown = delivered
  let httpStatus = 200
  const server = createServer(async (req, res) => {
    hookCalls.push({ headers: req.headers, body: JSON.parse(await text(req)) })
    res.writeHead(httpStatus, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stack.defer(async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const running = stack.move()
  return {
    okta,
    org,
    client: sdkClient(okta, org.apiToken),
    hookUrl: `http://127.0.0.1:${port}/mfa`,
    hookCalls,
    answerWith(next, status = 200) {
      answer = next
      httpStatus = status
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** Okta's SDK without its cache, which would answer instead of the stand-in, and without delays. */
export function sdkClient(okta: Okta, token: string, maxRetries = 0): Client {
  return new Client({
    orgUrl: okta.url,
    token,
    // The SDK takes null for "no cache"; its types do not.
    cacheMiddleware: null,
    requestExecutor: new DefaultRequestExecutor({ maxRetries, requestTimeout: 0 }),
  })
}

export type SetUp = Readonly<
  Record<'keyId' | 'appId' | 'clientId' | 'scopeId' | 'policyId' | 'ruleId' | 'hookId' | 'phoneId', string>
>

/** The whole set-up, by an administrator's calls in order. */
export async function setUp(test: TestOrg): Promise<SetUp> {
  const { client, okta } = test
  const servers = client.authorizationServerApi
  const key = await client.hookKeyApi.createHookKey({ keyRequest: { name: 'Hookline' } })
  const { kty, kid, n, e } = known(key._embedded)
  const jwk = { kty, kid, n, e, alg: 'RS256', use: 'sig' }
  const app = await client.applicationApi.createApplication({ application: appWith([jwk]) })
  const clientId = known(app.id)
  const scope = await servers.createOAuth2Scope({
    authServerId: 'default',
    oAuth2Scope: { name: SCOPE, consent: 'IMPLICIT', metadataPublish: 'ALL_CLIENTS' },
  })
  const policy = await servers.createAuthorizationServerPolicy({
    authServerId: 'default',
    policy: policyFor(clientId),
  })
  const rule = await servers.createAuthorizationServerPolicyRule({
    authServerId: 'default',
    policyId: known(policy.id),
    policyRule: ruleFor(SCOPE),
  })
  const hook = await client.inlineHookApi.createInlineHook({
    inlineHook: hookAt(test.hookUrl, {
      clientId,
      hookKeyId: known(key.id),
      tokenUrl: `${okta.issuer}/v1/token`,
    }),
  })
  const phone = await client.authenticatorApi.createAuthenticator({
    authenticator: { key: 'phone_number', name: 'Phone', settings: { allowedFor: 'any' } } as object,
    activate: true,
  })
  const authenticatorId = known(phone.id)
  for (const methodType of ['sms', 'voice'] as const) {
    await client.authenticatorApi.activateAuthenticatorMethod({ authenticatorId, methodType })
  }
  return {
    keyId: known(key.id),
    appId: known(app.id),
    clientId,
    scopeId: known(scope.id),
    policyId: known(policy.id),
    ruleId: known(rule.id),
    hookId: known(hook.id),
    phoneId: authenticatorId,
  }
}

/** Removes everything of `setUp` in the order that Okta requires. */
export async function takeDown({ client }: TestOrg, made: SetUp): Promise<void> {
  const {
    authenticatorApi,
    authorizationServerApi: servers,
    applicationApi,
    hookKeyApi,
    inlineHookApi,
  } = client
  const { policyId, ruleId, scopeId, appId, hookId } = made
  const authServerId = 'default'
  await authenticatorApi.deactivateAuthenticator({ authenticatorId: made.phoneId })
  await inlineHookApi.deactivateInlineHook({ inlineHookId: hookId })
  await inlineHookApi.deleteInlineHook({ inlineHookId: hookId })
  await servers.deleteAuthorizationServerPolicyRule({ authServerId, policyId, ruleId })
  await servers.deleteAuthorizationServerPolicy({ authServerId, policyId })
  await servers.deleteOAuth2Scope({ authServerId, scopeId })
  await applicationApi.deactivateApplication({ appId })
  await applicationApi.deleteApplication({ appId })
  await hookKeyApi.deleteHookKey({ hookKeyId: made.keyId })
}

export function appWith(keys: readonly object[], settings: object = {}) {
  return {
    name: 'oidc_client',
    label: 'Hookline',
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: { token_endpoint_auth_method: 'private_key_jwt' } },
    settings: {
      oauthClient: {
        application_type: 'service',
        grant_types: ['client_credentials'],
        response_types: ['token'],
        dpop_bound_access_tokens: false,
        jwks: { keys },
        ...settings,
      },
    },
  } as const
}

export function policyFor(clientId: string) {
  return {
    type: 'OAUTH_AUTHORIZATION_POLICY' as const,
    name: 'Hookline',
    description: 'Tokens for the telephony hook',
    conditions: { clients: { include: [clientId] } },
  }
}

export function ruleFor(scope: string) {
  return {
    type: 'RESOURCE_ACCESS' as const,
    name: 'Hookline',
    conditions: {
      people: { groups: { include: ['EVERYONE'] } },
      grantTypes: { include: ['client_credentials'] },
      scopes: { include: [scope] },
    },
    actions: { token: { accessTokenLifetimeMinutes: 30 } },
  }
}

export function hookAt(uri: string, config: object) {
  return {
    name: 'Hookline',
    type: 'com.okta.telephony.provider',
    version: '1.0.0',
    channel: {
      type: 'OAUTH',
      version: '1.0.0',
      config: { authType: 'private_key_jwt', method: 'POST', scope: SCOPE, uri, ...config },
    },
  } as const
}

export const delivered = {
  commands: [
    {
      type: 'com.okta.telephony.action',
      value: [{ status: 'SUCCESSFUL', provider: 'AWS', transactionId: 'm-1', transactionMetadata: 'd-1' }],
    },
  ],
  debugContext: { client: 'seen' },
}

/** All items of a paged list. */
export async function all<Thing>(list: AsyncIterable<Thing | null>): Promise<readonly Thing[]> {
  const things: Thing[] = []
  for await (const thing of list) if (thing !== null) things.push(thing)
  return things
}

/** The error that Okta's SDK throws. */
export async function refusalOf(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  return promise.then(
    () => {
      throw new Error('Okta refused nothing.')
    },
    (error: Record<string, unknown>) => error,
  )
}

export function known<Value>(value: Value | undefined | null): Value {
  if (value === undefined || value === null) throw new Error('Okta left a value out.')
  return value
}
