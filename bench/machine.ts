import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'

export type Machine = {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly platform: string
  readonly node: string
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown CPU',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1e9),
    platform: `${process.platform} ${process.arch}`,
    node: process.version.slice(1),
  }
}

/** How busy the machine was with other things than the measurement. */
export type OtherWork = {
  /** Share of all CPUs, from 0 to 1; undefined where the system does not report it (not Linux). */
  readonly share: number | undefined
  /** At the end, over a minute; it counts the measurement too. */
  readonly loadAverage: number
}

/** Begins to watch. Call the result when all processes of the measurement have ended: until then theirs counts as other work. */
export function watchOtherWork(): () => OtherWork {
  const before = readTicks()
  return () => {
    const after = readTicks()
    const [loadAverage = Number.NaN] = loadavg()
    if (before === undefined || after === undefined) return { share: undefined, loadAverage }
    const others = after.busy - before.busy - (after.own - before.own)
    return { share: Math.max(0, others / (after.all - before.all)), loadAverage }
  }
}

export function describeOtherWork({ share, loadAverage }: OtherWork): string {
  const used = share === undefined ? 'unknown' : `${Math.round(share * 100)} % of the CPUs`
  return `Other work on the machine meanwhile: ${used}; load average at the end ${loadAverage.toFixed(1)}.`
}

/** In the unit of `/proc`, a hundredth of a second; `own` includes child processes that have ended. Source: proc(5). */
function readTicks(): { readonly all: number; readonly busy: number; readonly own: number } | undefined {
  if (process.platform !== 'linux') return undefined
  const [machine = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = machine
    .split(/\s+/)
    .slice(1)
    .map(Number)
  const busy = user + nice + system + irq + softirq + steal
  const afterName = readFileSync('/proc/self/stat', 'utf8').split(') ')[1] ?? ''
  const own = afterName
    .split(' ')
    .slice(11, 15)
    .reduce((sum, ticks) => sum + Number(ticks), 0)
  return { all: busy + idle + iowait, busy, own }
}

/** CPU of a running process, all its threads, in microseconds, to 10 ms; NaN where the system does not report it. */
export function cpuMicrosecondsOf(pid: number): number {
  const [, ticks] = tryRead(`/proc/${pid}/stat`).split(/\) \S+(?: \S+){10} /)
  const [user, system] = (ticks ?? '').split(' ')
  return (Number(user || 'NaN') + Number(system || 'NaN')) * 10_000
}

/** What a process has in memory, now and at its peak, in MB of 1,000,000 bytes; NaN where the system does not report it. */
export function memoryMbOf(pid: number | 'self'): { readonly now: number; readonly peak: number } {
  const status = tryRead(`/proc/${pid}/status`)
  const mbOf = (field: string): number =>
    (Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024) / 1_000_000
  return { now: mbOf('VmRSS'), peak: mbOf('VmHWM') }
}

function tryRead(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
