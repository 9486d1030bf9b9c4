import { randomUUID } from 'node:crypto'
import type { PolicyStore } from '../../core/policy/policy-store.ts'
import { isCanary } from '../../core/records/canary.ts'
import type { FollowedDelivery } from '../../core/records/delivery.ts'
import type { StatsQuery, StoredHours, StoredStats } from '../../core/records/delivery-store.ts'
import type { RouteSamples } from '../../core/records/route-sample.ts'
import { countDeliveries, mergeStats } from '../../core/records/stats.ts'
import { type Change, readChanges, removeMark, YOUNG_MS } from './changes.ts'
import { readItem } from './delivery-item.ts'
import { byOrgOf, type Counted, floorTo, readCounted, writeCounted } from './figures-item.ts'
import { findDeliveries } from './find-delivery.ts'
import { idOf } from './history.ts'
import { DAY_MS, dayOf, endOf, HOUR_MS, keys, MINUTE_MS, readEntry, timeOf } from './keys.ts'
import { createPauses, waitFor } from './pauses.ts'
import { readPlace } from './place.ts'
import { sharesPolicy } from './policy.ts'
import { keepRouteSamples } from './route-samples.ts'
import type { DynamoStoreOptions } from './store-options.ts'
import { openTable, type Table } from './table.ts'
import { writeUnsettledSince } from './unsettled.ts'

/** What the function for figures uses of the store. */
export type FigureStore = {
  /**
   * Counts again what may have changed since the last run (docs/decisions/0016), in steps, until it has caught up or
   * `mayGoOn` says no. Returns until when deliveries are counted. A run may die at any moment, and two may run at once: what
   * is not counted now is counted by the next one. `see` gets every delivery that is read: each one when it is four minutes
   * old, and again an hour later and after late changes.
   */
  readonly countFigures: (mayGoOn: () => boolean, see?: SeeDeliveries) => Promise<number>
  /** `keepRouteSamples` */
  readonly keepRouteSamples: (found: RouteSamples) => Promise<RouteSamples>
} & Pick<PolicyStore, 'readPolicy' | 'saveRoutingPolicy'>

type SeeDeliveries = (deliveries: readonly FollowedDelivery[]) => void

export function openFigureStore(options: DynamoStoreOptions): FigureStore {
  const { now, retention, pause = waitFor, random = Math.random } = options
  const { deliveriesMs: keptMs, changesMs = keptMs } = retention
  const pauses = createPauses(pause, random)
  const table = openTable(options.call, options.table, pauses)
  return {
    ...sharesPolicy(table, { now, newId: randomUUID, pauses, changesMs }),
    keepRouteSamples: found => keepRouteSamples(table, found, now(), pauses),
    countFigures: async (mayGoOn, see = () => undefined) => {
      const startedAt = now()
      const before = (await readUntil(table)) ?? startedAt - FIRST_MS
      let until = Math.max(before, startedAt - MISSED_MAX_MS)
      await writeUnsettledSince(table, endOf(until - YOUNG_MS), startedAt, keptMs)
      let stepMs = STEP_MS
      do {
        const next = Math.min(startedAt, until + stepMs)
        const counted = await countStep(table, until, next, { now: startedAt, keptMs, see })
        if (counted === undefined) break // another run is at work
        stepMs = counted < FEW ? Math.min(2 * stepMs, STEP_MAX_MS) : STEP_MS
        until = next
      } while (until < startedAt && mayGoOn())
      return until
    },
  }
}

export async function readStats(
  table: Table,
  query: StatsQuery,
  now: number,
  keptMs: number,
): Promise<StoredStats | undefined> {
  const read = await readPeriod(table, query, now, keptMs)
  return read && { stats: mergeStats(read.counted.map(({ stats }) => stats)), until: read.until }
}

export async function readHourlyStats(
  table: Table,
  query: StatsQuery,
  now: number,
  keptMs: number,
): Promise<StoredHours | undefined> {
  const read = await readPeriod(table, query, now, keptMs)
  if (read === undefined) return undefined
  const byHour = Map.groupBy(read.counted, ({ time }) => Math.max(floorTo(HOUR_MS, time), query.from))
  const hours = [...byHour].map(([from, each]) => ({
    from,
    stats: mergeStats(each.map(({ stats }) => stats)),
  }))
  return { hours: hours.toSorted((one, other) => one.from - other.from), until: read.until }
}

