import { decide } from '../../core/policy/credit/decide.ts'
import type { Records } from '../../core/policy/credit/records.ts'
import type { Limit, LimitScope, SendHistory } from '../../core/policy/limits.ts'
import { admissionOf, requestedCodeOf } from '../../core/records/credited-code.ts'
import type { Delivery } from '../../core/records/delivery.ts'
import type { Admission, Opening } from '../../core/records/delivery-store.ts'
import { messageOf } from '../../core/values/printable.ts'
import { type Counted, type Counting, count } from './count.ts'
import { askCredit, bookDecision, decideAlone, type LastRead } from './credit-admission.ts'
import { workOf } from './credit-records.ts'
import { readDelivery } from './delivery-item.ts'
import { allHistoriesOf, entriesIn, exceededRules, othersIn, type Rule, rulesOf, SENT } from './history.ts'
import { DAY_MS, entryOf, keys, momentOf, readEntry } from './keys.ts'
import { closeAgain, openingOf, type Predecessor, readOpening, SENDING } from './opening.ts'
import type { Pauses } from './pauses.ts'
import type { Table } from './table.ts'
import { takeOut } from './take-out.ts'
import { keptMaxOf, trim } from './trim.ts'

export type AdmitOptions = {
  /** Milliseconds that a delivery is kept. */
  readonly keptMs: number
  /** Maximum milliseconds that a refusal waits until its updates are undone. */
  readonly undoMs: number
  readonly pauses: Pauses
  readonly lastRead: LastRead
  /** Takes what is written while the code is being sent; it is awaited when the delivery is settled. */
  readonly beside: (booked: Promise<void>) => void
}

/** `before`: of one that was opened, the delivery to the same number before it. */
type Admitting = { readonly admission: Admission; readonly before?: Predecessor | undefined }

/**
 * All at once, one round trip deep: an update of the number's item, in which the delivery is opened, one of the user's, and
 * what the fraud rule asks (`askCredit`). If one of them refuses, the others are undone before the answer.
 */
export async function admit(
  table: Table,
  { delivery, otherDigests, limits, credit }: Opening,
  { keptMs, undoMs, pauses, lastRead, beside }: AdmitOptions,
): Promise<Admitting> {
  const { openedAt: now } = delivery
  const entry = entryOf(delivery)
  const isEnforced = limits.mode === 'enforce'
  const tasks = allHistoriesOf(delivery, otherDigests).map((history, index): Task => {
    const isOpening = index === 0
    const opening = isOpening ? openingOf(delivery) : {}
    const counting: Counting = { history, entry, now, keptMs, opening }
    const rules = rulesOf(history, limits.windows, now)
    const enforced = isEnforced ? rules : []
    return { isOpening, counting, rules, count: () => settled(count(table, counting, enforced, pauses)) }
  })
  const code = requestedCodeOf(delivery, otherDigests)
  const work = code && workOf(delivery, code, now, pauses, 'd')
  const [asked, ...atOnce] = await Promise.all([
    work && credit && askCredit(table, work, credit, lastRead),
    ...tasks.map(task => task.count()),
  ])
  const counted = otherDigests === undefined ? atOnce : await agree(tasks, atOnce, now, pauses)
  const before = predecessorIn(counted[0], entry)

  const refused = refusalOf(counted, limits.windows)
  const history = historyOf(counted, tasks)
  const decideOn =
    code &&
    credit &&
    history &&
    ((records: Records) => decide(code, records, credit, { limits, history }, now))
  // An operator's denial needs no records.
  const isKnown = asked?.failure === undefined || credit?.overrides.decision?.what === 'deny'
  const isJudged = work && asked && decideOn && isKnown && refused?.kind !== 'duplicate'
  const judged = isJudged ? await decideAlone(table, work, asked, decideOn) : undefined
  const booking = async (): Promise<void> => {
    if (work && asked) await bookDecision(table, work, judged ?? { read: asked }, decideOn, lastRead)
  }

  // The fraud rule comes before the limits that the table counted.
  const decided = judged && admissionOf(judged.decision)
  const refusal =
    refused?.kind === 'duplicate'
      ? refused
      : decided !== undefined && decided.kind !== 'opened'
        ? decided
        : refused
  if (refusal !== undefined) {
    const undone = tasks
      .filter((_, index) => !isRefused(counted[index]))
      .flatMap(({ isOpening, counting: { history } }) => [
        takeOut(table, history, entry, 'nowhere', pauses),
        ...(isOpening ? [closeAgain(table, history.key, entry, before)] : []),
      ])
    // A failure to undo does not change the answer: what remains counts until its window is over. It does not wait
    // for long either: an answer that comes late is taken for none, and the code would be sent again.
    const [admission] = await Promise.all([
      answerOf(refusal, table, delivery, now),
      pauses.within(undoMs, Promise.allSettled([...undone, booking()])),
    ])
    return { admission }
  }
  beside(booking())
  for (const result of counted) if (result.status === 'rejected') throw result.reason

  const exceeded = tasks.flatMap(({ counting, rules }, index) => {
    const result = counted[index]
    if (result?.status !== 'fulfilled' || result.value.kind !== 'counted') return []
    // In the background. If it fails, the next code to the same number tries again.
    trim(table, counting.history, result.value.item, { now, keptMax: keptMaxOf(limits) }).catch(
      () => undefined,
    )
    return exceededRules(result.value.item, rules, entry)
  })
  const first = limits.windows.find(limit => exceeded.includes(limit))
  const opened = {
    kind: 'opened',
    ...(first !== undefined && { exceeded: first }),
    ...(asked?.failure !== undefined && { unjudged: messageOf(asked.failure) }),
  } as const
  return { admission: decided ?? opened, before }
}

