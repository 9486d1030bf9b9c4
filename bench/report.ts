import type { HttpCost } from './http-load.ts'
import type { Cost } from './load.ts'
import { median } from './load.ts'
import { describeOtherWork, type Machine, type memoryMbOf, type OtherWork } from './machine.ts'
import type { HttpTurn } from './servers.ts'
import type { StartUp } from './start-up.ts'

/** One of those compared in one round: requests one at a time, then several at once. */
export type Turn = { readonly alone: Cost; readonly crowd: Cost }
/** All of them, one right after the other on the same machine. `other`: another version, if one is measured. */
export type Round = { readonly hook: Turn; readonly floor: Turn; readonly other: Turn | undefined }
export type HttpRound = {
  readonly serve: HttpTurn
  readonly plain: HttpTurn
  readonly other: HttpTurn | undefined
}

type Memory = ReturnType<typeof memoryMbOf>

export type Findings = {
  readonly rounds: readonly Round[]
  readonly httpRounds: readonly HttpRound[]
  /** Of the servers, after all of their requests. */
  readonly memory: { readonly serve: Memory; readonly plain: Memory; readonly other: Memory | undefined }
  readonly startUps: readonly StartUp[]
  readonly requestsATurn: number
  readonly requestsOverHttp: number
  readonly concurrency: number
  readonly connections: readonly number[]
  /** The other version's commit. */
  readonly other: string | undefined
  readonly machine: Machine
  readonly otherWork: OtherWork
  /** `2026-01-31`. */
  readonly date: string
}

/** What was found, as Markdown that reads well in a terminal too. */
export function writeReport(findings: Findings): string {
  const { rounds, httpRounds, memory, startUps, concurrency, connections, other, machine, date } = findings
  const inProcess = measuresOf(concurrency)
  const overHttp = connections.flatMap(httpMeasuresOf)
  const requests = (httpRounds.length + 1) * connections.length * findings.requestsOverHttp
  const memoryRow = (one: Memory, two: Memory | undefined): readonly string[] => {
    const [now, ofOther] = [one.now, two?.now ?? Number.NaN]
    return [
      `memory after ${requests} requests, MB`,
      now.toFixed(0),
      ofOther.toFixed(0),
      (now / ofOther).toFixed(2),
    ]
  }
  const startedMs = (of: (startUp: StartUp) => number): string => median(startUps.map(of)).toFixed(0)
  const lines = [
    describeMeasurement(machine, date),
    describeOtherWork(findings.otherWork),
    `${rounds.length} rounds of ${findings.requestsATurn} requests alone and ${findings.requestsATurn} at ${concurrency} at once, after one round to warm up.`,
    '',
    ...table(
      [
        ['', 'Hookline', 'floor', 'ratio'],
        ...inProcess.map(measure => compare(rounds, measure, 'hook', 'floor').row),
      ],
      1,
    ),
    '',
    ...table([['goal', 'at most', 'found', '', ''], ...goalsOf(findings).map(goalRow)], 1),
    '',
    `Over HTTP, ${httpRounds.length} rounds of ${findings.requestsOverHttp} requests at each number of connections, after one round to warm up:`,
    '',
    ...table(
      [
        ['', '`serve`', 'plain hook', 'ratio'],
        ...overHttp.map(measure => compare(httpRounds, measure, 'serve', 'plain').row),
        memoryRow(memory.serve, memory.plain),
      ],
      1,
    ),
    '',
    `From the start of the process, sources and an existing store: ${startedMs(({ healthyMs }) => healthyMs)} ms to the first 200 on \`/healthz\`, ${startedMs(({ sentMs }) => sentMs)} ms to the first code (medians of ${startUps.length}).`,
  ]
  if (other !== undefined)
    lines.push(
      '',
      `This version beside ${other}:`,
      '',
      ...table(
        [
          ['', 'now', other, 'ratio'],
          ...inProcess.map(measure => compare(rounds, measure, 'hook', 'other').row),
          ...overHttp.map(measure => compare(httpRounds, measure, 'serve', 'other').row),
          memoryRow(memory.serve, memory.other),
        ],
        1,
      ),
    )
  return lines.join('\n')
}

function goalsOf({ rounds, concurrency }: Findings): readonly Goal[] {
  const [alone, crowd] = measuresOf(concurrency)
  const cpuGoal = (name: string, measure: Measure<Turn> | undefined, most: number): Goal => {
    const { ratio, ratios } = compare(rounds, measure ?? NOTHING, 'hook', 'floor')
    const note = `rounds from ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`
    return { name, most, found: ratio, digits: 2, note }
  }
  const beyond = rounds.map(({ hook, floor }) => hook.alone.p99Ms - floor.alone.p99Ms)
  return [
    cpuGoal('CPU a request, one at a time, times the floor', alone, 3),
    cpuGoal(`CPU a request, ${concurrency} at once, times the floor`, crowd, 2.5),
    {
      name: "p99, one at a time, above the floor's, ms",
      most: 6,
      found: median(beyond),
      digits: 2,
      note: '',
    },
  ]
}

type Measure<T> = { readonly name: string; readonly of: (turn: T) => number; readonly digits: number }

/** Medians of two over all rounds, and the median of the ratios of each round. */
function compare<T, Name extends string>(
  rounds: readonly Readonly<Record<Name, T | undefined>>[],
  { name, of, digits }: Measure<T>,
  one: Name,
  other: Name,
): { readonly row: readonly string[]; readonly ratio: number; readonly ratios: readonly number[] } {
  const valuesOf = (side: Name): readonly number[] =>
    rounds.map(({ [side]: turn }) => (turn === undefined ? Number.NaN : of(turn)))
  const [ones, others] = [valuesOf(one), valuesOf(other)]
  const ratios = ones.map((value, round) => value / (others[round] ?? Number.NaN))
  const ratio = median(ratios)
  const row = [name, median(ones).toFixed(digits), median(others).toFixed(digits), ratio.toFixed(2)]
  return { row, ratio, ratios }
}

const NOTHING: Measure<Turn> = { name: '', of: () => Number.NaN, digits: 0 }

function measuresOf(concurrency: number): readonly Measure<Turn>[] {
  return [
    { name: 'CPU, µs, one at a time', of: turn => turn.alone.cpuMicroseconds, digits: 0 },
    { name: `CPU, µs, ${concurrency} at once`, of: turn => turn.crowd.cpuMicroseconds, digits: 0 },
    { name: 'p50, ms, one at a time', of: turn => turn.alone.p50Ms, digits: 2 },
    { name: 'p99, ms, one at a time', of: turn => turn.alone.p99Ms, digits: 2 },
    { name: `p99, ms, ${concurrency} at once`, of: turn => turn.crowd.p99Ms, digits: 2 },
    { name: 'peak memory, MB', of: turn => turn.crowd.peakMemoryMb, digits: 0 },
  ]
}

function httpMeasuresOf(connections: number): readonly Measure<HttpTurn>[] {
  const at = connections === 1 ? '1 connection' : `${connections} connections`
  const of =
    (value: (cost: HttpCost) => number) =>
    (turn: HttpTurn): number => {
      const cost = turn.get(connections)
      return cost === undefined ? Number.NaN : value(cost)
    }
  return [
    { name: `requests a second, ${at}`, of: of(cost => cost.requestsASecond), digits: 0 },
    { name: `p50, ms, ${at}`, of: of(cost => cost.p50Ms), digits: 2 },
    { name: `p99, ms, ${at}`, of: of(cost => cost.p99Ms), digits: 2 },
    { name: `CPU a request, µs, ${at}`, of: of(cost => cost.cpuMicroseconds), digits: 0 },
  ]
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
