import * as z from 'zod'
import { type LoggedContext, readLoggedAnswers } from './echo.ts'
import { type Exchanged, errorCodeOf, type OktaApi, type Optional, type ReadOptional } from './okta-api.ts'

/** One call that Okta is asked to make to the hook. */
export type PreviewOrder = {
  readonly to: string
  readonly channel: 'SMS' | 'voice call'
  readonly purpose: Purpose
  readonly locale: string
}

type Purpose = (typeof purposes)[number]

export const purposes = ['mfa-verification', 'pre-enrollment', 'account-unlock', 'password-reset'] as const

/** What the calls need in addition to Okta. */
export type PreviewWorld = {
  readonly now: () => number
  /** 22 characters of the base64url alphabet. */
  readonly newEventId: () => string
  readonly pause: (ms: number) => Promise<void>
  readonly optionally: ReadOptional
}

/** What Okta read in the hook's response. */
export type Reading = {
  readonly status: string | undefined
  readonly provider: string | undefined
  readonly transactionId: string | undefined
  /** The sentences of the error object, from us or from Okta. */
  readonly error: string | undefined
  readonly debugContext: Readonly<Record<string, unknown>> | undefined
  /** Why `debugContext` is not from `execute`; undefined if it is. */
  readonly notice?: string
}

export type Previewed =
  | { readonly kind: 'read'; readonly reading: Reading }
  /** Okta's own error: it could not call the hook, or could not use the response. */
  | { readonly kind: 'refused'; readonly error: Error }

/**
 * Makes Okta call the hook, once for each order. Okta documents only the `commands` in the response of `execute`. If
 * the hook's `debugContext` is missing, or Okta reports an error instead, it is read from the System Log by the request
 * ID.
 */
export async function previewAll(
  api: OktaApi,
  hookId: string,
  orders: readonly PreviewOrder[],
  world: PreviewWorld,
): Promise<readonly Previewed[]> {
  const executed: Executed[] = []
  for (const order of orders) {
    const requestId = world.newEventId()
    const about = { now: world.now(), newEventId: world.newEventId, requestId }
    const body = previewRequest(api.orgUrl, hookId, order, about)
    const exchanged = await api.exchange(`/api/v1/inlineHooks/${hookId}/execute`, body)
    executed.push({
      exchanged,
      requestIds: [requestId, ...(exchanged.requestId ? [exchanged.requestId] : [])],
    })
  }
  const silent = executed.filter(isSilent)
  const log =
    silent.length === 0
      ? NOT_NEEDED
      : await world.optionally('okta.logs.read', logs => followLog(logs, silent, world))
  return executed.map(one => (isSilent(one) ? withLog(one, log) : readExchanged(one)))
}

type Executed = { readonly exchanged: Exchanged; readonly requestIds: readonly string[] }
type Log = Optional<ReadonlyMap<string, LoggedContext>>

/** Whether Okta called the hook, but its response lacks the hook's `debugContext`. */
function isSilent({ exchanged }: Executed): boolean {
  if (exchanged.kind === 'answered') return readAnswer(exchanged.answer).debugContext === undefined
  return OF_ANSWER.has(errorCodeOf(exchanged.error) ?? '')
}

async function followLog(
  api: OktaApi,
  silent: readonly Executed[],
  { now, pause }: PreviewWorld,
): Promise<ReadonlyMap<string, LoggedContext>> {
  const ids = silent.flatMap(({ requestIds }) => requestIds)
  for (let reads = 1; ; reads += 1) {
    const found = await readLoggedAnswers(api, ids, now())
    const isWhole = silent.every(({ requestIds }) => requestIds.some(id => found.has(id)))
    if (isWhole || reads === READS_MAX) return found
    await pause(READ_AGAIN_MS)
  }
}

function withLog(one: Executed, log: Log): Previewed {
  const found =
    log.kind === 'read' ? one.requestIds.map(id => log.value.get(id)).find(it => it !== undefined) : undefined
  const read = readExchanged(one)
  if (found === undefined) {
    const why = log.kind === 'skipped' ? log.why : 'it has no event of the call yet.'
    if (read.kind === 'refused') return read
    return {
      kind: 'read',
      reading: { ...read.reading, notice: `${NOT_ECHOED} They were not found in the System Log: ${why}` },
    }
  }
  const notice = `${NOT_ECHOED} They are from the System Log.`
  const debugContext = Object.keys(found).length === 0 ? undefined : found
  if (read.kind === 'read') return { kind: 'read', reading: { ...read.reading, debugContext, notice } }
  if (debugContext === undefined) return read
  // The response to a preview has a code exactly if nothing was sent.
  const status = 'code' in debugContext ? 'FAILED' : 'SUCCESSFUL'
  return { kind: 'read', reading: { ...readAnswer(undefined), status, debugContext, notice } }
}

function readExchanged({ exchanged }: Executed): Previewed {
  return exchanged.kind === 'answered'
    ? { kind: 'read', reading: readAnswer(exchanged.answer) }
    : { kind: 'refused', error: exchanged.error }
}

