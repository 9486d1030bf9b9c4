import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import {
  type DeliveryFilter,
  isWhose,
  matchesFilter,
  type Whose,
} from '../../core/records/delivery-filter.ts'
import type { DeliveryPage, ListedDelivery, PageQuery } from '../../core/records/delivery-store.ts'
import { type Dimension, dimensions, OKTAS_TEXT } from '../../core/records/stats.ts'
import { type Row, readDelivery } from './delivery-operations.ts'

/** Pages of deliveries, as people look through them. */
export function pageOperations(database: DatabaseSync, { deliveriesMs }: { readonly deliveriesMs: number }) {
  return {
    pageDeliveries: (query: PageQuery, now: number): DeliveryPage => {
      const { limit, whose, filter = {} } = query
      const since = Math.max(query.period?.from ?? 0, now - deliveriesMs + 1)
      const wanted = conditionsOf(filter)
      const rows = rowsIn(database, query, since)
      const window = wanted.length === 0 ? undefined : rows.last(ROWS_MAX)
      const deliveries: ListedDelivery[] = []
      let last: Place | undefined
      for (const row of rows.matching(window, wanted)) {
        if (last !== undefined && deliveries.length === limit)
          return { deliveries, readTo: last.at, next: positionOf(last) }
        const delivery = readDelivery(row)
        last = { at: delivery.openedAt, sequence: row.sequence as number }
        if ((whose === undefined || isWhose(delivery, whose)) && matchesFilter(delivery, filter))
          deliveries.push(delivery)
      }
      return window === undefined
        ? { deliveries, readTo: since, next: undefined }
        : { deliveries, readTo: window.at, next: positionOf(window) }
    },
  }
}

/** By the time of opening, which an index has in this order. */
type Place = { readonly at: number; readonly sequence: number }

/** In SQL, with the values of its parameters. */
type Condition = readonly [sql: string, values: Readonly<Record<string, SQLInputValue>>]

/** The rows that a query is about, newest first. */
function rowsIn(database: DatabaseSync, { whose, filter, period, before }: PageQuery, since: number) {
  const end: Place = { at: period?.to ?? Number.MAX_SAFE_INTEGER, sequence: 0 }
  const from = before === undefined ? undefined : readPosition(before)
  const upTo = from !== undefined && from.at < end.at ? from : end
  const bounds: Condition = [
    'opened_at >= :since AND opened_at <= :at AND (opened_at, sequence) < (:at, :sequence)',
    { since, ...upTo },
  ]
  const about = [...conditionOf(whose, filter?.oktaRequestId), bounds]
  const ordered = ([columns, conditions, limit]: readonly [string, readonly Condition[], string]) =>
    [
      database.prepare(
        `SELECT ${columns} FROM deliveries WHERE ${conditions.map(([sql]) => sql).join(' AND ')}
         ORDER BY opened_at DESC, sequence DESC ${limit}`,
      ),
      Object.assign({}, ...conditions.map(([, values]) => values)) as Condition[1],
    ] as const
  return {
    /** The last of the first `count` rows; undefined if no row follows it. */
    last: (count: number): Place | undefined => {
      const [statement, values] = ordered(['opened_at AS at, sequence', about, `LIMIT 2 OFFSET ${count - 1}`])
      const [last, next] = statement.all(values) as Place[]
      return next === undefined ? undefined : last
    },
    matching: (down: Place | undefined, wanted: readonly Condition[]): Iterable<Row> => {
      const bound: readonly Condition[] =
        down === undefined
          ? []
          : [
              [
                'opened_at >= :lastAt AND (opened_at, sequence) >= (:lastAt, :lastSequence)',
                { lastAt: down.at, lastSequence: down.sequence },
              ],
            ]
      const [statement, values] = ordered(['*', [...about, ...bound, ...wanted], ''])
      return statement.iterate(values)
    },
  }
}

/** With one digest, the index has the rows in their order. There are two while the hash key is rotated. */
function ofNumber([number = '', ...others]: readonly string[]): Condition {
  return others.length === 0
    ? ['number_digest = :number', { number }]
    : [
        'number_digest IN (SELECT value FROM json_each(:numbers))',
        { numbers: JSON.stringify([number, ...others]) },
      ]
}

