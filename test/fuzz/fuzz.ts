import { parseArgs } from 'node:util'
import { type Kind, kinds } from './kinds.ts'
import { createRandom } from './random.ts'

/**
 * `npm run fuzz`: random inputs of every kind that comes from outside. The same seed makes the same cases; the command
 * to run a failing case again is printed: `npm run fuzz -- --seed 7 --only imports --case 1234`. Fails if a case
 * throws, breaks a guarantee, or takes more than `CPU_MAX_MS` of CPU.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
    case: { type: 'string' },
  },
})
const seconds = Number(values.seconds)
const seed = Number(values.seed)
const chosen = kinds.filter(({ name }) => values.only === undefined || name.includes(values.only))
if (!(seconds > 0 && seconds <= 3_600) || !Number.isSafeInteger(seed) || chosen.length === 0)
  throw new Error(
    `Give --seconds 1 to 3600, a whole --seed, --only ${kinds.map(({ name }) => name).join(', ')}.`,
  )

/** A case of a few kilobytes takes about a tenth of a millisecond. A case that stalls the hook takes hundreds. */
const CPU_MAX_MS = 50
const FAILURES_MAX = 5
const BATCH = 50

type Tally = { cases: number; slowestMs: number; usedMs: number }
const tallies = new Map(chosen.map(({ name }) => [name, { cases: 0, slowestMs: 0, usedMs: 0 } as Tally]))
const failures: string[] = []

/** CPU of this thread only, so that other work does not count. */
async function run(kind: Kind, caseNumber: number): Promise<number> {
  const before = process.threadCpuUsage()
  await kind.run(createRandom(seed, caseNumber))
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}

async function judge(kind: Kind, caseNumber: number): Promise<void> {
  const tally = tallies.get(kind.name) as Tally
  const again = `npm run fuzz -- --seed ${seed} --only '${kind.name}' --case ${caseNumber}`
  try {
    let ms = await run(kind, caseNumber)
    // Compilation and garbage collection can slow down a single run, so a case is slow only if it is slow each time.
    for (let times = 0; times < 4 && ms > CPU_MAX_MS; times += 1)
      ms = Math.min(ms, await run(kind, caseNumber))
    tally.slowestMs = Math.max(tally.slowestMs, ms)
    if (ms > CPU_MAX_MS) failures.push(`${kind.name}: ${Math.round(ms)} ms of CPU. Again: ${again}`)
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message).slice(0, 1_500) : String(error)
    failures.push(`${kind.name}: ${why}\nAgain: ${again}`)
  }
  tally.cases += 1
}

const startedAt = performance.now()
if (values.case !== undefined) {
  for (const kind of chosen) await judge(kind, Number(values.case))
} else {
  // The kind that has used the least of its share is next.
  while (performance.now() - startedAt < seconds * 1_000 && failures.length < FAILURES_MAX) {
    const usedOf = ({ name, share }: Kind): number => (tallies.get(name)?.usedMs ?? 0) / share
    const next = chosen.toSorted((one, other) => usedOf(one) - usedOf(other))[0] as Kind
    const tally = tallies.get(next.name) as Tally
    const from = performance.now()
    for (let count = 0; count < BATCH && failures.length < FAILURES_MAX; count += 1)
      await judge(next, tally.cases)
    tally.usedMs += performance.now() - from
  }
}

const took = (performance.now() - startedAt) / 1_000
const all = [...tallies.values()].reduce((sum, { cases }) => sum + cases, 0)
for (const [name, { cases, slowestMs }] of tallies)
  process.stdout.write(
    `${name.padEnd(16)} ${String(cases).padStart(8)} cases, the slowest ${slowestMs.toFixed(1)} ms of CPU\n`,
  )
process.stdout.write(
  `${all} cases in ${took.toFixed(1)} s (${Math.round((all / took) * 60)} a minute), seed ${seed}, ${failures.length} failed.\n`,
)
for (const failure of failures) process.stderr.write(`\n${failure}\n`)
if (failures.length > 0) process.exitCode = 1
