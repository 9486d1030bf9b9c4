import type { Secret } from '../../src/core/values/secret.ts'
import type { OktaApi } from '../../src/okta/setup/okta-api.ts'
import { at, redactFields } from './redact-body.ts'
import { redactName } from './redact-names.ts'
import { OBSERVED } from './steps.ts'

/** An event of the System Log without anything that identifies a person or an org. */
export type LogEvent = {
  readonly type: string
  readonly result: string
  /** Names of the fields of its `debugContext.debugData`. */
  readonly debugFields: readonly string[]
  /** Its fields about a fail-over: `debugContext.debugData.is_sms_hook_failover: text true`. */
  readonly failOvers: readonly { readonly path: string; readonly value: string; readonly isTrue: boolean }[]
  /** Where the `debugContext` of the hook's answer was found in the event. */
  readonly copies: readonly string[]
  /** Whether it has the request ID of a call of the hook. */
  readonly isOfCall: boolean
}

export type LogOrder = {
  readonly since: number
  readonly until: number
  /** The request IDs of the calls of this step. */
  readonly requestIds: readonly Secret[]
  /** Whether all types of events are included, not only those about codes and hooks. */
  readonly isFollowed: boolean
  /** The request IDs of earlier calls, whose events are left out. */
  readonly others: readonly Secret[]
}

/** The events of these calls, oldest first. If there is none, telephony events of the time that belong to no call. */
export async function readLog(api: OktaApi, order: LogOrder): Promise<readonly LogEvent[]> {
  const ids = order.requestIds.slice(0, IDS_MAX)
  const query = new URLSearchParams({
    since: new Date(order.since).toISOString(),
    until: new Date(order.until).toISOString(), // without it the log has no last page
    ...(!order.isFollowed && {
      filter: [
        ...TYPES.map(type => `eventType sw "${type}"`),
        ...ids.map(id => `transaction.id eq "${id.reveal()}"`),
      ].join(' or '),
    }),
    limit: '1000',
  })
  return redactLog(await api.list(`/api/v1/logs?${query}`), order)
}

/** @internal */
export function redactLog(
  log: readonly unknown[],
  { requestIds, others, isFollowed }: Pick<LogOrder, 'requestIds' | 'others' | 'isFollowed'>,
): readonly LogEvent[] {
  const ours = new Set(requestIds.map(id => id.reveal()))
  const earlier = new Set(others.map(id => id.reveal()).filter(id => !ours.has(id)))
  const events = log
    .filter(event => !earlier.has(String(at(event, 'transaction', 'id'))))
    .slice(-EVENTS_MAX)
    .map(event => redactEvent(event, ours))
  const own = events.filter(({ isOfCall }) => isOfCall)
  return own.length > 0 && !isFollowed ? own : events
}

function redactEvent(event: unknown, ours: ReadonlySet<string>): LogEvent {
  const type = at(event, 'eventType')
  const result = at(event, 'outcome', 'result')
  const debugData = at(event, 'debugContext', 'debugData')
  const names = typeof debugData === 'object' && debugData !== null ? Object.keys(debugData) : []
  return {
    type: typeof type === 'string' && TYPE.test(type) ? type : 'an event of another type',
    result: RESULTS.find(known => known === result) ?? (result === undefined ? 'none' : 'another'),
    debugFields: [...new Set(names.slice(0, NAMES_MAX).map(redactName))],
    failOvers: failOversIn(event),
    copies: copiesIn(event),
    isOfCall: ours.has(String(at(event, 'transaction', 'id'))),
  }
}

function failOversIn(event: unknown): LogEvent['failOvers'] {
  const found: LogEvent['failOvers'][number][] = []
  for (const { path, what } of redactFields(event, redactFlag)) {
    if (FLAG.test(path)) found.push({ path, value: what, isTrue: what.endsWith('true') })
  }
  return found
}

function redactFlag(value: unknown, path: string): string {
  if (!FLAG.test(path)) return 'value'
  if (typeof value === 'boolean') return String(value)
  return typeof value === 'string' && /^(?:true|false)$/i.test(value)
    ? `text ${value.toLowerCase()}`
    : 'other'
}

/** Okta may copy it as fields, or as JSON in a string. */
function copiesIn(event: unknown): readonly string[] {
  return redactFields(event, value =>
    typeof value === 'string' && (value === OBSERVED || value.includes(`"${OBSERVED}"`)) ? OBSERVED : 'value',
  )
    .filter(({ what }) => what === OBSERVED)
    .map(({ path }) => path)
}

const TYPES = ['system.sms.', 'system.voice.', 'inline_hook.']
const TYPE = /^[a-z][a-z_]{0,30}(?:\.[a-z][a-z_0-9]{0,40}){1,8}$/
const FLAG = /(?:^|\.)is_(?:sms|call)_hook_failover$/
const RESULTS = ['SUCCESS', 'FAILURE', 'SKIPPED', 'ALLOW', 'DENY', 'CHALLENGE', 'UNKNOWN'] as const
const IDS_MAX = 5
const EVENTS_MAX = 50
const NAMES_MAX = 60
