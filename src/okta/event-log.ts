import * as z from 'zod'
import { readEvents } from './events.ts'
import type { OktaApi } from './setup/okta-api.ts'

/** What Okta's System Log says about an event hook in a span of time. */
export type EventLog = {
  /** Times at which a code by phone was entered, as far as the newest events show; newest first. */
  readonly answers: readonly number[]
  /** Posts that Okta could not deliver, newest first. */
  readonly failures: readonly { readonly at: number; readonly reason: string | undefined }[]
  /** Events that event hooks of the org get in a day; an estimate where there are more than 1,000. */
  readonly eventsPerDay: number
}

export type EventLogQuery = {
  readonly eventHookId: string
  /** What the active event hooks of the org subscribe to: the limit counts them together. */
  readonly eventTypes: readonly string[]
  readonly since: number
  readonly until: number
}

/** Reads at most one page for the failures and nine for the events, so that a busy org does not use up its rate limit. */
export async function readEventLog(
  logs: Pick<OktaApi, 'get'>,
  { eventHookId, eventTypes: types, since, until }: EventLogQuery,
): Promise<EventLog> {
  const page = async (filter: string, from: number, to: number): Promise<readonly unknown[]> => {
    const query = new URLSearchParams({
      since: new Date(from).toISOString(),
      until: new Date(to).toISOString(),
      filter,
      limit: String(PAGE),
      sortOrder: 'DESCENDING',
    })
    const events = await logs.get(`/api/v1/logs?${query}`) // one page: `list` would read them all
    if (!Array.isArray(events)) throw new Error("Okta's answer is not a list of events.")
    return events
  }
  const failures = await page(
    `eventType eq "event_hook.delivery" and target.id eq "${eventHookId}"`,
    since,
    until,
  )
  const ofHooks = types.map(type => `eventType eq "${type}"`).join(' or ')
  const newest = await page(ofHooks, since, until)
  const isWhole = newest.length < PAGE
  const eventsPerDay = isWhole ? newest.length * (DAY_MS / (until - since)) : await estimate()
  return {
    answers: (readEvents({ data: { events: newest } }) ?? []).flatMap(event =>
      event.kind === 'answer' ? [event.publishedAt] : [],
    ),
    failures: failures.flatMap(value => {
      const { data } = LOGGED.safeParse(value)
      return data?.outcome?.result === 'SUCCESS' || data === undefined
        ? []
        : [{ at: Date.parse(data.published), reason: data.outcome?.reason ?? undefined }]
    }),
    eventsPerDay: Math.round(eventsPerDay),
  }

  /** From the newest events of each of a few spans: an org has its peaks. */
  async function estimate(): Promise<number> {
    const span = (until - since) / SPANS
    let count = 0
    for (let index = 0; index < SPANS; index++) {
      const end = until - index * span
      const events = await page(ofHooks, end - span, end)
      const { data: last } = LOGGED.safeParse(events.at(-1))
      const oldest = last === undefined ? end - span : Date.parse(last.published)
      count += events.length < PAGE ? events.length : (events.length * span) / Math.max(1, end - oldest)
    }
    return count * (DAY_MS / (until - since))
  }
}

const PAGE = 1_000
const SPANS = 8
const DAY_MS = 86_400_000

const LOGGED = z.object({
  published: z.string(),
  outcome: z.object({ result: z.string().nullish(), reason: z.string().nullish() }).nullish(),
})
