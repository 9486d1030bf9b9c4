import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { seededRandom } from '../../simulators/aws/end-user-messaging/seeded-random.ts'
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts'
import { fakedClockMissing } from '../world/faked-clock.ts'
import { type Caller, createCaller, type Target } from './caller.ts'
import { disturb } from './disturbances.ts'
import { faults } from './faults.ts'
import { isLate, isStarved } from './judge.ts'
import { createOrders, placeCalls } from './load.ts'
import { type Fault, matrix, type Row } from './matrix.ts'
import { headLine, type RowReport, rowLine, slowestOf } from './report.ts'
import { requestJson } from './request-json.ts'
import { A_DAY, CONCURRENCY, type RowParts, runRow, targetOf } from './run-row.ts'
import { type Stalls, watchStalls } from './stalls.ts'
import {
  BUDGET_MS,
  prepareFolder,
  ROUTES,
  SECRET_HEADER,
  type StandIns,
  startHook,
  startStandIns,
} from './world.ts'

/**
 * `npm run chaos`: every fault, one after the other, over real HTTP. `--seed N` repeats the order of faults and
 * requests; `--only TEXT` runs the rows whose name contains it, `--rows N` about N rows, chosen by the seed. Exit code
 * 1 if a guarantee was broken. Loopback only; everything that it starts ends with it.
 */
const LIMIT_MS = 480_000
const WARM_UP = 70
const VOICE_WARM_UP = 10
const WARM_UP_ROUNDS = 5

const { values } = parseArgs({
  options: { seed: { type: 'string' }, only: { type: 'string', default: '' }, rows: { type: 'string' } },
})
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000))
if (!Number.isSafeInteger(seed) || seed < 0)
  throw new Error(`--seed is "${values.seed}"; expected a whole number`)
const rowsMax = Number(values.rows ?? Number.POSITIVE_INFINITY)
if (!(rowsMax >= 1)) throw new Error(`--rows is "${values.rows}"; expected a whole number of at least 1`)

