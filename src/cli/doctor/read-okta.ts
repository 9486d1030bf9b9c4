import type { Settings } from '../../config/settings.ts'
import { type EventLog, readEventLog } from '../../okta/event-log.ts'
import { readFailOvers } from '../../okta/fail-overs.ts'
import { readOwnTelephony } from '../../okta/own-telephony.ts'
import { chooseEventHook, readEventHooks } from '../../okta/setup/event-hook.ts'
import type { OktaApi, ReadOptional } from '../../okta/setup/okta-api.ts'
import type { EventHook, Org, TelephonyHook } from '../../okta/setup/org.ts'
import { readPhoneUse } from '../../okta/setup/phone-use.ts'
import { claimsIn, type PreviewClaims, type PreviewWorld, previewAll } from '../../okta/setup/preview.ts'
import { readOrg } from '../../okta/setup/read-org.ts'
import type { Permission } from '../../okta/setup/step.ts'
import { explainFailure, newEventId } from '../okta/check-hook.ts'
import { type CredentialOptions, withOkta } from '../okta/credential.ts'
import { eventsUrlOf } from '../okta/event-hook.ts'
import { explainOktaError } from '../okta/okta-error.ts'
import type { DoctorContext } from './access.ts'
import {
  type EventHookFact,
  type Fact,
  type Facts,
  NotApplicable,
  needed,
  type OrgFact,
  type PreviewFact,
  readFact,
  required,
  type TokensFact,
} from './facts.ts'
import { skipTexts } from './texts.ts'

type OktaFacts = Pick<
  Facts,
  | 'org'
  | 'tokens'
  | 'preview'
  | 'claims'
  | 'failOvers'
  | 'ownTelephony'
  | 'eventHook'
  | 'eventLog'
  | 'enrolment'
  | 'signOn'
  | 'providers'
>

export type OktaTarget = {
  /** Undefined if Okta is not to be read. */
  readonly credential: CredentialOptions | undefined
  readonly url: string | undefined
  /** Number that the preview sends to; undefined for no preview. */
  readonly previewTo: string | undefined
}

/** Reads the org, and Okta's reports of its calls of the hook. */
export async function readOkta(
  context: DoctorContext,
  { credential, url, previewTo }: OktaTarget,
  settings: Fact<Settings>,
): Promise<OktaFacts> {
  if (credential === undefined) return NOTHING_READ
  const waiting = { ...context, print: context.doctor.progress }
  let facts: OktaFacts | undefined
  const opened = await readFact(() =>
    withOkta(waiting, credential, PERMISSIONS, async (api, optionally) => {
      facts = await readFacts(api, optionally)
    }),
  )
  const why = opened.kind === 'unread' ? opened.why : skipTexts.oktaUnread
  return (
    facts ?? {
      ...NOTHING_READ,
      org: { kind: 'unread', why },
      tokens: { kind: 'skipped', why: skipTexts.needs('the org') },
    }
  )

  async function readFacts(api: OktaApi, optionally: ReadOptional): Promise<OktaFacts> {
    const read = <T>(work: () => Promise<T>): Promise<Fact<T>> =>
      readFact(work, error => explainOktaError(error, api.orgUrl))
    const org = await read(async (): Promise<OrgFact> => {
      const { issuer, clientId } = settings.kind === 'read' ? settings.value.callers : NO_CALLERS
      const found = await readOrg(api, { server: serverOf(issuer), hasPhone: true, signOnPolicy: undefined })
      return { org: found, hook: ourHook(found, url, clientId), url }
    })
    const tokens = await read(async () =>
      tokensOf(needed(org, 'the org'), needed(settings, skipTexts.validSettings)),
    )
    const previewed = await read(async () => {
      const { hook } = needed(org, 'the org')
      const to = required(previewTo, skipTexts.noPreview)
      const active = required(hook?.isActive ? hook : undefined, skipTexts.noActiveHook)
      return callHook(api, active, to, { now: context.now, newEventId, pause: context.pause, optionally })
    })
    const failOvers = await optionally('okta.logs.read', logs => {
      const until = context.now()
      return readFailOvers(logs, { since: until - DAY_MS, until: until + AHEAD_MS })
    })
    const ownTelephony = await optionally('okta.logs.read', logs => {
      const until = context.now()
      return readOwnTelephony(logs, { since: until - LOG_MS, until: until + AHEAD_MS })
    })
    const claims = await read(async () => claimsOf(needed(previewed, 'a preview')))
    const use = await readPhoneUse(optionally)
    const hooks = await optionally('okta.eventHooks.manage', readEventHooks)
    const hasSecret = settings.kind === 'read' && Object.values(settings.value.events).some(Boolean)
    const eventHook =
      hooks.kind === 'read' ? await read(async () => eventHookOf(hooks.value, url, hasSecret)) : hooks
    const eventLog = await readLogOf(eventHook, context.now, optionally)
    return { org, tokens, preview: previewed, claims, failOvers, ownTelephony, eventHook, eventLog, ...use }
  }
}