/** An hour that is final has one item for each org; of the others, there are those of the minutes. */
async function readPeriod(
  table: Table,
  { from, to, org }: StatsQuery,
  now: number,
  keptMs: number,
): Promise<{ readonly counted: readonly Counted[]; readonly until: number } | undefined> {
  const until = await readUntil(table)
  if (until === undefined) return undefined
  const start = Math.max(from, firstKept(now, keptMs))
  const wholeFrom = -floorTo(HOUR_MS, -start) // rounded up
  const wholeTo = Math.max(wholeFrom, floorTo(HOUR_MS, Math.min(to, until - HOUR_MS))) // isFinal
  const parts = await Promise.all([
    readCounted(table, 'minute', start, Math.min(wholeFrom, to)),
    readCounted(table, 'hour', wholeFrom, wholeTo),
    readCounted(table, 'minute', Math.max(start, wholeTo), to),
  ])
  const counted = parts.flat().filter(each => org === undefined || each.org === org)
  return { counted, until: Math.min(to, until) }
}

/**
 * Counts the minutes in which deliveries may have changed: the last ones; again those of an hour before, when indexes have
 * everything; and those of marked deliveries. Nothing is added to what was counted before, so it does not matter how often
 * or in what order that happens. Returns how many deliveries were read; undefined if another run has written one of these
 * minutes meanwhile.
 */
async function countStep(
  table: Table,
  from: number,
  to: number,
  counting: Counting,
): Promise<number | undefined> {
  const { keptMs } = counting
  const changed = (await changedMinutes(table, await readChanges(table, CHANGES_MAX))).slice(0, CHANGED_MAX)
  const ranges: readonly Range[] = [
    { from: from - YOUNG_MS, to, isConsistent: false, ids: [] },
    { from: from - HOUR_MS, to: to - HOUR_MS, isConsistent: true, ids: [] },
    ...changed.flatMap(({ minute, changes }) =>
      minute === undefined
        ? []
        : [
            {
              from: minute,
              to: minute,
              isConsistent: true,
              ids: changes.map(({ deliveryId }) => deliveryId),
            },
          ],
    ),
  ]
  let counted = 0
  for (const range of ranges) {
    const read = await countMinutes(table, range, counting)
    if (read === undefined) return undefined
    counted += read
  }
  const hours = new Set<number>()
  for (const { from, to } of ranges.slice(1))
    for (let hour = floorTo(HOUR_MS, from); hour <= to; hour += HOUR_MS) hours.add(hour)
  for (const hour of hours) if (isFinal(hour, to) && !(await countHour(table, hour, keptMs))) return undefined
  for (const some of chunksOf(
    AT_ONCE,
    changed.flatMap(({ changes }) => changes),
  ))
    await Promise.all(some.map(change => removeMark(table, change)))
  await table.update(keys.counted, {
    update: 'SET #until = :until',
    condition: 'attribute_not_exists(#until) OR #until < :until',
    values: { ':until': { N: String(to) } },
  })
  return counted
}

type Counting = { readonly now: number; readonly keptMs: number; readonly see: SeeDeliveries }

/** Whole minutes, with those of `from` and `to`. `ids`: deliveries that indexes may not have yet. */
type Range = {
  readonly from: number
  readonly to: number
  readonly isConsistent: boolean
  readonly ids: readonly string[]
}