type Task = {
  /** The delivery is opened in this item: that of the number, by the own key. */
  readonly isOpening: boolean
  readonly counting: Counting
  readonly rules: readonly Rule[]
  readonly count: () => Promise<PromiseSettledResult<Counted>>
}

/**
 * While the hash key is rotated, two admissions at the same moment may each come first in the items of one key and be
 * refused by those of the other. The one that came first in the item whose key sorts first tries again, while the other
 * takes itself out: so one of them goes on. What was there before stays, and is not waited for.
 */
async function agree(
  tasks: readonly Task[],
  atOnce: readonly PromiseSettledResult<Counted>[],
  now: number,
  pauses: Pauses,
): Promise<readonly PromiseSettledResult<Counted>[]> {
  let counted = atOnce
  const mayGoOn = (result: PromiseSettledResult<Counted>, index: number): boolean => {
    if (!isRefused(result)) return true
    const [own, twin] = [index, (index + tasks.length / 2) % tasks.length]
    const [key = '', first = ''] = [own, twin].map(each => tasks[each]?.counting.history.key.pk)
    return first < key && !isRefused(counted[twin]) && isByRecent(result, now)
  }
  for (let attempt = 1; attempt <= AGREE_MAX; attempt += 1) {
    if (!counted.some(isRefused) || !counted.every(mayGoOn)) break
    await pauses.beforeAnother(attempt)
    counted = await Promise.all(
      counted.map((result, index) => (isRefused(result) && tasks[index]?.count()) || result),
    )
  }
  return counted
}

/** Whether what refused it may be an admission that is still being decided. */
function isByRecent(result: PromiseSettledResult<Counted>, now: number): boolean {
  if (result.status === 'rejected' || result.value.kind === 'counted') return false
  const { value } = result
  const newest = value.kind === 'duplicate' ? value.first : entriesIn(value.item, SENT)[0]
  return newest !== undefined && momentOf(newest) > now - RECENT_MS
}

type Refusal =
  | { readonly kind: 'duplicate'; readonly first: string }
  | Extract<Admission, { readonly kind: 'limited' | 'held' }>

/** The same request before any limit, and limits in their own order. */
function refusalOf(
  counted: readonly PromiseSettledResult<Counted>[],
  windows: readonly Limit[],
): Refusal | undefined {
  const results = counted.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
  const duplicate = results.find(result => result.kind === 'duplicate')
  if (duplicate !== undefined) return duplicate
  const exceeded = results.flatMap(result => (result.kind === 'limited' ? result.limits : []))
  const limit = windows.find(window => exceeded.includes(window))
  return limit === undefined ? undefined : { kind: 'limited', limit }
}

/** When codes were sent to the number and to the user before; undefined if the table did not tell both. */
function historyOf(
  counted: readonly PromiseSettledResult<Counted>[],
  tasks: readonly { readonly counting: Counting }[],
): SendHistory | undefined {
  const times: Record<LimitScope, readonly number[]> = { number: [], user: [], 'number-and-channel': [] }
  for (const [index, { counting }] of tasks.entries()) {
    const result = counted[index]
    if (result?.status !== 'fulfilled' || result.value.kind === 'duplicate') return undefined
    const { item } = result.value
    for (const [name, list] of Object.entries(counting.history.lists)) {
      const scope = name as LimitScope
      times[scope] = union(times[scope], othersIn(item, list, counting.entry).map(momentOf))
    }
  }
  return times
}

/** While the hash key is rotated, most codes are in the items of both keys, and some in those of one. */
function union(one: readonly number[], other: readonly number[]): readonly number[] {
  const left = [...one]
  const more = other.filter(time => {
    const index = left.indexOf(time)
    if (index >= 0) left.splice(index, 1)
    return index < 0
  })
  return [...one, ...more]
}

/** In the number's item as it was; or as it is, where a lost answer has hidden that. */
function predecessorIn(
  ofNumber: PromiseSettledResult<Counted> | undefined,
  entry: string,
): Predecessor | undefined {
  if (ofNumber?.status !== 'fulfilled' || ofNumber.value.kind !== 'counted') return undefined
  const { before, item } = ofNumber.value
  if (before !== undefined) return readOpening(before)
  const sent = entriesIn(item, SENT)
  const next = sent.includes(entry) ? sent[sent.indexOf(entry) + 1] : undefined
  return next === undefined ? undefined : { entry: next }
}

function isRefused(result: PromiseSettledResult<Counted> | undefined): boolean {
  return result?.status === 'fulfilled' && result.value.kind !== 'counted'
}

async function settled<T>(work: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [result] = await Promise.allSettled([work])
  return result
}

async function answerOf(refusal: Refusal, table: Table, delivery: Delivery, now: number): Promise<Admission> {
  if (refusal.kind !== 'duplicate') return refusal
  const { openedAt, id } = readEntry(refusal.first)
  // The first one cannot be read, or is counted but not written yet: it counts as in progress, with the same facts. A
  // caller that waits for its end reads it again. A recognised duplicate is never sent.
  const item = await table.get(keys.delivery(id)).catch(() => undefined)
  const first = readDelivery(item, now, DAY_MS)
  return { kind: 'duplicate', first: first ?? { ...delivery, id, openedAt, end: SENDING } }
}

const AGREE_MAX = 20
const RECENT_MS = 5_000