const root = mkdtempSync(join(tmpdir(), 'hookline-chaos-'))
process.once('exit', () => rmSync(root, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
const limit = setTimeout(() => {
  console.error(`Not done after ${LIMIT_MS} ms`)
  process.exit(1)
}, LIMIT_MS)

const isHolding = await main()
clearTimeout(limit)
process.exitCode = isHolding ? 0 : 1

async function main(): Promise<boolean> {
  const startedAt = performance.now()
  const random = seededRandom(seed)
  const named = matrix(random)
    .map(group => group.filter(row => !isClockMissing(row) && nameOf(row).includes(values.only)))
    .filter(group => group.length > 0)
  for (const row of faults.filter(isClockMissing)) console.log(`${nameOf(row)}: ${fakedClockMissing()}\n`)
  const groups = firstRows(named, rowsMax)
  const total = groups.flat().length
  console.log(
    `${total} of ${named.flat().length} rows, a budget of ${BUDGET_MS} ms, seed ${seed}. To repeat: npm run chaos -- --seed ${seed}\n`,
  )
  console.log(headLine(total))

  await using standIns = await startStandIns(root, seed)
  const routesFile = join(root, 'routes.json')
  writeFileSync(routesFile, JSON.stringify(ROUTES))
  const prepared = join(root, 'prepared')
  await prepareFolder(prepared, routesFile)
  const stalls = watchStalls()
  const newOrders = createOrders(random)
  const reports: RowReport[] = []
  for (const [index, group] of groups.entries()) {
    const folder = mkdtempSync(join(root, `${index}-`))
    for await (const report of runGroup(group, { standIns, prepared, folder, stalls, newOrders })) {
      reports.push(report)
      console.log(rowLine(report, reports.length, total))
    }
  }
  stalls.stop()
  const twice = await sentTwice(standIns)
  console.log(summary(reports, twice, stalls, performance.now() - startedAt))
  return twice.length === 0 && reports.every(({ problems }) => problems.length === 0)
}

function nameOf({ area, name }: Fault): string {
  return `${area}: ${name}`
}

function isClockMissing({ disturbance }: Fault): boolean {
  return disturbance === 'clock back and forth' && fakedClockMissing() !== undefined
}

/** Whole groups, until there are `rows` rows. */
function firstRows(groups: readonly (readonly Row[])[], count: number): readonly (readonly Row[])[] {
  const end = groups.findIndex((_, index) => groups.slice(0, index + 1).flat().length >= count)
  return end < 0 ? groups : groups.slice(0, end + 1)
}

type Group = Pick<RowParts, 'standIns' | 'newOrders'> & {
  readonly prepared: string
  readonly folder: string
  readonly stalls: Stalls
}

/** The rows of one fault, in one run of the hook. */
async function* runGroup(
  rows: readonly Row[],
  { standIns, prepared, folder, stalls, newOrders }: Group,
): AsyncGenerator<RowReport> {
  const [first] = rows
  await standIns.messages()
  await requestJson(`${standIns.carrierUrl}/messages`, 'DELETE')
  const caller = createCaller(standIns.okta.ready.ready, stalls, first?.bySecret ? SECRET_HEADER : undefined)
  await caller.renewToken()
  const endEarly =
    first?.cold && (await disturb(first.disturbance ?? 'keys down', { standIns, caller, hook: undefined }))
  await using hook = await startHook(standIns, prepared, folder, first ?? {})
  const willVanish = first?.disturbance === 'data folder removed'
  const store = willVanish ? undefined : await openSqliteStore(hook.dataFolder, Date.now, A_DAY)
  try {
    if (endEarly === undefined) await warmUp(caller, targetOf(hook, standIns), newOrders)
    for (const row of rows) {
      yield await runRow(row, { standIns, caller, hook, store, newOrders, endEarly: endEarly || undefined })
    }
  } finally {
    await store?.close()
    caller.close()
  }
}

/**
 * A new hook and new connections are slower, because Node accepts one connection in each turn of its loop. This is not
 * the subject here.
 */
async function warmUp(caller: Caller, target: Target, newOrders: RowParts['newOrders']): Promise<void> {
  for (let round = 1; ; round += 1) {
    const orders = [...newOrders('sms', WARM_UP), ...newOrders('voice', VOICE_WARM_UP)]
    const calls = await placeCalls(orders, CONCURRENCY, order => caller.call(target, order))
    const wrong = calls.find(({ kind }) => kind !== 'successful')
    if (wrong === undefined) return
    if (round === WARM_UP_ROUNDS) throw new Error(`Before any fault: ${wrong.sentence}`)
  }
}

/** For the whole run, including late messages: no code was sent to its number twice. */
async function sentTwice(standIns: StandIns): Promise<readonly string[]> {
  const messages = await standIns.messages()
  return [...Map.groupBy(messages, ({ to, body }) => `${to} ${body}`).values()]
    .filter(several => several.length > 1)
    .map(several => several.map(({ messageId }) => messageId).join(' and '))
}

function summary(
  reports: readonly RowReport[],
  twice: readonly string[],
  stalls: Stalls,
  ms: number,
): string {
  const calls = reports.flatMap(report => report.calls)
  const excused = reports
    .flatMap(({ row, calls }) => calls.filter(call => isStarved(call) && !row.answers.includes(call.kind)))
    .concat(calls.filter(call => call.ms > BUDGET_MS + 150 && !isLate(call))).length
  const broken = reports.filter(({ problems }) => problems.length > 0)
  return [
    '',
    `${calls.length} requests in ${(ms / 1000).toFixed(0)} s; the slowest answer took ${slowestOf(calls).toFixed(0)} ms of a budget of ${BUDGET_MS}.`,
    `Late or failed because the machine did not run caller, hook or carrier in time: ${excused}. The ${stalls.describe()}.`,
    `Codes sent twice: ${twice.length}${twice.map(ids => `\n  ${ids}`).join('')}`,
    broken.length === 0
      ? `All ${reports.length} rows hold (seed ${seed}).`
      : `${broken.length} of ${reports.length} rows are BROKEN (seed ${seed}).`,
  ].join('\n')
}
