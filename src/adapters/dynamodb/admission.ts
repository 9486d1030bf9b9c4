import type { Limit } from '../../core/policy/limits.ts'
import type { Delivery } from '../../core/records/delivery.ts'
import type { Admission, Opening } from '../../core/records/delivery-store.ts'
import { type Counted, type Counting, count } from './count.ts'
import { readDelivery } from './delivery-item.ts'
import { entriesIn, exceededRules, historiesOf, rulesOf, SENT } from './history.ts'
import { DAY_MS, entryOf, keys, readEntry } from './keys.ts'
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
}

/** `before`: of one that was opened, the delivery to the same number before it. */
type Admitting = { readonly admission: Admission; readonly before?: Predecessor | undefined }

/**
 * Two updates at once, one round trip deep: the number's item, in which the delivery is opened, and the user's. If one of
 * them refuses, the other is undone before the answer.
 */
export async function admit(
  table: Table,
  { delivery, limits }: Opening,
  { keptMs, undoMs, pauses }: AdmitOptions,
): Promise<Admitting> {
  const { openedAt: now } = delivery
  const entry = entryOf(delivery)
  const tasks = historiesOf(delivery).map(history => {
    const isOfNumber = history.lists.number !== undefined
    const opening = isOfNumber ? openingOf(delivery) : {}
    const counting: Counting = { history, entry, now, keptMs, opening }
    return { isOfNumber, counting, rules: rulesOf(history, limits.windows, now) }
  })
  const counted = await Promise.allSettled(
    tasks.map(({ counting, rules }) => count(table, counting, limits.mode === 'enforce' ? rules : [])),
  )
  const before = predecessorIn(counted[0], entry)

  const refusal = refusalOf(counted, limits.windows)
  if (refusal !== undefined) {
    const undone = tasks
      .filter((_, index) => !isRefused(counted[index]))
      .flatMap(({ isOfNumber, counting: { history } }) => [
        takeOut(table, history, entry, 'nowhere', pauses),
        ...(isOfNumber ? [closeAgain(table, history.key, entry, before)] : []),
      ])
    // A failure to undo does not change the answer: what remains counts until its window is over. It does not wait
    // for long either: an answer that comes late is taken for none, and the code would be sent again.
    const [admission] = await Promise.all([
      answerOf(refusal, table, delivery, now),
      pauses.within(undoMs, Promise.allSettled(undone)),
    ])
    return { admission }
  }
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
  return { admission: first === undefined ? { kind: 'opened' } : { kind: 'opened', exceeded: first }, before }
}

type Refusal =
  | { readonly kind: 'duplicate'; readonly first: string }
  | { readonly kind: 'limited'; readonly limit: Limit }

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

async function answerOf(refusal: Refusal, table: Table, delivery: Delivery, now: number): Promise<Admission> {
  if (refusal.kind === 'limited') return refusal
  const { openedAt, id } = readEntry(refusal.first)
  // The first one cannot be read, or is counted but not written yet: it counts as in progress, with the same facts. A
  // caller that waits for its end reads it again. A recognised duplicate is never sent.
  const item = await table.get(keys.delivery(id)).catch(() => undefined)
  const first = readDelivery(item, now, DAY_MS)
  return { kind: 'duplicate', first: first ?? { ...delivery, id, openedAt, end: SENDING } }
}
