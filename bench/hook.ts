import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChildProgram, startProgram } from '../test/world/processes.ts'
import { captureCarrierRequest } from './carrier-request.ts'
import type { Cost, Load } from './load.ts'
import { describeMachine } from './machine.ts'
import { oktaRequests } from './okta-requests.ts'
import { type Findings, type Round, replaceReport, type Turn, writeReport } from './report.ts'
import { measureStartUp, type StartUp } from './start-up.ts'

type Variables = Readonly<Record<string, string>>

/**
 * `npm run bench`: the hook and its floor side by side, then the start of `serve`. Prints what it found and
 * writes it into docs/performance.md. Loopback only; everything that it starts ends with it.
 */
const ROUNDS = 7
const REQUESTS_A_TURN = 1_000
const CONCURRENCY = 16
const STARTS = 5
const LIMIT_MS = 85_000
/** A start is measured as on a machine that has never run Hookline. */
const UNCACHED = { NODE_DISABLE_COMPILE_CACHE: '1' }

const PAGE = new URL('../docs/performance.md', import.meta.url)
const folder = mkdtempSync(join(tmpdir(), 'hookline-bench-'))
const logFile = join(folder, 'log')
const children: ChildProgram<unknown>[] = []

// Whatever ends this process, `startProgram` ends the children.
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
const limit = setTimeout(() => {
  console.error(`Not done after ${LIMIT_MS} ms`)
  process.exit(1)
}, LIMIT_MS)
try {
  const report = writeReport(await measure(new Date()))
  console.log(report)
  await writeFile(PAGE, replaceReport(await readFile(PAGE, 'utf8'), report, 'bench'))
} finally {
  await Promise.all(children.map(child => child[Symbol.asyncDispose]()))
  clearTimeout(limit)
}

async function measure(date: Date): Promise<Findings> {
  const { carrier, token, issuer, hookEnv } = await startStandIns()
  const runHook = (env: Variables) =>
    launch('bench/run-hook.ts', [], { ...hookEnv, ...env, BENCH_TOKEN: token })

  const carrierRequest = await captureCarrierRequest(async captureUrl => {
    await using once = await runHook({ AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: captureUrl })
    await once.ask({ requests: 1, concurrency: 1 } satisfies Load)
  })

  const hook = await runHook({})
  const floor = await launch('bench/run-floor.ts', [], {
    BENCH_TOKEN: token,
    BENCH_ISSUER: issuer,
    BENCH_CARRIER: carrier,
    BENCH_CARRIER_REQUEST: JSON.stringify(carrierRequest),
  })
  const rounds: Round[] = []
  for (let round = 0; round <= ROUNDS; round += 1) {
    rounds.push({ hook: await takeTurn(hook), floor: await takeTurn(floor) })
  }
  await Promise.all([hook, floor].map(child => child[Symbol.asyncDispose]()))

  const startUps: StartUp[] = []
  const nextBody = oktaRequests()
  for (let start = 0; start < STARTS; start += 1) {
    startUps.push(await measureStartUp(hookEnv, token, nextBody(), logFile))
  }
  return {
    rounds: rounds.slice(1), // the first is to warm up
    startUps,
    requestsATurn: REQUESTS_A_TURN,
    concurrency: CONCURRENCY,
    machine: describeMachine(),
    date: date.toISOString().slice(0, 10),
  }
}

type OktaReady = {
  readonly ready: string
  readonly issuer: string
  readonly audience: string
  readonly clientId: string
  readonly scope: string
}

/** Both stand-ins, an access token, and the environment that connects the hook with them. */
async function startStandIns() {
  const free = ['--port', '0']
  const carrier = await launch<{ ready: string }>('simulators/aws/end-user-messaging/main.ts', free, {})
  const okta = await launch<OktaReady>('simulators/okta/main.ts', free, {})
  const { issuer, audience, clientId, scope } = okta.ready
  const answer = await fetch(`${okta.ready.ready}/caller/token`, { method: 'POST' })
  const { accessToken: token } = (await answer.json()) as { accessToken: string }
  const hookEnv: Variables = {
    ...UNCACHED,
    PORT: '0',
    HOOKLINE_OKTA_ISSUER: issuer,
    HOOKLINE_OKTA_AUDIENCE: audience,
    HOOKLINE_OKTA_CLIENT_ID: clientId,
    HOOKLINE_OKTA_SCOPE: scope,
    HOOKLINE_HASH_KEY: 'benchmark'.repeat(4),
    HOOKLINE_DATA_DIR: join(folder, 'data'),
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: carrier.ready.ready,
    // The stand-in takes any signature; what the machine's owner has configured stays out of it.
    AWS_ACCESS_KEY_ID: 'stand-in',
    AWS_SECRET_ACCESS_KEY: 'stand-in',
    AWS_CONFIG_FILE: join(folder, 'no-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'no-credentials'),
  }
  return { carrier: carrier.ready.ready, issuer, token, hookEnv }
}

async function launch<Ready>(
  program: string,
  args: readonly string[],
  env: Variables,
): Promise<ChildProgram<Ready>> {
  const output = { stdout: logFile, stderr: logFile }
  const child = await startProgram<Ready>(program, args, { env: { ...UNCACHED, ...env }, ...output })
  children.push(child)
  return child
}

async function takeTurn(child: ChildProgram<unknown>): Promise<Turn> {
  const handle = async (concurrency: number) =>
    (await child.ask({ requests: REQUESTS_A_TURN, concurrency } satisfies Load)) as Cost
  return { alone: await handle(1), crowd: await handle(CONCURRENCY) }
}
