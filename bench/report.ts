import type { Cost } from './load.ts'
import { median } from './load.ts'
import type { Machine } from './machine.ts'
import type { StartUp } from './start-up.ts'

/** One of the two in one round: requests one at a time, then several at once. */
export type Turn = { readonly alone: Cost; readonly crowd: Cost }
/** Both, one right after the other on the same machine. */
export type Round = { readonly hook: Turn; readonly floor: Turn }

export type Findings = {
  readonly rounds: readonly Round[]
  readonly startUps: readonly StartUp[]
  readonly requestsATurn: number
  readonly concurrency: number
  readonly machine: Machine
  /** `2026-01-31`. */
  readonly date: string
}

/** What was found, as Markdown that reads well in a terminal too. */
export function writeReport(findings: Findings): string {
  const { rounds, startUps, requestsATurn, concurrency, machine, date } = findings
  const measures = measuresOf(concurrency).map(measure => {
    const hook = rounds.map(({ hook }) => measure.of(hook))
    const floor = rounds.map(({ floor }) => measure.of(floor))
    const ratios = hook.map((value, round) => value / (floor[round] ?? Number.NaN))
    return { ...measure, hook: median(hook), floor: median(floor), ratio: median(ratios), ratios }
  })
  const rows = measures.map(({ name, digits, hook, floor, ratio }) => [
    name,
    hook.toFixed(digits),
    floor.toFixed(digits),
    ratio.toFixed(2),
  ])
  const healthyMs = median(startUps.map(startUp => startUp.healthyMs))
  const sentMs = median(startUps.map(startUp => startUp.sentMs))
  const cpu = measures[0]
  const memoryMb = Math.max(...rounds.map(({ hook }) => hook.crowd.peakMemoryMb))
  const goals: readonly Goal[] = [
    {
      name: 'CPU a request, times the floor',
      most: 4,
      found: cpu?.ratio ?? Number.NaN,
      digits: 2,
      note: `rounds from ${Math.min(...(cpu?.ratios ?? [])).toFixed(2)} to ${Math.max(...(cpu?.ratios ?? [])).toFixed(2)}`,
    },
    { name: 'Peak memory, MB', most: 150, found: memoryMb, digits: 0, note: 'the highest of all rounds' },
    {
      name: 'Process start to the first 200 on `/healthz`, ms',
      most: 1000,
      found: healthyMs,
      digits: 0,
      note: `median of ${startUps.length} starts`,
    },
    {
      name: 'Process start to the first code sent, ms',
      most: 1000,
      found: sentMs,
      digits: 0,
      note: "the issuer's keys are fetched on the way",
    },
  ]
  return [
    describeMeasurement(machine, date),
    `${rounds.length} rounds of ${requestsATurn} requests alone and ${requestsATurn} at ${concurrency} at once, after one round to warm up.`,
    '',
    ...table([['', 'Hookline', 'floor', 'ratio'], ...rows], 1),
    '',
    ...table([['goal', 'at most', 'found', '', ''], ...goals.map(goalRow)], 1),
  ].join('\n')
}

export function describeMeasurement(machine: Machine, date: string): string {
  const { cpu, cores, memoryGb, platform, node } = machine
  return `Measured on ${date}: ${cpu}, ${cores} cores, ${memoryGb} GB, ${platform}, Node ${node}.`
}

export type Goal = {
  readonly name: string
  readonly most: number
  readonly found: number
  readonly digits: number
  readonly note: string
}

export function goalRow({ name, most, found, digits, note }: Goal): readonly string[] {
  return [name, String(most), found.toFixed(digits), found <= most ? 'met' : '**missed**', note]
}

type Measure = { readonly name: string; readonly of: (turn: Turn) => number; readonly digits: number }

function measuresOf(concurrency: number): readonly Measure[] {
  return [
    { name: 'CPU, µs, one at a time', of: turn => turn.alone.cpuMicroseconds, digits: 0 },
    { name: `CPU, µs, ${concurrency} at once`, of: turn => turn.crowd.cpuMicroseconds, digits: 0 },
    { name: 'p50, ms, one at a time', of: turn => turn.alone.p50Ms, digits: 2 },
    { name: 'p99, ms, one at a time', of: turn => turn.alone.p99Ms, digits: 2 },
    { name: `p99, ms, ${concurrency} at once`, of: turn => turn.crowd.p99Ms, digits: 2 },
    { name: 'requests a second on one core', of: turn => 1e6 / turn.crowd.cpuMicroseconds, digits: 0 },
    { name: 'peak memory, MB', of: turn => turn.crowd.peakMemoryMb, digits: 0 },
  ]
}

/** A Markdown table with columns in line; those from `firstNumber` on are numbers. */
export function table(rows: readonly (readonly string[])[], firstNumber: number): readonly string[] {
  const [head = [], ...body] = rows
  const widths = head.map((_, column) => Math.max(3, ...rows.map(row => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const isNumber = (column: number): boolean => column >= firstNumber && column < firstNumber + 3
  const write = (row: readonly string[]): string =>
    line(
      row.map((cell, column) =>
        isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      ),
    )
  const rule = widths.map((width, column) => '-'.repeat(width - 1) + (isNumber(column) ? ':' : '-'))
  return [write(head), line(rule), ...body.map(write)]
}

/** Puts the report of a script (`npm run bench`) between its markers on a page. */
export function replaceReport(page: string, report: string, script: string): string {
  const start = `<!-- npm run ${script} writes from here -->`
  const [before, rest] = split(page, start)
  const [, after] = split(rest, END)
  return `${before}${start}\n\n${report}\n\n${END}${after}`
}

function split(text: string, marker: string): readonly [string, string] {
  const at = text.indexOf(marker)
  if (at < 0) throw new Error(`docs/performance.md has no line ${marker}`)
  return [text.slice(0, at), text.slice(at + marker.length)]
}

const END = '<!-- to here -->'
