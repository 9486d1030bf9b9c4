import { existsSync, lstatSync, readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { median } from './load.ts'
import { describeMachine, describeOtherWork, memoryMbOf, watchOtherWork } from './machine.ts'
import { oktaRequests } from './okta-requests.ts'
import { describeMeasurement, type Goal, goalRow, replaceReport, table } from './report.ts'
import { hooklineIn, prepareStore, startServe, takeHttpTurn } from './servers.ts'
import { type StandIns, startStandIns, writeRoutes } from './stand-ins.ts'
import { measureStartUp, type StartUp } from './start-up.ts'

/**
 * `npm run bench:compiled`, after `npm run build`: the server of the package beside the one from sources, and beside itself
 * with the flags of the container. Prints what it found and writes it into docs/performance.md; with `--short` it writes
 * nothing.
 */
const { values: options } = parseArgs({ options: { short: { type: 'boolean' } } })
const SIZE = options.short ? { starts: 1, requests: 40 } : { starts: 7, requests: 10_000 }
const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PAGE = join(ROOT, 'docs/performance.md')
const PACKAGE = join(ROOT, 'dist/package')
const sources = { hookline: hooklineIn(ROOT), flags: {}, folders: ['src', 'messages', 'node_modules'] }
const compiled = { hookline: join(PACKAGE, 'dist/hookline.js'), flags: {}, folders: ['dist/package'] }
if (!existsSync(compiled.hookline)) throw new Error('There is no package yet: npm run build')
const sides: Readonly<Record<'sources' | 'compiled' | 'flags', Side>> = {
  sources,
  compiled,
  flags: { ...compiled, flags: await flagsOfContainer() },
}

type Side = {
  readonly hookline: string
  readonly flags: Readonly<Record<string, string>>
  readonly folders: readonly string[]
}

const otherWork = watchOtherWork()
const found = await measure()
const startRow = (name: string, of: (start: StartUp) => number) =>
  row(name, starts => median(starts.starts.map(of)))
const goals: readonly Goal[] = [
  {
    name: 'Start to the first code, ms, compiled',
    most: 300,
    found: median(found.compiled.starts.map(({ sentMs }) => sentMs)),
    digits: 0,
    note: `median of ${SIZE.starts}`,
  },
  {
    name: `Memory after ${SIZE.requests} requests, MB, compiled`,
    most: 140,
    found: Math.min(found.compiled.memoryMb, found.flags.memoryMb),
    digits: 0,
    note: 'the better of both',
  },
]
const report = [
  describeMeasurement(describeMachine(), new Date().toISOString().slice(0, 10)),
  describeOtherWork(otherWork()),
  '',
  ...table(
    [
      ['', 'from sources', 'compiled', 'compiled, flags of the container'],
      row('size with all that it needs except Node, MB', ({ sizeMb }) => sizeMb),
      startRow('start to the first 200 on `/healthz`, ms', ({ healthyMs }) => healthyMs),
      startRow('start to the first code, ms', ({ sentMs }) => sentMs),
      row('memory before the first request, MB', ({ memoryAtStartMb }) => memoryAtStartMb),
      row(`memory after ${SIZE.requests} requests, MB`, ({ memoryMb }) => memoryMb),
      row('CPU a request, µs', ({ cpuMicroseconds }) => cpuMicroseconds),
    ],
    1,
  ),
  '',
  ...table([['goal', 'at most', 'found', '', ''], ...goals.map(goalRow)], 1),
].join('\n')
console.log(report)
if (!options.short)
  await writeFile(PAGE, replaceReport(await readFile(PAGE, 'utf8'), report, 'bench:compiled'))

type Found = {
  readonly sizeMb: number
  readonly starts: readonly StartUp[]
  readonly memoryAtStartMb: number
  readonly memoryMb: number
  readonly cpuMicroseconds: number
}

function row(name: string, of: (found: Found) => number): readonly string[] {
  return [name, ...[found.sources, found.compiled, found.flags].map(side => of(side).toFixed(0))]
}

async function measure(): Promise<Readonly<Record<keyof typeof sides, Found>>> {
  await using standIns = await startStandIns()
  const names = ['sources', 'compiled', 'flags'] as const
  const starts = { sources: [] as StartUp[], compiled: [] as StartUp[], flags: [] as StartUp[] }
  const nextBody = oktaRequests()
  const env = standIns.hookEnv('starts', standIns.carriers.standIn)
  await prepareStore(sources.hookline, env, writeRoutes(standIns.folder))
  for (let start = 0; start <= SIZE.starts; start += 1)
    for (const name of names) {
      const { hookline, flags } = sides[name]
      const all = { ...env, ...flags }
      starts[name].push(await measureStartUp(hookline, all, standIns.token, nextBody(), standIns.logFile))
    }
  const load = (name: keyof typeof sides): Promise<Found> => underLoad(standIns, name, starts[name].slice(1)) // the first is to warm the file cache
  return { sources: await load('sources'), compiled: await load('compiled'), flags: await load('flags') }
}

async function underLoad(
  standIns: StandIns,
  name: keyof typeof sides,
  starts: readonly StartUp[],
): Promise<Found> {
  const { hookline, flags, folders } = sides[name]
  await using server = await startServe(standIns, hookline, name, oktaRequests(), flags)
  const memoryAtStartMb = memoryMbOf(server.pid).now
  const turn = await takeHttpTurn(server, [8], SIZE.requests)
  return {
    sizeMb: folders.reduce((sum, folder) => sum + bytesIn(join(ROOT, folder)), 0) / 1e6,
    starts,
    memoryAtStartMb,
    memoryMb: memoryMbOf(server.pid).now,
    cpuMicroseconds: turn.get(8)?.cpuMicroseconds ?? Number.NaN,
  }
}

/** `NAME=value` of the `ENV` line that has them. */
async function flagsOfContainer(): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(join(ROOT, 'Containerfile'), 'utf8')
  const [, options] = /\bNODE_OPTIONS="([^"]+)"/.exec(text) ?? []
  const [, arenas] = /\bMALLOC_ARENA_MAX=(\d+)/.exec(text) ?? []
  if (options === undefined || arenas === undefined) throw new Error('Containerfile has no flags for memory')
  return { NODE_OPTIONS: options, MALLOC_ARENA_MAX: arenas }
}

function bytesIn(path: string): number {
  const found = lstatSync(path)
  if (!found.isDirectory()) return found.size
  return readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), 0)
}