/** How many deliveries were read; undefined if another run has written one of the minutes meanwhile. */
async function countMinutes(
  table: Table,
  { from, to, isConsistent, ids }: Range,
  { now, keptMs, see }: Counting,
): Promise<number | undefined> {
  const start = Math.max(floorTo(MINUTE_MS, from), firstKept(now, keptMs))
  const end = floorTo(MINUTE_MS, to) + MINUTE_MS
  if (start >= end) return 0
  const before = await readCounted(table, 'minute', start, end)
  const listed = Map.groupBy(await entriesBetween(table, start, end), entry => minuteOf(readEntry(entry)))
  const minutes = new Set([
    ...listed.keys(),
    ...before.map(({ time }) => time),
    ...(ids.length > 0 ? [floorTo(MINUTE_MS, from)] : []),
  ])
  let count = 0
  for (const minute of minutes) {
    const all = new Set([...(listed.get(minute) ?? []).map(idOf), ...ids])
    const deliveries: FollowedDelivery[] = []
    for (const some of chunksOf(FOUND_AT_ONCE * AT_ONCE, [...all])) {
      const found = chunksOf(FOUND_AT_ONCE, some).map(each =>
        findDeliveries(table, each, now, keptMs, isConsistent),
      )
      deliveries.push(...(await Promise.all(found)).flat())
    }
    see(deliveries)
    const byOrg = Map.groupBy(
      deliveries.filter(delivery => !isCanary(delivery)),
      ({ caller }) => caller,
    )
    const stats = new Map([...byOrg].map(([org, each]) => [org, countDeliveries(each)]))
    const ofMinute = before.filter(({ time }) => time === minute)
    const place = { span: 'minute', time: minute, before: ofMinute } as const
    if (!(await writeCounted(table, place, stats, keptMs))) return undefined
    count += deliveries.length
  }
  return count
}

/** An hour has items of its own once an hour has passed after it. */
function isFinal(hour: number, until: number): boolean {
  return hour + HOUR_MS <= until - HOUR_MS
}

async function countHour(table: Table, hour: number, keptMs: number): Promise<boolean> {
  const end = hour + HOUR_MS
  const before = await readCounted(table, 'hour', hour, end)
  const minutes = await readCounted(table, 'minute', hour, end)
  return writeCounted(table, { span: 'hour', time: hour, before }, byOrgOf(minutes), keptMs)
}

/** The entries of deliveries that have items, by `by-day`. */
async function entriesBetween(table: Table, from: number, to: number): Promise<readonly string[]> {
  const entries: string[] = []
  for (let day = floorTo(DAY_MS, from); day < to; day += DAY_MS) {
    const values = { ':day': { S: dayOf(day) }, ':from': { S: timeOf(from) }, ':to': { S: timeOf(to) } }
    for await (const page of table.query('#day = :day AND #at BETWEEN :from AND :to', values, 'by-day'))
      for (const { pk, at } of page)
        if (pk?.S?.startsWith(DELIVERY) === true) entries.push(readPlace(at?.S ?? '').entry)
  }
  return entries
}

/** The marks by the minute in which their deliveries were opened: undefined for those that do not exist (any more). */
async function changedMinutes(table: Table, changes: readonly Change[]) {
  const items = await table.getMany(
    changes.map(({ deliveryId }) => keys.delivery(deliveryId)),
    true,
  )
  const opened = new Map(items.map(item => [item.pk?.S, readItem(item)]))
  const byMinute = Map.groupBy(changes, ({ deliveryId }) => {
    const delivery = opened.get(keys.delivery(deliveryId).pk)
    return delivery && minuteOf(delivery)
  })
  return [...byMinute].map(([minute, of]) => ({ minute, changes: of }))
}

async function readUntil(table: Table): Promise<number | undefined> {
  const { until } = (await table.get(keys.counted)) ?? {}
  return until?.N === undefined ? undefined : Number(until.N)
}

/** The first minute of which all deliveries are kept. */
function firstKept(now: number, keptMs: number): number {
  return floorTo(MINUTE_MS, now - keptMs) + MINUTE_MS
}

function minuteOf({ openedAt }: { readonly openedAt: number }): number {
  return floorTo(MINUTE_MS, openedAt)
}

function chunksOf<T>(size: number, all: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  )
}

const DELIVERY = keys.delivery('').pk
/** A first run begins this long ago. */
const FIRST_MS = HOUR_MS
/** The longest time that a run catches up; `hookline stats` shows no more. */
const MISSED_MAX_MS = 7 * DAY_MS
/** A run that catches up takes longer steps where there were few deliveries, so each ends in time. */
const STEP_MS = 10 * MINUTE_MS
const STEP_MAX_MS = 6 * HOUR_MS
const FEW = 1_000
/** Marks, and minutes that are counted for them, in one step. What is left over is for the next one. */
const CHANGES_MAX = 1_000
const CHANGED_MAX = 60
/** Two items for each delivery, in one BatchGetItem. */
const FOUND_AT_ONCE = 50
const AT_ONCE = 4
