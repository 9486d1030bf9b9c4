import * as z from 'zod'
import type { OktaApi } from './okta-api.ts'

/** The known fields of the `debugContext` in a response of the hook. */
export type LoggedContext = Readonly<Record<string, unknown>>

/**
 * From the events `inline_hook.response.processed`, by the request ID of `execute` or that in its body: Okta does not
 * document which of the two it logs.
 */
export async function readLoggedAnswers(
  api: OktaApi,
  requestIds: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, LoggedContext>> {
  const query = new URLSearchParams({
    since: new Date(now - AROUND_MS).toISOString(),
    until: new Date(now + AROUND_MS).toISOString(), // without it the log has no last page
    filter: `eventType eq "${PROCESSED}"`,
    limit: '1000',
  })
  const target = new Set(requestIds)
  return new Map(
    (await api.list(`/api/v1/logs?${query}`)).flatMap(value => {
      const { data } = EVENT.safeParse(value)
      const id = data?.transaction?.id
      if (data === undefined || typeof id !== 'string' || !target.has(id)) return []
      return [[id, Object.fromEntries(ourFields(data.debugContext))]]
    }),
  )
}

/** Okta may copy it as fields, nested, or as JSON in a string. */
function ourFields(value: unknown, depth = 0): readonly (readonly [string, unknown])[] {
  if (depth > DEPTH_MAX) return []
  if (typeof value === 'string' && value.startsWith('{')) return ourFields(parsed(value), depth + 1)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    FIELDS.has(name) && typeof inner === 'string' ? [[name, inner] as const] : ourFields(inner, depth + 1),
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const PROCESSED = 'inline_hook.response.processed'
/** The fields in the hook's responses: `hook-response.ts`. */
const FIELDS: ReadonlySet<string> = new Set([
  'caller',
  'authenticationMethod',
  'issuer',
  'audience',
  'clientId',
  'scopes',
  'tokenExpires',
  'deliveryId',
  'code',
  'meaning',
])
const DEPTH_MAX = 4
/** Okta's clock may differ from ours. */
const AROUND_MS = 3_600_000

const EVENT = z.object({
  eventType: z.literal(PROCESSED),
  transaction: z.object({ id: z.string().nullish() }).nullish(),
  debugContext: z.unknown(),
})
