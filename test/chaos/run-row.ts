import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { CallOrder } from '../../simulators/okta/call-order.ts'
import { keyedDigests } from '../../src/adapters/node/hash-key.ts'
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts'
import type { ListedDelivery } from '../../src/core/records/delivery-store.ts'
import type { Store } from '../../src/core/records/store.ts'
import { Secret } from '../../src/core/values/secret.ts'
import { HASH_KEY_OF_TESTS } from '../world/world.ts'
import type { Call, Caller, Target } from './caller.ts'
import { disturb } from './disturbances.ts'
import { type Evidence, judge } from './judge.ts'
import { placeCalls } from './load.ts'
import type { Channel, Row } from './matrix.ts'
import { checksOf } from './readiness.ts'
import type { RowReport } from './report.ts'
import { requestJson } from './request-json.ts'
import { type Hook, OTHER_HASH_KEY, type StandIns } from './world.ts'

export type RowParts = {
  readonly standIns: StandIns
  readonly caller: Caller
  readonly hook: Hook
  /** Undefined if its folder will be removed, because opening the database would create a new one. */
  readonly store: Store | undefined
  readonly newOrders: (channel: Channel, count: number) => readonly CallOrder[]
  /** Ends the disturbance that began before the hook. */
  readonly endEarly: (() => Promise<void> | void) | undefined
}

/** The carrier may have been restarted since the last call. */
export function targetOf(hook: Hook, standIns: StandIns): Target {
  const { ready, pid } = hook.takesNext()
  return { url: `${ready.ready}/mfa`, pid, carrierPid: standIns.carrier().pid }
}

const REQUESTS = 75
export const CONCURRENCY = 50
const TO_ONE_NUMBER = 30
export const A_DAY = { deliveriesMs: 86_400_000, receiptsMs: 86_400_000 }

/**
 * One row: the fault begins, the calls are made, it ends, one more call is made, and then the results are checked.
 */
export async function runRow(row: Row, parts: RowParts): Promise<RowReport> {
  const { standIns, caller, hook, newOrders } = parts
  const receipts = { url: `${hook.ready.ready}/events/carrier`, delayMs: [0, 30], ...row.receipts }
  await standIns.sendReceipts(receipts)
  const call = (order: CallOrder): Promise<Call> => caller.call(targetOf(hook, standIns), order)

  let endDisturbance = parts.endEarly
  let hasStruck = true
  let faultAt = 0
  const logBefore = readFileSync(hook.log, 'utf8').length
  const begin = async (): Promise<void> => {
    if (row.rules !== undefined) await requestJson(`${standIns.carrierUrl}/faults`, 'POST', row.rules)
    if (row.disturbance !== undefined && !row.cold) endDisturbance = await disturb(row.disturbance, parts)
    faultAt = Date.now()
  }
  const end = async (): Promise<void> => {
    await endDisturbance?.()
    if (row.rules !== undefined) hasStruck = await endRules(standIns.carrierUrl)
    if (row.disturbance === 'carrier gone') await standIns.sendReceipts(receipts)
  }

  const orders = ordersOf(row, newOrders)
  const placed = row.twice === 'at once' ? orders.flatMap(order => [order, order]) : orders
  if (row.moment === 'all along') await begin()
  const calls = [
    ...(await placeCalls(placed, CONCURRENCY, call, row.moment === 'from midway' ? begin : undefined)),
  ]
  if (row.twice === 'later') calls.push(...(await placeCalls(orders, CONCURRENCY, call)))
  const missing = await unsaidByReadiness(row, hook.ready.ready)
  await end()

  const after = await nextIsNormal(row, () => call(newOrders(row.channel, 1)[0] as CallOrder))
  const all: Row = { ...row, answers: [...row.answers, 'successful'] }
  const evidence = await settledEvidence({ row: all, calls: [...calls, ...after.calls] }, parts, faultAt)
  return {
    row,
    calls: evidence.calls,
    sent: evidence.messages.length,
    problems: [
      ...judge({ ...evidence, row, calls }).filter(isAnswerProblem),
      ...judge(evidence).filter(problem => !isAnswerProblem(problem)),
      ...after.problems,
      ...missing,
      ...(row.disturbance === 'hash key rotated' ? await notFoundByNumber(evidence, parts) : []),
      ...(await missingInLog(row, hook.log, logBefore)),
      ...(hasStruck && (!row.recordsMayBeLost || isTroubleLogged(hook.log))
        ? []
        : ['the fault never applied']),
    ],
  }
}

function ordersOf(row: Row, newOrders: RowParts['newOrders']): readonly CallOrder[] {
  const { channel, oneNumberAtMost, overrides, twice } = row
  const [{ to } = {}] = newOrders(channel, 1)
  const isOneNumber = oneNumberAtMost !== undefined && to !== undefined
  const count = isOneNumber ? TO_ONE_NUMBER : twice === undefined ? REQUESTS : CONCURRENCY
  return newOrders(channel, count).map(order => ({
    ...order,
    ...(isOneNumber && { to }),
    ...(overrides !== undefined && { overrides }),
  }))
}

