import { type Command, Option } from 'commander'
import type { StatsQuery, StoredStats } from '../../core/records/delivery-store.ts'
import { type Dimension, dimensions, type Figures, percentile } from '../../core/records/stats.ts'
import type { Store } from '../../core/records/store.ts'
import { minuteOf } from '../../core/values/printable.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { Problem, quoted } from '../terminal/problem.ts'
import { table } from '../terminal/table.ts'

type Options = {
  readonly since?: keyof typeof PERIODS
  readonly by?: Dimension
  readonly org?: string
  readonly json?: boolean
}

/** `hookline stats`: how many codes were asked for, sent, delivered and entered, after how long, and what they cost. */
export function statsCommand(command: Command, context: Context): void {
  command
    .addOption(
      new Option('--since <period>', 'the last hour, day or seven days; all three by default').choices(
        Object.keys(PERIODS),
      ),
    )
    .addOption(
      new Option('--by <dimension>', 'a row for each country, channel and so on').choices(dimensions),
    )
    .option('--org <name>', 'only the codes of this org')
    .option('--json', 'print one JSON object per row, for programs')
    .action(async ({ since, by, org, json = false }: Options) => {
      const to = (Math.floor(context.now() / MINUTE_MS) + 1) * MINUTE_MS
      const periods = since === undefined ? (Object.keys(PERIODS) as (keyof typeof PERIODS)[]) : [since]
      const rows: Row[] = []
      let until = to
      await withStore(context, async store => {
        if (org !== undefined) await checkOrg(store, org, to)
        for (const period of periods) {
          const from = to - PERIODS[period].ms
          const stored = await readStats(store, { from, to, org })
          const { stats } = stored
          until = stored.until
          const figures =
            by === undefined ? [['', stats.total] as const] : [...stats.by[by]].toSorted(mostFirst)
          for (const [label, each] of figures) rows.push({ period, from, to, label, figures: each })
        }
      })
      if (json) for (const row of rows) context.print(JSON.stringify(jsonOf(row, by)))
      else if (rows.length === 0) context.print('No codes in this time.')
      else context.print(tableOf(rows, by))
      if (to - until > LATE_MS) context.progress(lateText(until))
    })
}

async function readStats(store: Store, query: StatsQuery): Promise<StoredStats> {
  const stored = await store.readStats(query)
  if (stored === undefined) throw new Problem('settings', NO_FIGURES)
  return stored
}

/** An org is known by its codes of the last seven days, the longest time. */
async function checkOrg(store: Store, org: string, to: number): Promise<void> {
  const { stats } = await readStats(store, { from: to - PERIODS.week.ms, to })
  const orgs = [...stats.by.org.keys()].toSorted()
  if (orgs.includes(org)) return
  const others = orgs.length === 0 ? 'No org had any.' : `Orgs with codes: ${orgs.join(', ')}.`
  throw new Problem('usage', `The org ${quoted(org)} had no codes in the last seven days. ${others}`)
}

type Row = {
  readonly period: keyof typeof PERIODS
  readonly from: number
  readonly to: number
  /** Of the dimension; empty for all together. */
  readonly label: string
  readonly figures: Figures
}

function mostFirst(
  [one, first]: readonly [string, Figures],
  [other, second]: readonly [string, Figures],
): number {
  return second.asked - first.asked || (one < other ? -1 : 1)
}

function jsonOf({ period, from, to, label, figures }: Row, by: Dimension | undefined): object {
  const { asked, sent, delivered, answered, priced, costMicroUsd } = figures
  return {
    since: period,
    ...{ from, to },
    ...(by !== undefined && { by, [by]: label }),
    ...{ asked, sent, delivered, answered },
    medianMs: percentile(figures, 0.5) ?? null,
    p95Ms: percentile(figures, 0.95) ?? null,
    priced,
    costUsd: costMicroUsd / 1_000_000,
  }
}

function tableOf(rows: readonly Row[], by: Dimension | undefined): string {
  const head = ['since', ...(by === undefined ? [] : [by])]
  return table(
    [...head, 'asked', 'sent', 'delivered', 'answered', 'median', '95%', 'cost'],
    rows.map(({ period, label, figures }) => [
      PERIODS[period].title,
      ...(by === undefined ? [] : [label]),
      String(figures.asked),
      ...[shareOf(figures.sent, figures.asked), shareOf(figures.delivered, figures.sent)],
      shareOf(figures.answered, figures.sent),
      ...[durationOf(percentile(figures, 0.5)), durationOf(percentile(figures, 0.95))],
      costOf(figures),
    ]),
  )
}

function shareOf(part: number, whole: number): string {
  return whole === 0 ? String(part) : `${part} (${Math.round((100 * part) / whole)}%)`
}

function durationOf(ms: number | undefined): string {
  return ms === undefined ? '' : `${Math.round(ms / 1_000)} s`
}

/** Only some receipts contain a price: the table says of how many, unless it is of all. */
function costOf({ priced, sent, costMicroUsd }: Figures): string {
  if (priced === 0) return ''
  const cost = `$${(costMicroUsd / 1_000_000).toFixed(2)}`
  return priced === sent ? cost : `${cost} (of ${priced})`
}

const PERIODS = {
  hour: { title: 'last hour', ms: 3_600_000 },
  day: { title: 'last day', ms: 86_400_000 },
  week: { title: 'last 7 days', ms: 7 * 86_400_000 },
} as const

function lateText(until: number): string {
  return `Codes are counted until ${minuteOf(until)} UTC: the function for figures is late. Its log has the reason (docs/events.md).`
}

const MINUTE_MS = 60_000
/** It runs each minute. */
const LATE_MS = 5 * MINUTE_MS
const NO_FIGURES =
  'No figures have been counted in this table. Deploy with Figures=true, or wait until a new deployment is a minute old (docs/events.md).'
