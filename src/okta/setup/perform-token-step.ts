import { choose } from './choose.ts'
import { MADE_BY, names } from './marks.ts'
import type { OktaApi } from './okta-api.ts'
import type { Json, Org } from './org.ts'
import { parseHookKey, parseScope, parseServiceApp } from './parse-org.ts'
import { readPublicKey } from './public-key.ts'
import { present, readPolicies } from './read-org.ts'
import type { Action } from './step.ts'
import type { TargetState } from './target.ts'

export type TokenAction = Extract<
  Action,
  | 'create hook key'
  | 'create app'
  | 'change app'
  | 'create scope'
  | 'create policy'
  | 'change policy'
  | 'create rule'
  | 'change rule'
>

/** One step of what an access token needs. */
export async function performTokenStep(
  api: OktaApi,
  action: TokenAction,
  org: Org,
  target: TargetState,
): Promise<Org> {
  const { server } = org
  const { method } = target
  if (method.kind !== 'token' || server === undefined) return org
  const { key, app, policy, rule } = choose(org, target)
  const path = `/api/v1/authorizationServers/${server.id}`
  const policies = async (): Promise<Org> => ({ ...org, policies: await readPolicies(api, server.id) })
  switch (action) {
    case 'create hook key': {
      const made = parseHookKey(await api.post('/api/v1/hook-keys', { name: names.hookKey }))
      return { ...org, hookKeys: [...org.hookKeys, ...present([made])] }
    }
    case 'create app': {
      const body = newApp(await readPublicKey(api, need(key, 'hook key')), target.appClientId)
      const made = parseServiceApp(await api.post('/api/v1/apps', body))
      return { ...org, apps: [...org.apps, ...present([made])] }
    }
    case 'change app': {
      const { id, isActive, json } = need(app, 'service app')
      const body = changedApp(json, await readPublicKey(api, need(key, 'hook key')))
      const answered = await api.put(`/api/v1/apps/${id}`, body)
      if (!isActive) await api.post(`/api/v1/apps/${id}/lifecycle/activate`)
      const made = parseServiceApp(isActive ? answered : await api.get(`/api/v1/apps/${id}`))
      return { ...org, apps: [...org.apps.filter(one => one.id !== id), ...present([made])] }
    }
    case 'create scope': {
      const made = parseScope(await api.post(`${path}/scopes`, newScope(method.scope)))
      return { ...org, scopes: [...org.scopes, ...present([made])] }
    }
    case 'create policy':
      await api.post(`${path}/policies`, newPolicy(need(app, 'service app').clientId))
      return policies()
    case 'change policy': {
      const { id, isActive, json, clients } = need(policy, 'access policy')
      const include = [...new Set([...clients, need(app, 'service app').clientId])]
      await api.put(`${path}/policies/${id}`, { ...writable(json), conditions: { clients: { include } } })
      if (!isActive) await api.post(`${path}/policies/${id}/lifecycle/activate`)
      return policies()
    }
    case 'create rule':
      await api.post(`${path}/policies/${need(policy, 'access policy').id}/rules`, newRule(method.scope))
      return policies()
    case 'change rule': {
      const { id, isActive, json } = need(rule, 'rule')
      const at = `${path}/policies/${need(policy, 'access policy').id}/rules/${id}`
      await api.put(at, { ...writable(json), ...newRule(method.scope) })
      if (!isActive) await api.post(`${at}/lifecycle/activate`)
      return policies()
    }
  }
}

function newApp(key: Json, clientId: string | undefined): Json {
  return {
    name: 'oidc_client',
    label: names.app,
    signOnMode: 'OPENID_CONNECT',
    credentials: {
      oauthClient: {
        ...(clientId !== undefined && { client_id: clientId }),
        token_endpoint_auth_method: 'private_key_jwt',
      },
    },
    settings: {
      oauthClient: {
        application_type: 'service',
        grant_types: ['client_credentials'],
        response_types: ['token'],
        dpop_bound_access_tokens: false,
        jwks: { keys: [key] },
      },
      notes: { admin: MADE_BY },
    },
  }
}

/** Everything else in the app is kept, including other keys: somebody may be rotating them. */
function changedApp(json: Json, key: Json): Json {
  const { credentials, settings } = json as { readonly credentials: Json; readonly settings: Json }
  const client = settings.oauthClient as Json
  const { keys = [] } = (client.jwks ?? {}) as { readonly keys?: readonly Json[] }
  const { status: _, ...rest } = writable(json) // also read-only, but only in apps
  return {
    ...rest,
    credentials: {
      ...credentials,
      oauthClient: {
        ...(credentials.oauthClient as Json),
        token_endpoint_auth_method: 'private_key_jwt',
      },
    },
    settings: {
      ...settings,
      oauthClient: {
        ...client,
        grant_types: ['client_credentials'],
        response_types: ['token'],
        dpop_bound_access_tokens: false,
        jwks: { keys: [...keys.filter(({ kid }) => kid !== key.kid).map(writable), key] },
      },
    },
  }
}

function newScope(name: string): Json {
  const texts = { displayName: 'Send codes by phone', description: MADE_BY }
  return { name, ...texts, consent: 'IMPLICIT', metadataPublish: 'ALL_CLIENTS' }
}

function newPolicy(clientId: string): Json {
  return {
    type: 'OAUTH_AUTHORIZATION_POLICY',
    status: 'ACTIVE',
    name: names.policy,
    description: MADE_BY,
    priority: 1,
    conditions: { clients: { include: [clientId] } },
  }
}

function newRule(scope: string): Json {
  return {
    type: 'RESOURCE_ACCESS',
    status: 'ACTIVE',
    name: names.rule,
    priority: 1,
    conditions: {
      people: { groups: { include: ['EVERYONE'] } },
      grantTypes: { include: ['client_credentials'] },
      scopes: { include: [scope] },
    },
    // All three, as in Okta's own examples. The last two have no effect: client credentials have no refresh token.
    actions: {
      token: {
        accessTokenLifetimeMinutes: 60,
        refreshTokenLifetimeMinutes: 0,
        refreshTokenWindowMinutes: 10_080,
      },
    },
  }
}

/** The fields of an object that Okta accepts in an update. */
function writable(json: Json): Json {
  return Object.fromEntries(Object.entries(json).filter(([name]) => !READ_ONLY.has(name)))
}

/** Read-only in Okta's OpenAPI, in apps, keys of apps, policies and rules. */
const READ_ONLY: ReadonlySet<string> = new Set([
  'id',
  'orn',
  'created',
  'lastUpdated',
  'features',
  'licensing',
  '_links',
  '_embedded',
])

function need<T>(thing: T | undefined, what: string): T {
  if (thing !== undefined) return thing
  throw new Error(`Okta did not create the ${what} that the next step needs.`)
}
