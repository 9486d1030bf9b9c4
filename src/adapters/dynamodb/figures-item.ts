import {
  countDeliveries,
  dimensions,
  type Figures,
  mergeStats,
  type Stats,
} from '../../core/records/stats.ts'
import { DAY_MS, figuresPartition, HOUR_MS, keys, MINUTE_MS, type Span, secondsOf, timeOf } from './keys.ts'
import type { Item, Table } from './table.ts'

/** What an item says of the deliveries of one org that were opened in one minute or hour. */
export type Counted = {
  readonly time: number
  readonly org: string
  readonly stats: Stats
  readonly text: string
  readonly version: string
}

/** From the minute or hour of `from` on, and before `to`. A strongly consistent read. */
export async function readCounted(
  table: Table,
  span: Span,
  from: number,
  to: number,
): Promise<readonly Counted[]> {
  const whole = span === 'hour' ? DAY_MS : HOUR_MS // one partition
  const starts: number[] = []
  for (let start = floorTo(whole, from); start < to; start += whole) starts.push(start)
  const found: Counted[][] = []
  for (let index = 0; index < starts.length; index += AT_ONCE)
    found.push(
      ...(await Promise.all(
        starts.slice(index, index + AT_ONCE).map(async start => {
          const counted: Counted[] = []
          const values = {
            ':pk': { S: figuresPartition(span, start) },
            ':from': { S: timeOf(floorTo(SPANS_MS[span], from)) },
            ':to': { S: timeOf(to) },
          }
          for await (const page of table.query('#pk = :pk AND #sk BETWEEN :from AND :to', values))
            counted.push(...page.flatMap(readItem))
          return counted
        }),
      )),
    )
  return found.flat()
}

/**
 * Makes the items of a minute or an hour say this, and nothing else. `before` was read before what the figures are made
 * of, and an item is written only if it is still the same: its figures are never replaced by older ones. False if another
 * run has written one.
 */
export async function writeCounted(
  table: Table,
  { span, time, before }: { readonly span: Span; readonly time: number; readonly before: readonly Counted[] },
  byOrg: ReadonlyMap<string, Stats>,
  keptMs: number,
): Promise<boolean> {
  const orgs = new Set([...byOrg.keys(), ...before.map(({ org }) => org)])
  const written = await Promise.all(
    [...orgs].map(async org => {
      const known = before.find(each => each.org === org)
      const text = textOf(byOrg.get(org) ?? countDeliveries([]))
      if (known?.text === text) return true
      const change = await table.update(keys.figures(span, time, org), {
        update: 'SET #figures = :figures, #version = :next, #expires = :expires',
        condition: known === undefined ? 'attribute_not_exists(#version)' : '#version = :version',
        values: {
          ':figures': { S: text },
          ':next': { N: String(Number(known?.version ?? 0) + 1) },
          ':expires': { N: secondsOf(time + SPANS_MS[span] + keptMs) },
          ...(known !== undefined && { ':version': { N: known.version } }),
        },
      })
      return change.kind === 'changed'
    }),
  )
  return written.every(Boolean)
}

/** The figures of each org. */
export function byOrgOf(counted: readonly Counted[]): ReadonlyMap<string, Stats> {
  const groups = Map.groupBy(counted, ({ org }) => org)
  return new Map([...groups].map(([org, each]) => [org, mergeStats(each.map(({ stats }) => stats))]))
}

export function floorTo(wholeMs: number, time: number): number {
  return Math.floor(time / wholeMs) * wholeMs
}

const SPANS_MS: Readonly<Record<Span, number>> = { minute: MINUTE_MS, hour: HOUR_MS }

/** Equal figures of an org have equal texts. */
function textOf({ total, by }: Stats): string {
  const dimension = (figures: ReadonlyMap<string, Figures>) =>
    Object.fromEntries([...figures].toSorted(byLabel).map(([label, each]) => [label, numbersOf(each)]))
  return JSON.stringify([numbersOf(total), ...STORED.map(each => dimension(by[each]))])
}

function readItem({ sk, figures, version }: Item): readonly Counted[] {
  const [time = '', org = ''] = sk?.S?.split(/#(.*)/s) ?? []
  if (figures?.S === undefined || version?.N === undefined) return []
  const [total, ...stored] = JSON.parse(figures.S) as readonly [Numbers, ...Record<string, Numbers>[]] // written above
  const stats = { total: figuresOf(total), by: { ...countDeliveries([]).by } }
  for (const [index, dimension] of STORED.entries())
    stats.by[dimension] = new Map(
      Object.entries(stored[index] ?? {}).map(([label, numbers]) => [label, figuresOf(numbers)]),
    )
  if (stats.total.asked > 0) stats.by.org = new Map([[org, stats.total]])
  return [{ time: Number.parseInt(time, 36), org, stats, text: figures.S, version: version.N }]
}

/** Six figures, then each bucket of the answers and its count. */
type Numbers = readonly number[]

function numbersOf({ asked, sent, delivered, answered, priced, costMicroUsd, answers }: Figures): Numbers {
  const buckets = [...answers].toSorted(([one], [other]) => one - other)
  return [asked, sent, delivered, answered, priced, costMicroUsd, ...buckets.flat()]
}

function figuresOf(numbers: Numbers): Figures {
  const [asked = 0, sent = 0, delivered = 0, answered = 0, priced = 0, costMicroUsd = 0, ...buckets] = numbers
  const answers = new Map<number, number>()
  for (let index = 0; index < buckets.length; index += 2)
    answers.set(buckets[index] ?? 0, buckets[index + 1] ?? 0)
  return { asked, sent, delivered, answered, priced, costMicroUsd, answers }
}

function byLabel([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}

/** The org is in the key. New dimensions come last: items with fewer are in the table. */
const STORED = dimensions.filter(dimension => dimension !== 'org')
const AT_ONCE = 16
