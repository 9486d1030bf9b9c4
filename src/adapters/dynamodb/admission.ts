import type { Limit } from '../../core/policy/limits.ts'
import type { Delivery } from '../../core/records/delivery.ts'
import type { Admission, Opening } from '../../core/records/delivery-store.ts'
import { type Counted, type Counting, count } from './count.ts'
import { openDelivery, readDelivery, removeOpened } from './delivery-item.ts'
import { exceededRules, historiesOf, rulesOf } from './history.ts'
import { DAY_MS, entryOf, keys, readEntry } from './keys.ts'
import type { Pauses } from './pauses.ts'
import type { Table } from './table.ts'
import { takeOut } from './take-out.ts'
import { keptMaxOf, trim } from './trim.ts'

export type AdmitOptions = {
  /** Milliseconds that a delivery is kept. */
  readonly keptMs: number
  /** Most milliseconds that a refusal waits for what has to be undone. */
  readonly undoMs: number
  readonly pauses: Pauses
}

/**
 * Three updates at once, one round trip deep: the number's item, the user's item, the delivery. If one of the first two
 * refuses, the others are undone before the answer.
 */
export async function admit(
  table: Table,
  { delivery, limits }: Opening,
  { keptMs, undoMs, pauses }: AdmitOptions,
): Promise<Admission> {
  const { openedAt: now } = delivery
  const entry = entryOf(delivery)
  const tasks = historiesOf(delivery).map(history => {
    const counting: Counting = { history, entry, now, keptMs }
    return { counting, rules: rulesOf(history, limits.windows, now) }
  })
  const [[opened], counted] = await Promise.all([
    Promise.allSettled([openDelivery(table, delivery, keptMs)]),
    Promise.allSettled(
      tasks.map(({ counting, rules }) => count(table, counting, limits.mode === 'enforce' ? rules : [])),
    ),
  ])

  const refusal = refusalOf(counted, limits.windows)
  if (refusal !== undefined) {
    const undone = [
      removeOpened(table, delivery.id),
      ...tasks
        .filter((_, index) => !isRefused(counted[index]))
        .map(({ counting }) => takeOut(table, counting.history, entry, 'nowhere', pauses)),
    ]
    // A failure to undo does not change the answer: what remains counts until its window is over. It does not wait
    // for long either: an answer that comes late is taken for none, and the code would be sent again.
    const [answer] = await Promise.all([
      answerOf(refusal, table, delivery, now),
      pauses.within(undoMs, Promise.allSettled(undone)),
    ])
    return answer
  }
  for (const result of [opened, ...counted]) if (result.status === 'rejected') throw result.reason

  const exceeded = tasks.flatMap(({ counting, rules }, index) => {
    const result = counted[index]
    if (result?.status !== 'fulfilled' || result.value.kind !== 'counted') return []
    // Beside the answer, and if it fails the next code to the same number tries again.
    trim(table, counting.history, result.value.item, { now, keptMax: keptMaxOf(limits) }).catch(
      () => undefined,
    )
    return exceededRules(result.value.item, rules, entry)
  })
  const first = limits.windows.find(limit => exceeded.includes(limit))
  return first === undefined ? { kind: 'opened' } : { kind: 'opened', exceeded: first }
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

function isRefused(result: PromiseSettledResult<Counted> | undefined): boolean {
  return result?.status === 'fulfilled' && result.value.kind !== 'counted'
}

async function answerOf(refusal: Refusal, table: Table, delivery: Delivery, now: number): Promise<Admission> {
  if (refusal.kind === 'limited') return refusal
  const { openedAt, id } = readEntry(refusal.first)
  // Out of reach, or counted and not written yet: taken as under way, with the same facts. A caller that asks for its end
  // reads it again; and a duplicate that is known as one is never sent.
  const item = await table.get(keys.delivery(id)).catch(() => undefined)
  const first = readDelivery(item, now, DAY_MS)
  return { kind: 'duplicate', first: first ?? { ...delivery, id, openedAt, end: { state: 'sending' } } }
}
