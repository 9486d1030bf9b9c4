import { errorCodeOf, type OktaApi } from './okta-api.ts'
import type {
  AccessPolicy,
  AuthorizationServer,
  Json,
  Named,
  Org,
  PhoneAuthenticator,
  SignOnPolicy,
  TelephonyHook,
} from './org.ts'
import {
  parseHook,
  parseHookKey,
  parsePolicy,
  parseRule,
  parseScope,
  parseServer,
  parseServiceApp,
} from './parse-org.ts'

export type ReadScope = {
  /** Name or ID of the authorization server; undefined reads nothing about tokens. */
  readonly server: string | undefined
  readonly hasPhone: boolean
  /** Authentication policies: all names, and the rules of those with this name or ID. */
  readonly signOnPolicy: string | undefined
}

/** Reads the current state. It reads only what is needed, because each read needs a permission. */
export async function readOrg(api: OktaApi, { server, hasPhone, signOnPolicy }: ReadScope): Promise<Org> {
  const all = present((await api.list('/api/v1/inlineHooks')).map(parseHook))
  const hooks = all.filter(({ type }) => type === TELEPHONY)
  const elsewhere = all.filter(({ type }) => type !== TELEPHONY)
  return {
    url: api.orgUrl,
    hooks,
    usedElsewhere: elsewhere.flatMap(({ clientId, hookKeyId }) => present([clientId, hookKeyId])),
    ...(server === undefined ? NO_TOKENS : await readTokens(api, server)),
    phone: hasPhone ? await readPhone(api) : undefined,
    signOnPolicies: signOnPolicy === undefined ? [] : await readSignOn(api, signOnPolicy),
  }
}

/** The type of telephony hooks. Only one can be active at a time. */
export const TELEPHONY = 'com.okta.telephony.provider'

export async function readTelephonyHooks(api: OktaApi): Promise<readonly TelephonyHook[]> {
  const all = present((await api.list('/api/v1/inlineHooks')).map(parseHook))
  return all.filter(({ type }) => type === TELEPHONY)
}

export async function readPhone(api: OktaApi): Promise<PhoneAuthenticator | undefined> {
  const all = (await api.list('/api/v1/authenticators')) as readonly Authenticator[]
  const phone = all.find(({ key }) => key === 'phone_number')
  if (phone === undefined) return undefined
  const methods = (await api.list(`/api/v1/authenticators/${phone.id}/methods`)) as readonly Method[]
  const isOn = (type: string): boolean =>
    methods.some(method => method.type === type && method.status === 'ACTIVE')
  const { id, name = 'Phone', status, settings } = phone
  return {
    id,
    name,
    isActive: status === 'ACTIVE',
    sms: isOn('sms'),
    voice: isOn('voice'),
    // Orgs that are older than this setting do not have it, and allow everything.
    allowedFor: typeof settings?.allowedFor === 'string' ? settings.allowedFor : 'any',
    settings: settings ?? {},
  }
}

export async function readPolicies(api: OktaApi, serverId: string): Promise<readonly AccessPolicy[]> {
  const path = `/api/v1/authorizationServers/${serverId}/policies`
  const policies: (AccessPolicy | undefined)[] = []
  for (const policy of (await api.list(path)) as readonly { readonly id: string }[]) {
    const rules = present((await api.list(`${path}/${policy.id}/rules`)).map(parseRule))
    policies.push(parsePolicy(policy, rules))
  }
  return present(policies)
}

export async function readSignOnRules(api: OktaApi, policyId: string): Promise<readonly Named[]> {
  return present((await api.list(`/api/v1/policies/${policyId}/rules`)).map(parseRule))
}

async function readTokens(api: OktaApi, nameOrId: string): Promise<TokenParts> {
  const server = await readServer(api, nameOrId)
  const hookKeys = present((await api.list('/api/v1/hook-keys')).map(parseHookKey))
  const filter = new URLSearchParams({ filter: 'name eq "oidc_client"', limit: '200' })
  const apps = present((await api.list(`/api/v1/apps?${filter}`)).map(parseServiceApp))
  if (server === undefined) return { ...NO_TOKENS, hookKeys, apps }
  const scopes = present((await api.list(`/api/v1/authorizationServers/${server.id}/scopes`)).map(parseScope))
  return { server, hookKeys, apps, scopes, policies: await readPolicies(api, server.id) }
}

type TokenParts = Pick<Org, 'server' | 'hookKeys' | 'apps' | 'scopes' | 'policies'>

/** The server `default` can be read by that ID; others are found here by ID or name. */
async function readServer(api: OktaApi, nameOrId: string): Promise<AuthorizationServer | undefined> {
  try {
    const servers = present((await api.list('/api/v1/authorizationServers')).map(parseServer))
    const found = servers.find(({ id, name }) => id === nameOrId || name === nameOrId)
    return found ?? (nameOrId === 'default' ? await readDefault(api) : undefined)
  } catch (error) {
    if (NO_SUCH_SERVER.has(errorCodeOf(error) ?? '')) return undefined
    throw error
  }
}

async function readDefault(api: OktaApi): Promise<AuthorizationServer | undefined> {
  return parseServer(await api.get('/api/v1/authorizationServers/default'))
}

async function readSignOn(api: OktaApi, nameOrId: string): Promise<readonly SignOnPolicy[]> {
  const all = present((await api.list('/api/v1/policies?type=ACCESS_POLICY')).map(parseScope))
  const policies: SignOnPolicy[] = []
  for (const { id, name } of all) {
    const isRulesRead = id === nameOrId || name === nameOrId
    policies.push({ id, name, rules: isRulesRead ? await readSignOnRules(api, id) : [] })
  }
  return policies
}

export function present<T>(values: readonly (T | undefined)[]): readonly T[] {
  return values.filter(value => value !== undefined)
}

type Authenticator = {
  readonly id: string
  readonly key: string
  readonly name?: string
  readonly status: string
  readonly settings?: Json | null
}
type Method = { readonly type: string; readonly status: string }

const NO_TOKENS: TokenParts = { server: undefined, hookKeys: [], apps: [], scopes: [], policies: [] }
/** Not found, or the org does not have API Access Management. */
const NO_SUCH_SERVER = new Set(['E0000007', 'E0000015'])
