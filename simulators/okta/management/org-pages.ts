import type { ApiToken, OrgState } from './org-state.ts'
import { found, type Json, noContent, notFound, ok, type Route } from './route.ts'

/** The org itself, the administrator who owns the token, and the names of API tokens. */
export function orgRoutes(org: OrgState): readonly Route[] {
  const one = '/api/v1/api-tokens/:apiTokenId'
  return [
    { method: 'GET', path: '/api/v1/org', handle: () => ok(orgOf(org)) },
    {
      method: 'GET',
      path: '/api/v1/users/:userId',
      handle: ({ params: { userId = '' } }) =>
        userId === 'me' || userId === org.administratorId
          ? ok(administratorOf(org))
          : notFound(userId, 'User'),
    },
    {
      method: 'GET',
      path: '/api/v1/api-tokens',
      handle: () => ok([...org.apiTokens.values()].map(token => tokenOf(org, token))),
    },
    {
      method: 'GET',
      path: one,
      handle: ({ params }) =>
        found(org.apiTokens, params.apiTokenId, 'ApiToken', token => ok(tokenOf(org, token))),
    },
    {
      method: 'DELETE',
      path: one,
      handle: ({ params }) =>
        found(org.apiTokens, params.apiTokenId, 'ApiToken', ({ id }) => {
          org.apiTokens.delete(id)
          return noContent()
        }),
    },
  ]
}

/** `/.well-known/okta-organization`, which needs no token. */
export function organization(org: OrgState): Json {
  return {
    id: org.id,
    pipeline: 'idx',
    _links: { organization: { href: org.url } },
    settings: { analyticsCollectionEnabled: false, bugReportingEnabled: false, omEnabled: false },
  }
}

function orgOf(org: OrgState): Json {
  return {
    id: org.id,
    companyName: 'Example',
    subdomain: 'example',
    status: 'ACTIVE',
    website: 'https://example.com',
    _links: {},
  }
}

function administratorOf(org: OrgState): Json {
  return {
    id: org.administratorId,
    status: 'ACTIVE',
    type: { id: 'oty' },
    profile: {
      login: 'administrator@example.com',
      email: 'administrator@example.com',
      firstName: 'Org',
      lastName: 'Administrator',
    },
    _links: { self: { href: `${org.url}/api/v1/users/${org.administratorId}` } },
  }
}

function tokenOf(org: OrgState, { id, name, created, lastUpdated }: ApiToken): Json {
  return {
    id,
    name,
    userId: org.administratorId,
    clientName: 'Okta API',
    tokenWindow: 'P30D',
    network: { connection: 'ANYWHERE' },
    created,
    lastUpdated,
    _link: { self: { href: `${org.url}/api/v1/api-tokens/${id}` } },
  }
}
