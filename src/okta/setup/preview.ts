import * as z from 'zod'
import type { OktaApi } from './okta-api.ts'

/** One call that Okta is asked to make. */
export type PreviewOrder = {
  readonly to: string
  readonly channel: 'SMS' | 'voice call'
  readonly purpose: Purpose
  readonly locale: string
}

type Purpose = (typeof purposes)[number]

export const purposes = ['mfa-verification', 'pre-enrollment', 'account-unlock', 'password-reset'] as const

/** What is made up for each call. */
export type PreviewWorld = {
  readonly now: number
  /** 22 characters of the base64url alphabet. */
  readonly newEventId: () => string
}

/** What Okta read in the hook's answer. */
export type Reading = {
  readonly status: string | undefined
  readonly provider: string | undefined
  readonly transactionId: string | undefined
  /** The error object's sentences, ours or Okta's. */
  readonly error: string | undefined
  readonly debugContext: Readonly<Record<string, unknown>> | undefined
}

/** Has Okta call the hook. Rejects with Okta's own error where Okta could not read the answer at all. */
export async function preview(
  api: OktaApi,
  hookId: string,
  order: PreviewOrder,
  world: PreviewWorld,
): Promise<Reading> {
  const body = previewRequest(api.orgUrl, hookId, order, world)
  return readAnswer(await api.post(`/api/v1/inlineHooks/${hookId}/execute`, body))
}

/** The whole request, as Okta sends one; marked as a preview of Okta's console. @internal */
export function previewRequest(
  orgUrl: string,
  hookId: string,
  { to, channel, purpose, locale }: PreviewOrder,
  { now, newEventId }: PreviewWorld,
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
          id: newEventId(),
          method: 'POST',
          url: { value: '/api/internal/v1/inlineHooks/com.okta.telephony.provider/generatePreview' },
          ipAddress: '127.0.0.1',
        },
      },
      userProfile: {
        firstName: 'Preview',
        lastName: 'Hookline',
        login: `preview-${newEventId()}@example.com`, // one person has fewer codes than there are previews
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

/** @internal */
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

/** What Okta's access token says, as the deployment verified it. */
export type PreviewClaims = z.output<typeof CLAIMS>

/** Undefined where the deployment has let nobody in, or somebody by a secret. */
export function claimsIn({ debugContext }: Reading): PreviewClaims | undefined {
  return CLAIMS.safeParse(debugContext).data
}

/** As whom the deployment let Okta in; undefined where it says nothing of it. */
export function describeAsker(reading: Reading): string | undefined {
  const { asker, wayIn } = reading.debugContext ?? {}
  if (typeof asker !== 'string' || typeof wayIn !== 'string') return undefined
  const claims = claimsIn(reading)
  const said =
    claims === undefined
      ? ''
      : `: issuer ${claims.issuer}, audience ${claims.audience}, client ${claims.clientId}, scopes ${claims.scopes.join(' ')}`
  return `The hook took Okta for ${asker}, by ${wayIn}${said}.`
}

/** The rest of what the deployment says, in one line. */
export function describeContext({ debugContext = {} }: Reading): string {
  return Object.entries(debugContext)
    .filter(([name]) => !OF_ASKER.has(name))
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('; ')
}

const OF_ASKER = new Set(['asker', 'wayIn', 'issuer', 'audience', 'clientId', 'scopes', 'tokenExpires'])

/** Whether Okta would be content: it goes on to its own provider otherwise. */
export function isGood({ status }: Reading): boolean {
  return status === 'SUCCESSFUL'
}

/** In one line, for a table or a message. */
export function describeReading({ status, error, debugContext }: Reading): string {
  const { code, meaning } = debugContext ?? {}
  const ours = [code, meaning].filter(part => typeof part === 'string').join(': ')
  return [status ?? 'no status', error ?? ours].filter(Boolean).join('; ')
}

/** What Okta itself sends in previews. Nobody can sign in with it. */
const CODE = '11111'
const CODE_LIFETIME_MS = 300_000

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
