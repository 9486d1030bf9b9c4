import { isObject } from '../call-order.ts'
import { deepMerge } from '../overrides.ts'
import { appProblems } from './app-problems.ts'
import { page, parseFilter } from './list-query.ts'
import { type App, changed, newborn, type OrgState, type Status } from './org-state.ts'
import {
  type Answer,
  type ApiRequest,
  at,
  found,
  invalid,
  type Json,
  noContent,
  ok,
  oktaError,
  type Route,
  textAt,
} from './route.ts'
import { logged } from './system-log.ts'

/** `/api/v1/apps`: OpenID Connect apps; a service app among them is the client that hooks get tokens for. */
export function appRoutes(org: OrgState): readonly Route[] {
  const one = '/api/v1/apps/:appId'
  const withApp = ({ params }: ApiRequest, use: (app: App) => Answer) =>
    found(org.apps, params.appId, 'AppInstance', use)
  return [
    { method: 'GET', path: '/api/v1/apps', handle: request => list(org, request) },
    { method: 'POST', path: '/api/v1/apps', handle: request => create(org, request) },
    { method: 'GET', path: one, handle: request => withApp(request, app => ok(written(org, app))) },
    { method: 'PUT', path: one, handle: request => withApp(request, app => replace(org, app, request.body)) },
    { method: 'DELETE', path: one, handle: request => withApp(request, app => remove(org, app)) },
    ...(['activate', 'deactivate'] as const).map(
      (step): Route => ({
        method: 'POST',
        path: `${one}/lifecycle/${step}`,
        handle: request => withApp(request, app => lifecycle(org, app, step)),
      }),
    ),
  ]
}

function list(org: OrgState, request: ApiRequest): Answer {
  const { query } = request
  const text = query.get('filter')
  const filter = text === null ? () => true : parseFilter(text)
  if (!filter) return oktaError(400, 'E0000031', 'Invalid search criteria.')
  const q = query.get('q')?.toLowerCase() ?? ''
  const apps = [...org.apps.values()].filter(
    app =>
      (app.label.toLowerCase().startsWith(q) || 'oidc_client'.startsWith(q)) && filter(written(org, app)),
  )
  return page(apps, request, { default: 20, max: 200 }, app => written(org, app))
}

function create(org: OrgState, { body, query }: ApiRequest): Answer {
  const problems = [...appProblems(body), ...clientIdProblems(org, body)]
  if (problems.length > 0) return invalid(problems)
  const dated = newborn(org, '0oa')
  const clientId = textAt(body, 'credentials.oauthClient.client_id') ?? dated.id
  const status = query.get('activate') === 'false' ? 'INACTIVE' : 'ACTIVE'
  const app = { ...dated, clientId, status, ...parts(body) } satisfies App
  org.apps.set(app.id, app)
  logged(org, 'application.lifecycle.create', { target: target(app) })
  return ok(written(org, app))
}

function replace(org: OrgState, app: App, body: Json): Answer {
  const problems = [...appProblems(body), ...clientIdProblems(org, body, app)]
  if (problems.length > 0) return invalid(problems)
  const replaced = changed(org, app, parts(body))
  org.apps.set(app.id, replaced)
  logged(org, 'application.lifecycle.update', { target: target(app) })
  return ok(written(org, replaced))
}

function clientIdProblems(org: OrgState, body: Json, own?: App): readonly string[] {
  const clientId = textAt(body, 'credentials.oauthClient.client_id')
  if (clientId === undefined || clientId === own?.clientId) return []
  if (own) return ['credentials.oauthClient.client_id: The field cannot be changed']
  const isTaken = [...org.apps.values()].some(app => app.clientId === clientId)
  return isTaken ? ['credentials.oauthClient.client_id: Another app has this client ID'] : []
}

function parts(body: Json): Pick<App, 'label' | 'credentials' | 'settings'> {
  const { credentials, settings } = body
  return {
    label: textAt(body, 'label') ?? '',
    credentials: isObject(credentials) ? credentials : {},
    settings: deepMerge(
      { oauthClient: { response_types: ['token'], issuer_mode: 'DYNAMIC', dpop_bound_access_tokens: false } },
      isObject(settings) ? settings : {},
    ),
  }
}

function remove(org: OrgState, app: App): Answer {
  if (app.status === 'ACTIVE') {
    return oktaError(403, 'E0000056', 'Delete application forbidden.', [
      'The application must be deactivated before it can be deleted.',
    ])
  }
  org.apps.delete(app.id)
  logged(org, 'application.lifecycle.delete', { target: target(app) })
  return noContent()
}

function lifecycle(org: OrgState, app: App, step: 'activate' | 'deactivate'): Answer {
  const status: Status = step === 'activate' ? 'ACTIVE' : 'INACTIVE'
  org.apps.set(app.id, changed(org, app, { status }))
  logged(org, `application.lifecycle.${step}`, { target: target(app) })
  return ok({})
}

function target({ id, label }: App): Json {
  return { id, type: 'AppInstance', displayName: label, alternateId: label }
}

function written(org: OrgState, app: App): Json {
  const { id, label, status, created, lastUpdated, clientId } = app
  const keys = at(app.settings, 'oauthClient.jwks.keys')
  const jwks = Array.isArray(keys) && {
    jwks: { keys: keys.map((key, index) => keyOf(org, app, key, index)) },
  }
  const oauthClient = at(app.credentials, 'oauthClient')
  return {
    id,
    name: 'oidc_client',
    label,
    status,
    created,
    lastUpdated,
    signOnMode: 'OPENID_CONNECT',
    features: [],
    visibility: { autoSubmitToolbar: false, hide: { iOS: true, web: true } },
    credentials: {
      ...app.credentials,
      oauthClient: { autoKeyRotation: true, ...(isObject(oauthClient) && oauthClient), client_id: clientId },
    },
    settings: deepMerge(app.settings, jwks ? { oauthClient: jwks } : {}),
    _links: { self: { href: `${org.url}/api/v1/apps/${id}` } },
  }
}

/** Okta adds an ID, a date and links to each key. */
function keyOf(org: OrgState, { id, created }: App, key: unknown, index: number): Json {
  const keyId = `pks${id.slice(3)}${index}`
  const href = `${org.url}/api/v1/apps/${id}/credentials/jwks/${keyId}`
  const deactivate = { href: `${href}/lifecycle/deactivate`, hints: { allow: ['POST'] } }
  return {
    ...(isObject(key) && key),
    id: keyId,
    status: 'ACTIVE',
    created,
    lastUpdated: created,
    _links: { deactivate },
  }
}
