import type { PolicyStore } from '../../core/policy/policy-store.ts'
import {
  type Answer,
  answeredBy,
  CLOCK_AHEAD_MS,
  CODE_VALID_MAX_MS,
  findAnswered,
  findReplaced,
  isFrom,
  type Joined,
  REPLACED_WITHIN_MS,
  type SentByOkta,
} from '../../core/records/answer.ts'
import type { Delivery } from '../../core/records/delivery.ts'
import type { DeliveryStore } from '../../core/records/delivery-store.ts'
import { markOf } from './changes.ts'
import { bookAnswer } from './credit-end.ts'
import { readDelivery } from './delivery-item.ts'
import { allEntriesIn, idOf } from './history.ts'
import { endOf, keys, secondsOf } from './keys.ts'
import { createPauses, type Pauses, waitFor } from './pauses.ts'
import { noteAnswers } from './policy.ts'
import type { DynamoStoreOptions } from './store-options.ts'
import { type Item, openTable, type Table } from './table.ts'
import { writeIfUnsettled } from './unsettled.ts'

type AnswerOptions = {
  readonly now: number
  /** Milliseconds that a delivery is kept. */
  readonly keptMs: number
  /** When an answer expires, in milliseconds since 1970: not before its delivery does. */
  readonly until: number
  readonly pauses: Pauses
}

/** What the function for Okta's events uses of the store. */
export function openAnswerStore(
  options: DynamoStoreOptions,
): Pick<DeliveryStore, 'addAnswer' | 'findReplaced'> & Pick<PolicyStore, 'noteAnswers'> {
  const { now, retention, pause = waitFor, random = Math.random } = options
  const { deliveriesMs, receiptsMs } = retention
  const pauses = createPauses(pause, random)
  const table = openTable(options.call, options.table, pauses)
  return {
    addAnswer: answer => {
      const until = now() + Math.max(deliveriesMs, receiptsMs)
      return addAnswer(table, answer, { now: now(), keptMs: deliveriesMs, until, pauses })
    },
    findReplaced: sent => {
      const until = now() + deliveriesMs // nothing is written by it
      return readReplaced(table, sent, { now: now(), keptMs: deliveriesMs, until, pauses })
    },
    noteAnswers: (callers, at) => noteAnswers(table, callers, at),
  }
}

/**
 * Reads the users' items, then their deliveries, newest first, until older ones cannot be meant; usually one. The answer is stored with the receipts of
 * its delivery, because the end of the delivery may be written to the delivery's item at the same time.
 */
async function addAnswer(table: Table, answer: Answer, options: AnswerOptions): Promise<Joined> {
  const { at, userDigests } = answer
  const entries = await entriesBetween(table, userDigests, at - CODE_VALID_MAX_MS - 1, at)
  const deliveries: Delivery[] = []
  let found = findAnswered(deliveries, answer)
  for (const entry of entries.slice(0, ENTRIES_MAX)) {
    const delivery = await read(table, entry, options)
    if (delivery !== undefined) deliveries.push(delivery)
    found = findAnswered(deliveries, answer)
    // Older ones change nothing.
    if (!('kind' in found) && (answer.network === undefined || isFrom(found, answer))) break
  }
  if ('kind' in found) return found
  const isFirst = await keepEarliest(table, found, at, options)
  const times = { heardAt: options.now, answeredAt: at }
  if (isFirst) await bookAnswer(table, found, times, options.pauses)
  return answeredBy(found, at, isFirst)
}

/** Of these users, newest first: after `from`, and up to `to`. */
async function entriesBetween(
  table: Table,
  userDigests: readonly string[],
  from: number,
  to: number,
): Promise<readonly string[]> {
  const items = await Promise.all(userDigests.map(digest => table.get(keys.user(digest))))
  return [...new Set(items.flatMap(allEntriesIn))]
    .filter(entry => entry > endOf(from) && entry < endOf(to))
    .toSorted()
    .toReversed()
}

/** Reads the newest deliveries of the users, until one is it. */
async function readReplaced(
  table: Table,
  sent: SentByOkta,
  options: AnswerOptions,
): Promise<Delivery | undefined> {
  const { at, userDigests } = sent
  const entries = await entriesBetween(table, userDigests, at - REPLACED_WITHIN_MS, at + CLOCK_AHEAD_MS)
  for (const entry of entries.slice(0, ENTRIES_MAX)) {
    const delivery = await read(table, entry, options)
    if (delivery !== undefined && findReplaced([delivery], sent) !== undefined) return delivery
  }
  return undefined
}

async function read(
  table: Table,
  entry: string,
  { now, keptMs }: AnswerOptions,
): Promise<Delivery | undefined> {
  const get = async () => readDelivery(await table.get(keys.delivery(idOf(entry))), now, keptMs)
  const delivery = await get()
  if (delivery !== undefined) return delivery
  await writeIfUnsettled(table, entry, now, keptMs) // it has not ended
  return get()
}

/** Whether it is the first one. */
async function keepEarliest(
  table: Table,
  { id, openedAt }: Delivery,
  answeredAt: number,
  { now, until }: AnswerOptions,
): Promise<boolean> {
  const mark = markOf(openedAt, now)
  const kept = await table.update(keys.receiptsOfDelivery(id), {
    update: `SET #answeredAt = :answeredAt, #expires = :expires${mark.set}`,
    condition: 'attribute_not_exists(#answeredAt) OR #answeredAt > :answeredAt',
    values: {
      ':answeredAt': { N: String(answeredAt) },
      ':expires': { N: secondsOf(until) },
      ...mark.values,
    },
    gives: 'ALL_OLD',
  })
  return kept.kind === 'changed' && kept.item.answeredAt === undefined
}

/** The earliest answer in the item of a delivery's receipts. */
export function readAnsweredAt(item: Item | undefined): number | undefined {
  return item?.answeredAt?.N === undefined ? undefined : Number(item.answeredAt.N)
}

/** A user has a handful of codes in an hour. */
const ENTRIES_MAX = 50