/** The whole request as Okta sends it, marked as a preview of Okta's console. @internal */
export function previewRequest(
  orgUrl: string,
  hookId: string,
  { to, channel, purpose, locale }: PreviewOrder,
  {
    now,
    newEventId,
    requestId,
  }: { readonly now: number; readonly requestId: string } & Pick<PreviewWorld, 'newEventId'>,
): object {
  return {
    eventId: newEventId(),
    eventTime: new Date(now).toISOString(),
    eventType: 'com.okta.telephony.provider',
    eventTypeVersion: '1.0',
    contentType: 'application/json',
    cloudEventVersion: '0.1',
    source: `${orgUrl}/api/v1/inlineHooks/${hookId}`,
    requestType: `com.okta.user.telephony.${purpose}`,
    data: {
      context: {
        request: {
          id: requestId,
          method: 'POST',
          url: { value: '/api/internal/v1/inlineHooks/com.okta.telephony.provider/generatePreview' },
          ipAddress: '127.0.0.1',
        },
      },
      userProfile: {
        firstName: 'Preview',
        lastName: 'Hookline',
        login: `preview-${newEventId()}@example.com`, // one user for each preview: the limits of one user allow fewer
        userId: `00u${newEventId()}`,
      },
      messageProfile: {
        ...(channel === 'SMS' && { msgTemplate: `Your code is ${CODE}.` }),
        phoneNumber: to,
        otpExpires: new Date(now + CODE_LIFETIME_MS).toISOString(),
        deliveryChannel: channel,
        otpCode: CODE,
        locale,
      },
    },
  }
}

export function readAnswer(answer: unknown): Reading {
  const { data } = ANSWER.safeParse(answer)
  const command = data?.commands?.[0]?.value?.[0]
  const causes = data?.error?.errorCauses ?? []
  const sentences = causes.map(cause => [cause.reason, cause.errorSummary].filter(Boolean).join(': '))
  const error = sentences.length > 0 ? sentences.join(' ') : (data?.error?.errorSummary ?? undefined)
  return {
    status: command?.status ?? undefined,
    provider: command?.provider ?? undefined,
    transactionId: command?.transactionId ?? undefined,
    error,
    debugContext: data?.debugContext ?? undefined,
  }
}

/** The claims of Okta's access token, as the deployment verified it. */
export type PreviewClaims = z.output<typeof CLAIMS>

/** Undefined if the caller was not authenticated, or used a secret. */
export function claimsIn({ debugContext }: Reading): PreviewClaims | undefined {
  return CLAIMS.safeParse(debugContext).data
}

/** As which caller the deployment authenticated Okta; undefined if the response does not say. */
export function describeCaller(reading: Reading): string | undefined {
  const { caller, authenticationMethod } = reading.debugContext ?? {}
  if (typeof caller !== 'string' || typeof authenticationMethod !== 'string') return undefined
  const claims = claimsIn(reading)
  const details =
    claims === undefined
      ? ''
      : `: issuer ${claims.issuer}, audience ${claims.audience}, client ${claims.clientId}, scopes ${claims.scopes.join(' ')}`
  return `The hook authenticated Okta as ${caller} by ${authenticationMethod}${details}.`
}

/** The other fields of the `debugContext`, in one line. */
export function describeContext({ debugContext = {} }: Reading): string {
  return Object.entries(debugContext)
    .filter(([name]) => !OF_CALLER.has(name))
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('; ')
}

const OF_CALLER = new Set([
  'caller',
  'authenticationMethod',
  'issuer',
  'audience',
  'clientId',
  'scopes',
  'tokenExpires',
])

/** Whether Okta accepts the result; otherwise it sends with its own provider. */
export function isGood({ status }: Reading): boolean {
  return status === 'SUCCESSFUL'
}

/** In one line, for a table or a message. */
export function describeReading({ status, error, debugContext }: Reading): string {
  const { code, meaning } = debugContext ?? {}
  const ours = [code, meaning].filter(part => typeof part === 'string').join(': ')
  return [status ?? 'no status', error ?? ours].filter(Boolean).join('; ')
}

/** The code that Okta itself sends in previews. It cannot be used to sign in. */
const CODE = '11111'
const CODE_LIFETIME_MS = 300_000

const NOT_ECHOED = "Okta's response to execute lacks the details (debugContext) of the hook."
/** "The inline hook responded with an error": the hook was called and answered. */
const OF_ANSWER: ReadonlySet<string> = new Set(['E0000135'])
const NOT_NEEDED: Log = { kind: 'skipped', why: '' }
/** Events usually appear in the System Log within seconds. */
const READS_MAX = 6
const READ_AGAIN_MS = 3_000

const CLAIMS = z.object({
  issuer: z.string(),
  audience: z.string(),
  clientId: z.string(),
  scopes: z.string().transform(text => text.split(' ')),
})

const ANSWER = z.object({
  commands: z
    .array(
      z.object({
        value: z
          .array(
            z.object({
              status: z.string().nullish(),
              provider: z.string().nullish(),
              transactionId: z.string().nullish(),
            }),
          )
          .nullish(),
      }),
    )
    .nullish(),
  error: z
    .object({
      errorSummary: z.string().nullish(),
      errorCauses: z
        .array(z.object({ errorSummary: z.string().nullish(), reason: z.string().nullish() }))
        .nullish(),
    })
    .nullish(),
  debugContext: z.record(z.string(), z.unknown()).nullish(),
})