/** What an index serves. */
function conditionOf(whose: Whose | undefined, oktaRequestId: string | undefined): readonly Condition[] {
  const ofRequest: readonly Condition[] =
    oktaRequestId === undefined ? [] : [['okta_request_id = :oktaRequestId', { oktaRequestId }]]
  switch (whose?.kind) {
    case undefined:
      return ofRequest
    case 'number':
      return [ofNumber(whose.digests), ...ofRequest]
    case 'event':
      return [['event_id = :event', { event: whose.eventId }], ...ofRequest]
    case 'user':
      return [
        [
          `sequence IN (SELECT sequence FROM deliveries WHERE user_digest IN (SELECT value FROM json_each(:users))
         UNION SELECT sequence FROM deliveries WHERE login_digest IN (SELECT value FROM json_each(:users)))`,
          { users: JSON.stringify(whose.digests) },
        ],
        ...ofRequest,
      ]
  }
}

/**
 * What every match has, so that SQLite leaves out the other rows: reading a row here costs twenty times as much.
 * `matchesFilter` decides.
 */
function conditionsOf(filter: DeliveryFilter): readonly Condition[] {
  const { status, reason, template, sent, answered, held } = filter
  const one = (name: string, value: string | undefined, sql: string): readonly Condition[] =>
    value === undefined ? [] : [[sql, { [name]: value }]]
  return [
    ...dimensions.flatMap(name => {
      const value = filter[name]
      return value === undefined ? [] : [hasLabel(name, value)]
    }),
    ...one('status', status, `${STATUS} = :status`),
    ...one('reason', reason, `json_extract(end, '$.code') = :reason`),
    ...one('template', template, `instr(:template || '@', ${TEMPLATE} || '@') = 1`),
    ...(sent === true
      ? [when(`(state = 'accepted' OR progress IS NOT NULL OR answered_at IS NOT NULL)`)]
      : sent === false
        ? [when(`state <> 'accepted' AND progress IS NULL`)]
        : []),
    ...(answered === true
      ? [when('answered_at IS NOT NULL')]
      : answered === false
        ? [when(`(answered_at IS NULL OR state IN ('refused', 'failed'))`)]
        : []),
    ...(held === undefined ? [] : [when(`json_extract(credit, '$.hold') IS NOT NULL`)]),
  ]
}

function when(sql: string): Condition {
  return [sql, {}]
}

function hasLabel(name: Dimension, value: string): Condition {
  if (name !== 'identity') return [`${LABELS[name]} = :${name}`, { [name]: value }]
  const contains = 'instr(end, :identity) > 0'
  const hasNone = `coalesce(json_array_length(end, '$.attempts'), 0) = 0`
  return [
    value === 'none' ? `(${contains} OR ${hasNone})` : contains,
    { identity: JSON.stringify(value) }, // as it is in the JSON
  ]
}

/** As `labelsOf` has them. */
const LABELS: Readonly<Record<Exclude<Dimension, 'identity'>, string>> = {
  country: `coalesce(country, 'unknown')`,
  channel: 'channel',
  purpose: 'purpose',
  language: `CASE WHEN template_used IS NULL THEN 'none' ELSE coalesce(json_extract(template_used, '$.locale'), '${OKTAS_TEXT.replaceAll("'", "''")}') END`,
  org: 'caller',
}
/** As `statusOf` says it. */
const STATUS = `CASE json_extract(progress, '$.stage') WHEN 'under-way' THEN 'accepted' ELSE coalesce(json_extract(progress, '$.stage'), state) END`
/** As `nameOfTemplate` names it. */
const TEMPLATE = `channel || '/' || json_extract(template_used, '$.locale') || '/' || json_extract(template_used, '$.purpose')`

function positionOf({ at, sequence }: Place): string {
  return `${at}-${sequence}`
}

/** Undefined for a text that no page gave. */
function readPosition(position: string): Place | undefined {
  const [, at, sequence] = /^(\d{1,15})-(\d{1,15})$/.exec(position) ?? []
  return at === undefined ? undefined : { at: Number(at), sequence: Number(sequence) }
}

/** The rows that one page looks at: a day of a large deployment. */
const ROWS_MAX = 10_000
