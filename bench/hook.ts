import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { ChildProgram } from '../test/world/processes.ts'
import { captureCarrierRequest } from './carrier-request.ts'
import type { Cost, Load } from './load.ts'
import { describeMachine, memoryMbOf, watchOtherWork } from './machine.ts'
import { oktaRequests } from './okta-requests.ts'
import { checkOut, type OtherVersion } from './other-version.ts'
import { type Findings, type HttpRound, type Round, replaceReport, type Turn, writeReport } from './report.ts'
import { hooklineIn, startPlainHook, startServe, takeHttpTurn } from './servers.ts'
import { type StandIns, startStandIns } from './stand-ins.ts'
import { measureStartUp, type StartUp } from './start-up.ts'

/**
 * `npm run bench`: the hook and its floor side by side, `serve` and a plain hook side by side over HTTP, then the start of
 * `serve`. Prints what it found and writes it into docs/performance.md.
 *
 *   --against <commit>   measures that version too, in the same run; writes nothing
 *   --short              one short round, to see that it works; writes nothing
 *
 * Loopback only; everything that it starts ends with it.
 */
const { values: options } = parseArgs({
  options: { against: { type: 'string' }, short: { type: 'boolean' } },
})
const CONCURRENCY = 16
const CONNECTIONS = [1, 8, 64]
// 8 rounds of 3 times 420 requests over HTTP are ten thousand, after which memory is measured.
const SIZE = options.short
  ? { rounds: 1, requests: 30, httpRequests: 70, starts: 1 }
  : { rounds: 7, requests: 1_000, httpRequests: 420, starts: 5 }
const LIMIT_MS = 540_000

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PAGE = join(ROOT, 'docs/performance.md')
const limit = setTimeout(() => {
  console.error(`Not done after ${LIMIT_MS} ms`)
  process.exit(1)
}, LIMIT_MS)
try {
  const otherWork = watchOtherWork()
  const found = await measure()
  const report = writeReport({ ...found, otherWork: otherWork() })
  console.log(report)
  if (found.other === undefined && !options.short)
    await writeFile(PAGE, replaceReport(await readFile(PAGE, 'utf8'), report, 'bench'))
} finally {
  clearTimeout(limit)
}

async function measure(): Promise<Omit<Findings, 'otherWork'>> {
  await using standIns = await startStandIns()
  const { folder, hookEnv, carriers, token, logFile } = standIns
  using other = options.against === undefined ? undefined : checkOut(options.against, join(folder, 'other'))
  const rounds = await measureInProcess(standIns, other)
  const http = await measureOverHttp(standIns, other)
  const startUps: StartUp[] = []
  const [env, nextBody] = [hookEnv('hook', carriers.standIn), oktaRequests()]
  for (let start = 0; start < SIZE.starts; start += 1)
    startUps.push(await measureStartUp(hooklineIn(ROOT), env, token, nextBody(), logFile))
  return {
    rounds,
    ...http,
    startUps,
    requestsATurn: SIZE.requests,
    requestsOverHttp: SIZE.httpRequests,
    concurrency: CONCURRENCY,
    connections: CONNECTIONS,
    other: other?.commit,
    machine: describeMachine(),
    date: new Date().toISOString().slice(0, 10),
  }
}

async function measureInProcess(
  { launch, hookEnv, carriers, token, okta }: StandIns,
  other: OtherVersion | undefined,
): Promise<readonly Round[]> {
  const runHook = (store: string, carrier: string, folder = ROOT) =>
    launch(join(folder, 'bench/run-hook.ts'), [], { ...hookEnv(store, carrier), BENCH_TOKEN: token })
  const carrierRequest = await captureCarrierRequest(async captureUrl => {
    await using once = await runHook('hook', captureUrl)
    await once.ask({ requests: 1, concurrency: 1 } satisfies Load)
  })
  await using hook = await runHook('hook', carriers.standIn)
  await using floor = await launch('bench/run-floor.ts', [], {
    BENCH_TOKEN: token,
    BENCH_ISSUER: okta.issuer,
    BENCH_CARRIER: carriers.standIn,
    BENCH_CARRIER_REQUEST: JSON.stringify(carrierRequest),
  })
  await using before = other && (await runHook('other', carriers.standIn, other.folder))
  const rounds: Round[] = []
  for (let round = 0; round <= SIZE.rounds; round += 1) {
    rounds.push({
      hook: await takeTurn(hook),
      floor: await takeTurn(floor),
      other: before && (await takeTurn(before)),
    })
  }
  return rounds.slice(1) // the first is to warm up
}

async function takeTurn(child: ChildProgram<unknown>): Promise<Turn> {
  const handle = async (concurrency: number) =>
    (await child.ask({ requests: SIZE.requests, concurrency } satisfies Load)) as Cost
  return { alone: await handle(1), crowd: await handle(CONCURRENCY) }
}

async function measureOverHttp(
  standIns: StandIns,
  other: OtherVersion | undefined,
): Promise<Pick<Findings, 'httpRounds' | 'memory'>> {
  const nextBody = oktaRequests()
  await using serve = await startServe(standIns, hooklineIn(ROOT), 'serve', nextBody)
  await using plain = await startPlainHook(standIns, nextBody)
  await using before =
    other && (await startServe(standIns, hooklineIn(other.folder), 'serve-other', nextBody))
  const turnOf = (server: typeof serve) => takeHttpTurn(server, CONNECTIONS, SIZE.httpRequests)
  const httpRounds: HttpRound[] = []
  for (let round = 0; round <= SIZE.rounds; round += 1) {
    httpRounds.push({
      serve: await turnOf(serve),
      plain: await turnOf(plain),
      other: before && (await turnOf(before)),
    })
  }
  const memory = {
    serve: memoryMbOf(serve.pid),
    plain: memoryMbOf(plain.pid),
    other: before && memoryMbOf(before.pid),
  }
  return { httpRounds: httpRounds.slice(1), memory }
}
