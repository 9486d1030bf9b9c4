import type { RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { EventSender } from '../event-sender.ts'
import { accessPolicyRoutes } from './access-policies.ts'
import { appRoutes } from './apps.ts'
import { authenticatorRoutes } from './authenticators.ts'
import { authorizationServerRoutes } from './authorization-servers.ts'
import type { Behaviours } from './behaviours.ts'
import { type Breakage, breakSetup } from './break-setup.ts'
import { eventHookRoutes } from './event-hooks.ts'
import { exportOrg } from './export.ts'
import { hookKeyRoutes } from './hook-keys.ts'
import { inlineHookRoutes } from './inline-hooks.ts'
import { type Exchange, managementApi, rateLimit } from './management-api.ts'
import { type ManagementFault, managementFaults } from './management-fault.ts'
import { orgRoutes } from './org-pages.ts'
import { orgServer } from './org-server.ts'
import type { OrgState } from './org-state.ts'
import { type OrgTelephony, telephonyProviderRoutes } from './org-telephony.ts'
import { policyRoutes } from './policies.ts'
import type { Json } from './route.ts'
import { ruleRoutes } from './rules.ts'
import { scopeRoutes } from './scopes.ts'
import { addServiceApp, type ServiceApp } from './service-app.ts'
import { logged, systemLogRoutes } from './system-log.ts'

/** What tests and people can do with an org without its API. */
export type OrgHandle = {
  /** For `Authorization: SSWS …`. It is printed nowhere else. */
  readonly apiToken: string
  readonly serviceApp: ServiceApp | undefined
  /** The set-up as canonical JSON, to compare byte for byte. */
  readonly export: () => string
  /** The System Log, oldest first. */
  readonly log: () => readonly Json[]
  /** Writes an event into the System Log, for user actions that the stand-in does not implement. */
  readonly addEvent: (eventType: string) => void
  /** How far the org's clock is ahead; negative if it is behind. */
  readonly setClockOffset: (offsetMs: number) => void
  /** Whether Okta's own telephony sends codes that the hook does not send. On in a new org. */
  readonly setProvider: (isOn: boolean) => void
  readonly setBehaviours: (behaviours: Partial<Behaviours>) => void
  readonly setFault: (fault: ManagementFault) => void
  /** Changes the set-up as an administrator might; returns a sentence if there is nothing to change. */
  readonly breakSetup: (breakage: Breakage) => Promise<string | undefined>
}

export type OrgSurface = {
  readonly handle: OrgHandle
  /** Whether the address belongs to the management API or to the org's own authorization server. */
  readonly serves: (path: string) => boolean
  readonly listener: RequestListener
}

export type OrgSurfaceOptions = {
  readonly org: OrgState
  readonly telephony: OrgTelephony
  readonly sender: EventSender
  /** Requests per minute. */
  readonly requestsMax: number
  readonly withServiceApp: boolean
  /** Scopes that the service app does not have. */
  readonly withheld: readonly string[]
  readonly onExchange: (exchange: Exchange) => void
  readonly signal: AbortSignal
}

/** Creates an org: its API, its own authorization server, and the handle. */
export async function orgSurface(options: OrgSurfaceOptions): Promise<OrgSurface> {
  const { org, telephony } = options
  const [token] = org.apiTokens.values()
  const serviceApp = options.withServiceApp ? await addServiceApp(org, options.withheld) : undefined
  const server = await orgServer(org, clientId =>
    clientId === serviceApp?.clientId ? serviceApp.scopes : [],
  )
  const faults = managementFaults()
  const api = managementApi({
    org,
    routes: [
      ...hookKeyRoutes(org),
      ...appRoutes(org),
      ...authorizationServerRoutes(org),
      ...scopeRoutes(org),
      ...ruleRoutes(org),
      ...policyRoutes(org),
      ...inlineHookRoutes(org, telephony.execute),
      ...eventHookRoutes(org, options.sender),
      ...authenticatorRoutes(org),
      ...accessPolicyRoutes(org),
      ...telephonyProviderRoutes(org),
      ...systemLogRoutes(org),
      ...orgRoutes(org),
    ],
    faults,
    limit: rateLimit(org, options.requestsMax),
    scopesOf: server.scopesOf,
    onChange: telephony.forget,
    onExchange: options.onExchange,
    signal: options.signal,
  })
  const listener = getRequestListener(api.fetch)
  return {
    handle: {
      apiToken: token?.secret ?? '',
      serviceApp,
      export: () => exportOrg(org),
      log: () => [...org.log],
      addEvent: eventType => logged(org, eventType),
      setProvider(isOn) {
        org.provider.isOn = isOn
      },
      setClockOffset(offsetMs) {
        org.clock.offsetMs = offsetMs
        telephony.forget()
      },
      setBehaviours(behaviours) {
        org.behaviours.now = { ...org.behaviours.now, ...behaviours }
      },
      setFault: faults.set,
      async breakSetup(breakage) {
        const problem = await breakSetup(org, breakage)
        telephony.forget()
        return problem
      },
    },
    serves: path => /^\/(?:api\/|\.well-known\/okta-organization)/.test(path) || server.serves(path),
    listener: (req, res) => (server.serves(req.url ?? '') ? server.handle(req, res) : listener(req, res)),
  }
}