function eventHookOf(
  hooks: readonly EventHook[],
  hookUrl: string | undefined,
  hasSecret: boolean,
): EventHookFact {
  const url = hookUrl === undefined ? undefined : eventsUrlOf(hookUrl)
  const hook = chooseEventHook(hooks, url)
  if (hook === undefined && !hasSecret) throw new NotApplicable(skipTexts.noEvents)
  const eventTypes = hooks.filter(({ isActive }) => isActive).flatMap(one => one.eventTypes)
  return { hook, url, eventTypes: [...new Set(eventTypes)] }
}

/** The hook of this deployment: an active one first, then one at the right address, then any other. @internal */
export function ourHook(
  { hooks }: Pick<Org, 'hooks'>,
  url: string | undefined,
  clientId: string | undefined,
): TelephonyHook | undefined {
  const ours = hooks.filter(
    hook =>
      hook.memo !== undefined || hook.uri === url || (clientId !== undefined && hook.clientId === clientId),
  )
  return ours.find(({ isActive }) => isActive) ?? ours.find(({ uri }) => uri === url) ?? ours[0]
}

function tokensOf({ org, hook }: OrgFact, { callers }: Settings): TokensFact {
  const why = skipTexts.secretOnly
  return {
    org,
    hook,
    issuer: required(callers.issuer, why),
    audience: required(callers.audience, why),
    clientId: required(callers.clientId, why),
    scope: required(callers.scope, why),
  }
}

/** The last day of the System Log. */
async function readLogOf(
  eventHook: Fact<EventHookFact>,
  now: () => number,
  optionally: ReadOptional,
): Promise<Fact<EventLog>> {
  if (eventHook.kind !== 'read' || eventHook.value.hook === undefined) {
    return { kind: 'skipped', why: skipTexts.noEventHook }
  }
  const { hook, eventTypes } = eventHook.value
  const until = now()
  const query = { eventHookId: hook.id, eventTypes, since: until - DAY_MS, until: until + AHEAD_MS }
  return optionally('okta.logs.read', logs => readEventLog(logs, query))
}

async function callHook(
  api: OktaApi,
  hook: TelephonyHook,
  to: string,
  world: PreviewWorld,
): Promise<PreviewFact> {
  const order = { to, channel: 'SMS', purpose: 'mfa-verification', locale: 'en' } as const
  const [previewed] = await previewAll(api, hook.id, [order], world)
  if (previewed?.kind === 'read') return previewed
  return { kind: 'failed', sentence: explainFailure(previewed?.error, api.orgUrl) }
}

/** Only a hook that accepted the call reports it, and only to previews. */
function claimsOf(previewed: PreviewFact): PreviewClaims {
  const claims = previewed.kind === 'read' ? claimsIn(previewed.reading) : undefined
  const notice = previewed.kind === 'read' ? previewed.reading.notice : undefined
  return required(claims, skipTexts.noClaims(notice))
}

/** `https://example.okta.com/oauth2/aus1` has the server `aus1`; custom domains work the same way. */
function serverOf(issuer: string | undefined): string | undefined {
  return issuer === undefined ? undefined : /\/oauth2\/([^/]+)$/.exec(issuer)?.[1]
}

const PERMISSIONS: readonly Permission[] = [
  'okta.inlineHooks.manage',
  'okta.apps.manage',
  'okta.authorizationServers.manage',
  'okta.authenticators.manage',
]
const NO_CREDENTIAL = { kind: 'skipped', why: skipTexts.noOrg } as const
const NOTHING_READ = {
  org: NO_CREDENTIAL,
  tokens: NO_CREDENTIAL,
  preview: NO_CREDENTIAL,
  claims: NO_CREDENTIAL,
  failOvers: NO_CREDENTIAL,
  ownTelephony: NO_CREDENTIAL,
  eventHook: NO_CREDENTIAL,
  eventLog: NO_CREDENTIAL,
  enrolment: NO_CREDENTIAL,
  signOn: NO_CREDENTIAL,
  providers: NO_CREDENTIAL,
}
const NO_CALLERS = { issuer: undefined, clientId: undefined }
const DAY_MS = 86_400_000
/** How long Okta keeps its System Log. */
const LOG_MS = 90 * DAY_MS
/** Okta's clock may be a little ahead. */
const AHEAD_MS = 60_000
