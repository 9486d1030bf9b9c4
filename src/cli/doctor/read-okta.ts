import type { Settings } from '../../config/settings.ts'
import { readFailOvers } from '../../okta/fail-overs.ts'
import { readOwnTelephony } from '../../okta/own-telephony.ts'
import type { OktaApi, ReadOptional } from '../../okta/setup/okta-api.ts'
import type { Org, TelephonyHook } from '../../okta/setup/org.ts'
import { readPhoneUse } from '../../okta/setup/phone-use.ts'
import { claimsIn, type PreviewClaims, type PreviewWorld, previewAll } from '../../okta/setup/preview.ts'
import { readOrg } from '../../okta/setup/read-org.ts'
import type { Permission } from '../../okta/setup/step.ts'
import { explainFailure, newEventId } from '../okta/check-hook.ts'
import { type CredentialOptions, withOkta } from '../okta/credential.ts'
import { explainOktaError } from '../okta/okta-error.ts'
import type { DoctorContext } from './access.ts'
import {
  type Fact,
  type Facts,
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
    return { org, tokens, preview: previewed, claims, failOvers, ownTelephony, ...use }
  }
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
