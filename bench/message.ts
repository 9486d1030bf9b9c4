import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { median } from './load.ts'

/**
 * `npm run bench:message`: CPU of writing the messages of a new store, and of the first use of a language in a process. Prints medians
 * of fresh processes, and fails if a goal is missed. With `-- --against <commit>`, the messages of that commit are written in the
 * same run, in turns.
 */
const GOALS = { microseconds: 20, firstUseMs: 2 }
const ROUNDS = 7

type Cost = {
  readonly templates: number
  readonly textMicroseconds: number
  readonly callMicroseconds: number
  readonly slowestMicroseconds: number
  readonly firstUsesMs: readonly number[]
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PROGRAM = 'bench/run-message.ts'
const { values } = parseArgs({ options: { against: { type: 'string' } } })
const folder = values.against === undefined ? undefined : checkOut(values.against)
const rounds = Array.from({ length: ROUNDS }, () => ({
  own: run(ROOT),
  other: folder === undefined ? undefined : run(folder),
}))

const own = rounds.map(({ own }) => own)
console.log(
  `${own[0]?.templates} templates of a new store, ${ROUNDS} fresh processes, Node ${process.version}`,
)
show('CPU of a text, µs', cost => cost.textMicroseconds)
show('CPU of a call, µs', cost => cost.callMicroseconds)
show('CPU of the slowest, µs', cost => cost.slowestMicroseconds)
show('first use of a language, ms', cost => median(cost.firstUsesMs))
const goals = [
  [
    'text or call',
    GOALS.microseconds,
    median(own.map(cost => Math.max(cost.textMicroseconds, cost.callMicroseconds))),
  ],
  ['first use', GOALS.firstUseMs, median(own.flatMap(({ firstUsesMs }) => firstUsesMs))],
] as const
for (const [name, most, found] of goals) {
  if (found <= most) continue
  console.error(`Goal missed: ${name}, at most ${most}, found ${found.toFixed(1)}.`)
  process.exitCode = 1
}

/** The median of each, and the median of the ratios of each round. */
function show(name: string, measure: (cost: Cost) => number): void {
  const line = `${name.padEnd(28)} ${median(own.map(measure)).toFixed(2).padStart(7)}`
  const others = rounds.flatMap(({ other }) => (other === undefined ? [] : [measure(other)]))
  const ratios = others.map((other, round) => measure(own[round] as Cost) / other)
  const compared =
    others.length === 0
      ? ''
      : `   ${values.against}: ${median(others).toFixed(2).padStart(7)}   ratio ${median(ratios).toFixed(2)}, rounds from ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`
  console.log(line + compared)
}

function run(root: string): Cost {
  return JSON.parse(execFileSync(process.execPath, [join(root, PROGRAM)], { encoding: 'utf8' })) as Cost
}

/** The files of a commit in a folder that is removed at exit, with this program and these libraries. */
function checkOut(commit: string): string {
  const to = mkdtempSync(join(tmpdir(), 'hookline-bench-message-'))
  process.once('exit', () => rmSync(to, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const archive = execFileSync('git', ['archive', commit], { cwd: ROOT, maxBuffer: 100_000_000 })
  execFileSync('tar', ['-x', '-C', to], { input: archive })
  cpSync(join(ROOT, PROGRAM), join(to, PROGRAM))
  symlinkSync(join(ROOT, 'node_modules'), join(to, 'node_modules'))
  return to
}
