import { median } from '../load.ts'
import type { Machine } from '../machine.ts'
import { describeMeasurement, type Goal, goalRow, table } from '../report.ts'
import type { ColdStart, Warm } from './side.ts'

export type LambdaFindings = {
  readonly cold: readonly { readonly hookline: ColdStart; readonly plain: ColdStart }[]
  readonly warm: { readonly hookline: readonly Warm[]; readonly plain: readonly Warm[] }
  readonly zips: readonly { readonly name: string; readonly kilobytes: number }[]
  readonly requests: number
  readonly machine: Machine
  readonly date: string
}

/** What was found, as Markdown that reads well in a terminal too. */
export function writeLambdaReport(findings: LambdaFindings): string {
  const { cold, warm, zips, requests, machine, date } = findings
  const sideOf = (name: 'hookline' | 'plain') => ({
    first: median(cold.map(start => start[name].firstAnswerMs)),
    firstCpu: median(cold.map(start => start[name].cpuMs)),
    cpu: median(warm[name].map(round => round.cpuMicroseconds)),
    cached: median(warm[name].map(round => round.cachedCpuMicroseconds)),
    p50: median(warm[name].map(round => round.p50Ms)),
    p99: median(warm[name].map(round => round.p99Ms)),
    memory: Math.max(
      ...cold.map(start => start[name].peakMemoryMb),
      ...warm[name].map(round => round.peakMemoryMb),
    ),
  })
  const [ours, plain] = [sideOf('hookline'), sideOf('plain')]
  const row = (name: string, one: number, other: number, digits: number): readonly string[] => [
    name,
    one.toFixed(digits),
    other.toFixed(digits),
    (one / other).toFixed(2),
  ]
  const goals: readonly Goal[] = [
    {
      name: 'First answer, times the plain handler',
      most: 0.4,
      found: ours.first / plain.first,
      digits: 2,
      note: `medians of ${cold.length} fresh starts`,
    },
    {
      name: 'Warm CPU, times the plain handler',
      most: 0.7,
      found: ours.cpu / plain.cpu,
      digits: 2,
      note: 'the authorizer runs for every request',
    },
    {
      name: 'Warm CPU, the gateway remembers who asks',
      most: 0.7,
      found: ours.cached / plain.cpu,
      digits: 2,
      note: 'as deployed: five minutes',
    },
    ...zips.map(({ name, kilobytes }) => ({
      name: `Archive of ${name}, KB`,
      most: 500,
      found: kilobytes,
      digits: 0,
      note: '',
    })),
  ]
  return [
    describeMeasurement(machine, date),
    `${cold.length} fresh starts of each, then ${warm.hookline.length} rounds of ${requests} requests one after the other, through warm processes.`,
    '',
    ...table(
      [
        ['', 'Hookline', 'plain handler', 'ratio'],
        row('load and first answer, ms', ours.first, plain.first, 0),
        row('load and first answer: CPU, ms', ours.firstCpu, plain.firstCpu, 0),
        row('warm: CPU a request, µs', ours.cpu, plain.cpu, 0),
        row('… authorizer’s answer kept by the gateway, µs', ours.cached, plain.cached, 0),
        row('warm: p50, ms', ours.p50, plain.p50, 1),
        row('warm: p99, ms', ours.p99, plain.p99, 1),
        row('peak memory of a process, MB', ours.memory, plain.memory, 0),
      ],
      1,
    ),
    '',
    ...table([['goal', 'at most', 'found', '', ''], ...goals.map(goalRow)], 1),
  ].join('\n')
}