/** An unread log does not stop the hook from taking requests; a failing store does. */
async function unsaidByReadiness({ failing }: Row, url: string): Promise<readonly string[]> {
  if (failing === undefined) return []
  const { isReady, checks } = await checksOf(url)
  const isReported = checks[failing] === 'failing' && isReady === (failing === 'log')
  return isReported ? [] : [`/readyz says ${failing}: ${checks[failing]}, ${isReady ? '' : 'not '}ready`]
}

/** The reader of the log may have to catch up. */
async function missingInLog({ logged = [] }: Row, log: string, from: number): Promise<readonly string[]> {
  for (let attempt = 1; ; attempt += 1) {
    const text = readFileSync(log, 'utf8').slice(from)
    const missing = logged.filter(line => !text.includes(line))
    if (missing.length === 0 || attempt === 50) return missing.map(line => `the log does not say ${line}`)
    await pause(50)
  }
}

function isAnswerProblem(problem: string): boolean {
  return problem.startsWith('answer: ')
}

/** Removes the fault rules, also if the carrier still refuses connections. True if a rule applied. */
async function endRules(carrierUrl: string): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const rules = (await requestJson(`${carrierUrl}/faults`)) as readonly { readonly used: number }[]
      await requestJson(`${carrierUrl}/faults`, 'DELETE')
      return rules.some(({ used }) => used > 0)
    } catch (error) {
      if (attempt === 100) throw error
      await pause(50)
    }
  }
}

async function nextIsNormal(
  row: Row,
  callOnce: () => Promise<Call>,
): Promise<{ readonly calls: readonly Call[]; readonly problems: readonly string[] }> {
  const until = performance.now() + (row.recoversWithinMs ?? 0)
  const calls: Call[] = []
  for (;;) {
    const next = await callOnce()
    calls.push(next)
    if (next.kind === 'successful') return { calls, problems: [] }
    if (performance.now() > until)
      return { calls, problems: [`after the fault: ${next.kind}. ${next.sentence}`] }
    await pause(250)
  }
}

/** Waits until the carrier has sent all receipts and the store has them, or until the time limit. */
async function settledEvidence(
  { row, calls }: Pick<Evidence, 'row' | 'calls'>,
  { standIns, store: open, hook }: RowParts,
  faultAt: number,
): Promise<Evidence> {
  await using made = new AsyncDisposableStack()
  // Its folder was removed: the hook has created a new database by now, or uses this one.
  const store =
    open ?? made.adopt(await openSqliteStore(hook.dataFolder, Date.now, A_DAY), one => one.close())
  const numbers = new Set(calls.map(({ order }) => order.to))
  const mayStillArrive = calls.some(({ kind }) => kind === 'failed') ? LATECOMERS_MS : 0
  const startedAt = performance.now()
  for (let sentBefore = -1; ; ) {
    const messages = (await standIns.messages()).filter(({ to }) => numbers.has(to))
    const { queued } = (await requestJson(`${standIns.carrierUrl}/events`)) as { queued: number }
    const listed: readonly ListedDelivery[] = await store.listDeliveries({ limit: 1_000 })
    const deliveries = new Map(listed.map(delivery => [delivery.id, delivery]))
    const lost = row.recordsMayBeLost ? lostBy(hook.log, faultAt) : new Set<string>()
    const evidence = { row, calls, messages, deliveries, lost }
    const elapsedMs = performance.now() - startedAt
    const isQuiet = queued === 0 && messages.length === sentBefore && elapsedMs >= mayStillArrive
    if ((isQuiet && judge(evidence).length === 0) || elapsedMs > SETTLE_MS) return evidence
    sentBefore = messages.length
    await pause(60)
  }
}

/** Every message is found by its number under both keys, as the help desk searches. */
async function notFoundByNumber(
  { messages }: Evidence,
  { store }: Pick<RowParts, 'store'>,
): Promise<readonly string[]> {
  const digests = keyedDigests([new Secret(OTHER_HASH_KEY), new Secret(HASH_KEY_OF_TESTS)])
  const problems: string[] = []
  for (const { to, context } of messages) {
    const found = (await store?.listDeliveries({ limit: 100, numberDigests: digests(to) })) ?? []
    if (!found.some(({ id }) => id === context?.deliveryId))
      problems.push(`delivery ${context?.deliveryId} is not found by its number`)
  }
  const underOne = new Set(
    (await store?.listDeliveries({ limit: 1_000 }))?.map(({ numberDigest }) => numberDigest),
  )
  const used = [0, 1].filter(key => messages.some(({ to }) => underOne.has(digests(to)[key] ?? '')))
  return used.length === 2 ? problems : [...problems, 'not both keys were in force']
}

/** Deliveries that the hook could not store, according to its log, or that the fault deleted. */
function lostBy(log: string, faultAt: number): ReadonlySet<string> {
  const lost = new Set<string>()
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    if (!line.includes('"step":"settle"') || !line.endsWith('}')) continue
    const { outcome, deliveryId, time = '' } = JSON.parse(line) as Readonly<Record<string, string>>
    const isReported = outcome === 'store-unavailable' || Date.parse(time) <= faultAt + AT_THE_SAME_TIME_MS
    if (isReported && deliveryId !== undefined) lost.add(deliveryId)
  }
  return lost
}

function isTroubleLogged(log: string): boolean {
  return readFileSync(log, 'utf8').includes('"outcome":"store-unavailable"')
}

const AT_THE_SAME_TIME_MS = 20
const SETTLE_MS = 6_000
const LATECOMERS_MS = 450
