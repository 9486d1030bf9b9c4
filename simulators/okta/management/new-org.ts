import { randomBytes } from 'node:crypto'
import { oktaId } from '../okta-ids.ts'
import { type Behaviours, DEFAULT_BEHAVIOURS } from './behaviours.ts'
import { type Authenticator, DEFAULT_SERVER, newborn, type OrgState } from './org-state.ts'

const SYSTEM_SCOPES = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access', 'device_sso']

/** A new, unchanged org: the server `default` without policies, no apps, no hooks, no phone authenticator. */
export function newOrgState(
  url: string,
  apiToken: string | undefined,
  behaviours: Partial<Behaviours> = {},
): OrgState {
  const org: OrgState = {
    url,
    id: oktaId('00o'),
    administratorId: oktaId('00u'),
    clock: { offsetMs: 0 },
    provider: { isOn: true },
    behaviours: { now: { ...DEFAULT_BEHAVIOURS, ...behaviours } },
    hookKeys: new Map(),
    apps: new Map(),
    authorizationServers: new Map(),
    scopes: new Map(),
    policies: new Map(),
    rules: new Map(),
    inlineHooks: new Map(),
    eventHooks: new Map(),
    authenticators: new Map(),
    accessPolicies: new Map(),
    accessRules: new Map(),
    enrolmentPolicies: new Map(),
    telephonyProviders: new Map(),
    apiTokens: new Map(),
    log: [],
    onEvent: { now: () => {} },
  }
  addServer(org)
  addAuthenticators(org)
  addAccessPolicy(org)
  addEnrolmentPolicy(org)
  const token = newborn(org, '00T')
  org.apiTokens.set(token.id, { ...token, name: 'administrator', secret: apiToken ?? madeUpToken() })
  return org
}

function addServer(org: OrgState): void {
  org.authorizationServers.set(DEFAULT_SERVER, {
    ...newborn(org, 'aus'),
    id: DEFAULT_SERVER,
    name: 'default',
    description: 'Default Authorization Server for your Applications',
    audience: 'api://default',
  })
  for (const name of SYSTEM_SCOPES) {
    const id = oktaId('scp')
    const body = { consent: 'IMPLICIT', metadataPublish: 'ALL_CLIENTS', default: false, optional: false }
    org.scopes.set(id, { id, name, system: true, body })
  }
}

function addAuthenticators(org: OrgState): void {
  const methods: readonly (readonly [string, string, string, Authenticator['methods']])[] = [
    ['okta_email', 'Email', 'email', { email: 'ACTIVE' }],
    ['okta_password', 'Password', 'password', { password: 'ACTIVE' }],
    ['okta_verify', 'Okta Verify', 'app', { totp: 'ACTIVE', push: 'ACTIVE', signed_nonce: 'ACTIVE' }],
  ]
  for (const [key, name, type, itsMethods] of methods) {
    const dated = newborn(org, 'aut')
    org.authenticators.set(dated.id, {
      ...dated,
      key,
      name,
      type,
      status: 'ACTIVE',
      settings: {},
      methods: itsMethods,
    })
  }
}

function addAccessPolicy(org: OrgState): void {
  const policy = newborn(org, 'rst')
  org.accessPolicies.set(policy.id, { ...policy, name: 'Any two factors' })
  const rule = newborn(org, 'rul')
  org.accessRules.set(rule.id, {
    ...rule,
    policyId: policy.id,
    name: 'Catch-all Rule',
    status: 'ACTIVE',
    priority: 99,
    system: true,
    conditions: null,
    actions: {
      appSignOn: {
        access: 'ALLOW',
        verificationMethod: {
          type: 'ASSURANCE',
          factorMode: '2FA',
          reauthenticateIn: 'PT2H',
          constraints: [],
        },
      },
    },
  })
}

function addEnrolmentPolicy(org: OrgState): void {
  const policy = newborn(org, '00p')
  org.enrolmentPolicies.set(policy.id, {
    ...policy,
    name: 'Default Policy',
    status: 'ACTIVE',
    priority: 1,
    system: true,
    groups: [oktaId('00g')],
    enrol: { okta_email: 'REQUIRED', okta_password: 'REQUIRED', okta_verify: 'OPTIONAL' },
  })
}

/** A token as Okta makes them: `00`, then 40 characters of the base64url alphabet. */
function madeUpToken(): string {
  return `00${randomBytes(30).toString('base64url')}`
}
