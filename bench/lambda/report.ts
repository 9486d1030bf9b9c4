import { median } from '../load.ts'
import { describeOtherWork, type Machine, type OtherWork } from '../machine.ts'
import { describeMeasurement, type Goal, goalRow, table } from '../report.ts'
import type { ColdStart, Warm } from './side.ts'

export type LambdaFindings = {
  /** One entry a round, by the name of the side: `two functions`, `one function`, `plain handler`, `one empty`, `two empty`, `events`, `figures`, perhaps another commit with two functions. */
  readonly cold: readonly Readonly<Record<string, ColdStart>>[]
  /** The same, without `two empty`. */
  readonly warm: readonly Readonly<Record<string, Warm>>[]
  readonly zips: readonly { readonly name: string; readonly kilobytes: number }[]
  readonly requests: number
  readonly machine: Machine
  readonly otherWork: OtherWork
  readonly date: string
}

/** Most kilobytes of each archive. `test/infra/bundle.test.ts` holds what is reached today. */
const ARCHIVE_GOALS: Readonly<Record<string, number>> = {
  authorizer: 10,
  hook: 110,
  'one-function': 120,
  receipts: 60,
  events: 24,
  figures: 20,
  canary: 24,
}

/** What was found, as Markdown that reads well in a terminal too. Ratios are medians of the ratios of each round. */
export function writeLambdaReport(findings: LambdaFindings): string {
  const { cold, warm, zips, requests, machine, otherWork, date } = findings
  const compared = Object.keys(cold[0] ?? {}).filter(
    name => ![PLAIN, 'one empty', 'two empty', 'events', 'figures'].includes(name),
  )
  const aboveEmpty = (name: string, of: (start: ColdStart) => number): readonly number[] => {
    const empty = [PLAIN, ONE].includes(name) ? 'one empty' : 'two empty'
    return cold.map(round => valueIn(round, name, of) - valueIn(round, empty, of))
  }
  const rows: readonly Row[] = [
    { name: 'first answer, ms', of: name => cold.map(round => valueIn(round, name, firstMs)), digits: 0 },
    {
      name: '… above empty functions, ms',
      of: name => aboveEmpty(name, firstMs),
      digits: 0,
    },
    {
      name: 'first answer: CPU, ms',
      of: name => cold.map(round => valueIn(round, name, one => one.cpuMs)),
      digits: 0,
    },
    {
      name: '… above empty functions: CPU, ms',
      of: name => aboveEmpty(name, one => one.cpuMs),
      digits: 0,
    },
    {
      name: 'warm: CPU a request, µs',
      of: name => warm.map(round => valueIn(round, name, one => one.cpuMicroseconds)),
      digits: 0,
    },
    {
      name: '… of the hook alone, µs',
      of: name => warm.map(round => valueIn(round, name, one => one.lastCpuMicroseconds)),
      digits: 0,
    },
    {
      name: 'warm: p50, ms',
      of: name => warm.map(round => valueIn(round, name, one => one.p50Ms)),
      digits: 1,
    },
    {
      name: 'warm: p99, ms',
      of: name => warm.map(round => valueIn(round, name, one => one.p99Ms)),
      digits: 1,
    },
    {
      name: 'peak memory of a process, MB',
      of: name => warm.map(round => valueIn(round, name, one => one.peakMemoryMb)),
      digits: 0,
    },
  ]
  const ratio = (row: Row | undefined, name: string): number => {
    const plain = row?.of(PLAIN) ?? []
    return median((row?.of(name) ?? []).map((value, round) => value / (plain[round] ?? Number.NaN)))
  }
  const emptyMs = (name: string): string =>
    median(cold.map(round => valueIn(round, name, firstMs))).toFixed(0)
  const emptyCpu = median(warm.map(round => valueIn(round, 'one empty', one => one.cpuMicroseconds)))
  const goals: readonly Goal[] = [
    ...[
      { name: TWO, most: 0.4 },
      { name: ONE, most: 0.45 },
    ].map(({ name, most }) => ({
      name: `First answer above empty functions, times the plain handler, ${name}`,
      most,
      found: ratio(rows[1], name),
      digits: 2,
      note: `${cold.length} fresh starts of each; by CPU ${ratio(rows[3], name).toFixed(2)}`,
    })),
    {
      name: 'Warm CPU of the hook, times the plain handler, two functions',
      most: 0.85,
      found: ratio(rows[5], TWO),
      digits: 2,
      note: 'the gateway keeps the authorizer’s answer for five minutes',
    },
    {
      name: 'Warm CPU of the hook, times the plain handler, one function',
      most: 0.85,
      found: ratio(rows[5], ONE),
      digits: 2,
      note: '',
    },
    ...zips.map(({ name, kilobytes }) => ({
      name: `Archive of ${name}, KB`,
      most: ARCHIVE_GOALS[name] ?? Number.NaN,
      found: kilobytes,
      digits: 1,
      note: '',
    })),
  ]
  const warmOf = (name: string, of: (one: Warm) => number): number =>
    median(warm.map(round => valueIn(round, name, of)))
  const aboveOneEmpty = (name: string): string =>
    median(cold.map(round => valueIn(round, name, firstMs) - valueIn(round, 'one empty', firstMs))).toFixed(0)
  const warmText = (name: string): string =>
    `${warmOf(name, one => one.cpuMicroseconds).toFixed(0)} µs of CPU and ${warmOf(name, one => one.p50Ms).toFixed(1)} ms (p50)`
  return [
    describeMeasurement(machine, date),
    describeOtherWork(otherWork),
    `${cold.length} fresh starts of each in turn, then ${warm.length} rounds of ${requests} requests one after the other, through warm processes.`,
    `One empty function answers first after ${emptyMs('one empty')} ms, two after ${emptyMs('two empty')} ms; warm, one takes ${emptyCpu.toFixed(0)} µs of CPU.`,
    `The function for Okta's events stores its first one ${aboveOneEmpty('events')} ms after an empty function answers; warm, a post takes ${warmText('events')}.`,
    `The function for figures ends its first run ${aboveOneEmpty('figures')} ms after an empty function answers; warm, a run that finds one code takes ${warmText('figures')}.`,
    '',
    ...table(
      [
        ['', ...compared.flatMap(name => [name, `× plain`]), PLAIN],
        ...rows.map(row => [
          row.name,
          ...compared.flatMap(name => [
            median(row.of(name)).toFixed(row.digits),
            ratio(row, name).toFixed(2),
          ]),
          median(row.of(PLAIN)).toFixed(row.digits),
        ]),
      ],
      1,
    ),
    '',
    ...table([['goal', 'at most', 'found', '', ''], ...goals.map(goalRow)], 1),
  ].join('\n')
}

type Row = {
  readonly name: string
  readonly of: (side: string) => readonly number[]
  readonly digits: number
}

const PLAIN = 'plain handler'
const TWO = 'two functions'
const ONE = 'one function'

function firstMs({ firstAnswerMs }: ColdStart): number {
  return firstAnswerMs
}

function valueIn<One>(round: Readonly<Record<string, One>>, name: string, of: (one: One) => number): number {
  const one = round[name]
  return one === undefined ? Number.NaN : of(one)
}
