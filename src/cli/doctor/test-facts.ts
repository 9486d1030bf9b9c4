import { readSettings, type Settings } from '../../config/settings.ts'
import type { ServiceApp, TelephonyHook } from '../../okta/setup/org.ts'
import type { Reading } from '../../okta/setup/preview.ts'
import { checks } from './checks.ts'
import { examine, type Finding } from './examine.ts'
import type { Facts, FactValues } from './facts.ts'

export const CLIENT_ID = '0oatest'
export const URL_OF_HOOK = 'https://hook.example/v1/mfa'
const ISSUER = 'https://example.okta.com/oauth2/default'
const SCOPE = 'telephony.send'
const ID = { name: 'a name', isOurs: true }

export const HOOK: TelephonyHook = {
  id: 'calour',
  name: 'Hookline telephony',
  isActive: true,
  uri: URL_OF_HOOK,
  way: 'OAUTH private_key_jwt',
  clientId: CLIENT_ID,
  hookKeyId: 'HKY1',
  tokenUrl: 'https://example.okta.com/oauth2/default/v1/token',
  scope: SCOPE,
  secretHeader: undefined,
  memo: undefined,
  json: {},
}
export const APP: ServiceApp = {
  ...ID,
  id: CLIENT_ID,
  clientId: CLIENT_ID,
  isActive: true,
  authMethod: 'private_key_jwt',
  needsDpop: false,
  grantTypes: ['client_credentials'],
  kids: ['kid-1'],
  json: {},
}
export const ORG: FactValues['org']['org'] = {
  url: 'https://example.okta.com',
  hookKeys: [{ ...ID, id: 'HKY1', kid: 'kid-1' }],
  apps: [APP],
  server: { id: 'default', name: 'default', issuer: ISSUER, audience: 'api://default', isActive: true },
  scopes: [{ ...ID, id: 'scp1', name: SCOPE }],
  policies: [
    {
      ...ID,
      id: '00p1',
      isActive: true,
      clients: [CLIENT_ID],
      rules: [
        {
          ...ID,
          id: '0pr1',
          isActive: true,
          grantTypes: ['client_credentials'],
          scopes: [SCOPE],
          json: {},
        },
      ],
      json: {},
    },
  ],
  hooks: [HOOK],
  usedElsewhere: [],
  phone: {
    id: 'aut1',
    name: 'Phone',
    allowedFor: 'any',
    settings: {},
    isActive: true,
    sms: true,
    voice: true,
  },
  signOnPolicies: [],
}
export const TOKENS: FactValues['tokens'] = {
  org: ORG,
  hook: HOOK,
  issuer: ISSUER,
  audience: 'api://default',
  clientId: CLIENT_ID,
  scope: SCOPE,
}

/** What Okta read in an answer that says no more than that the code is sent. */
export const READING: Reading = {
  status: 'SUCCESSFUL',
  provider: undefined,
  transactionId: undefined,
  error: undefined,
  debugContext: undefined,
}

export function settingsWith(changed: Readonly<Record<string, string | undefined>> = {}): Settings {
  const read = readSettings({
    HOOKLINE_OKTA_ISSUER: ISSUER,
    HOOKLINE_OKTA_AUDIENCE: 'api://default',
    HOOKLINE_OKTA_CLIENT_ID: CLIENT_ID,
    HOOKLINE_OKTA_SCOPE: SCOPE,
    ...changed,
  })
  if (read.kind === 'settings') return read.settings
  throw new Error(read.problems.join('\n'))
}

const NOBODY_ASKED = { kind: 'skipped', why: 'Nobody asked.' } as const

/** Only these facts; nobody asked for the others. */
export function factsOf(values: Partial<FactValues>): Facts {
  const none = NOBODY_ASKED
  const facts = {
    settingProblems: none,
    settings: none,
    clocks: none,
    issuer: none,
    policy: none,
    credentials: none,
    region: none,
    tier: none,
    spendLimits: none,
    configurationSet: none,
    protect: none,
    identities: none,
    functionCode: none,
    oktaAddresses: none,
    endpoint: none,
    org: none,
    tokens: none,
    preview: none,
    claims: none,
    enrolment: none,
    signOn: none,
    providers: none,
    failOvers: none,
    ownTelephony: none,
    mending: none,
  } satisfies Facts
  const read = Object.entries(values).map(([name, value]) => [name, { kind: 'read', value }])
  return { ...facts, ...Object.fromEntries(read) }
}

/** What the checks find in these facts. */
export function findingsOf(values: Partial<FactValues>): readonly Finding[] {
  return examine(checks, factsOf(values)).findings
}

/** In one line each, for a comparison: severity, check and cause. */
export function linesOf(values: Partial<FactValues>): readonly string[] {
  return findingsOf(values).map(({ severity, check, cause }) => `${severity} ${check}: ${cause}`)
}
