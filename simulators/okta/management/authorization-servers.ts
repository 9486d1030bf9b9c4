import { page } from './list-query.ts'
import { type AuthorizationServer, changed, type OrgState } from './org-state.ts'
import {
  type Answer,
  type ApiRequest,
  at,
  blanks,
  found,
  invalid,
  type Json,
  ok,
  type Route,
  textAt,
  textsAt,
} from './route.ts'

/** `/api/v1/authorizationServers`: the built-in server `default`, which can be read and changed. */
export function authorizationServerRoutes(org: OrgState): readonly Route[] {
  const all = '/api/v1/authorizationServers'
  const withServer = ({ params }: ApiRequest, use: (server: AuthorizationServer) => Answer) =>
    found(org.authorizationServers, params.authServerId, 'AuthorizationServer', use)
  return [
    { method: 'GET', path: all, handle: request => list(org, request) },
    {
      method: 'GET',
      path: `${all}/:authServerId`,
      handle: request => withServer(request, server => ok(written(org, server))),
    },
    {
      method: 'PUT',
      path: `${all}/:authServerId`,
      handle: request => withServer(request, server => replace(org, server, request.body)),
    },
  ]
}

function list(org: OrgState, request: ApiRequest): Answer {
  const q = request.query.get('q')?.toLowerCase() ?? ''
  const servers = [...org.authorizationServers.values()].filter(({ name, audience }) =>
    [name, audience].some(text => text.toLowerCase().includes(q)),
  )
  return page(servers, request, { default: 200, max: 200 }, server => written(org, server))
}

function replace(org: OrgState, server: AuthorizationServer, body: Json): Answer {
  const [audience, ...others] = textsAt(body, 'audiences')
  const problems = [
    ...blanks(body, ['name']),
    ...(audience === undefined || others.length > 0 ? ['audiences: Exactly one audience is allowed'] : []),
  ]
  if (problems.length > 0 || audience === undefined) return invalid(problems)
  const replaced = changed(org, server, {
    name: textAt(body, 'name') ?? '',
    description: textAt(body, 'description') ?? '',
    audience,
  })
  org.authorizationServers.set(server.id, replaced)
  return ok(written(org, replaced))
}

function written(org: OrgState, server: AuthorizationServer): Json {
  const { id, name, description, audience, created, lastUpdated } = server
  const self = `${org.url}/api/v1/authorizationServers/${id}`
  return {
    id,
    name,
    description,
    audiences: [audience],
    issuer: `${org.url}/oauth2/${id}`,
    issuerMode: 'DYNAMIC',
    status: 'ACTIVE',
    created,
    lastUpdated,
    credentials: { signing: { rotationMode: 'AUTO', use: 'sig' } },
    _links: {
      self: { href: self },
      scopes: { href: `${self}/scopes` },
      policies: { href: `${self}/policies` },
    },
  }
}

/** The routes of one server, for existing servers only. */
export function belowServer(org: OrgState, path: string): (route: Route) => Route {
  return ({ method, path: rest, handle }) => ({
    method,
    path: `/api/v1/authorizationServers/:authServerId/${path}${rest}`,
    handle: request =>
      found(org.authorizationServers, request.params.authServerId, 'AuthorizationServer', () =>
        handle(request),
      ),
  })
}

/** `status` of a body. Default: ACTIVE. */
export function statusOf(body: Json): 'ACTIVE' | 'INACTIVE' {
  return at(body, 'status') === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE'
}
