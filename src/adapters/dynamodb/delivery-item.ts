import type { Delivery, OwnEnd } from '../../core/records/delivery.ts'
import { dayOf, entryOf, keys, secondsOf } from './keys.ts'
import type { Changed, Item, Table } from './table.ts'

/** Opens the delivery, if it is not there: an admission that comes late finds it settled and leaves it so. */
export function openDelivery(table: Table, delivery: Delivery, keptMs: number): Promise<Changed> {
  return write(table, delivery, keptMs, 'attribute_not_exists(#openedAt)')
}

/** Writes the whole of it, whether it was opened or not. Gives what was there. */
export async function writeDelivery(
  table: Table,
  delivery: Delivery,
  keptMs: number,
): Promise<{ readonly wasOpened: boolean }> {
  const written = await write(table, delivery, keptMs, undefined)
  return { wasOpened: written.kind === 'changed' && written.item.openedAt !== undefined }
}

/** Removes one that was opened in vain; not one that was settled in the meantime. */
export function removeOpened(table: Table, id: string): Promise<void> {
  return table.remove(keys.delivery(id), '#state = :sending', { ':sending': { S: 'sending' } })
}

function write(table: Table, delivery: Delivery, keptMs: number, condition?: string): Promise<Changed> {
  const { id, openedAt, eventId, end, ...others } = delivery
  const isIndexed = eventId !== undefined && INDEXABLE.test(eventId)
  const facts: Facts = isIndexed || eventId === undefined ? others : { ...others, eventId }
  const attributes: Item = {
    openedAt: { N: String(openedAt) },
    facts: { S: JSON.stringify(facts) },
    state: { S: end.state },
    end: { S: JSON.stringify(end) },
    expires: { N: secondsOf(openedAt + keptMs) },
    // The keys of the indexes: an index is written, and paid, only when they change, so never again.
    day: { S: dayOf(openedAt) },
    at: { S: entryOf(delivery) },
    ...(isIndexed && { eventId: { S: eventId } }),
  }
  const names = Object.keys(attributes)
  return table.update(keys.delivery(id), {
    update: `SET ${names.map(name => `#${name} = :${name}`).join(', ')}`,
    ...(condition !== undefined && { condition }),
    values: Object.fromEntries(names.map(name => [`:${name}`, attributes[name] ?? { NULL: true }])),
    gives: 'ALL_OLD',
  })
}

/** Undefined when it is older than what is kept: expiry removes items hours late. */
export function readDelivery(item: Item | undefined, now: number, keptMs: number): Delivery | undefined {
  if (item?.facts?.S === undefined || item.end?.S === undefined) return undefined
  const openedAt = Number(item.openedAt?.N)
  if (openedAt <= now - keptMs) return undefined
  const facts = JSON.parse(item.facts.S) as Facts // written above
  return {
    id: item.pk?.S?.slice('delivery#'.length) ?? '',
    openedAt,
    caller: facts.caller,
    eventId: item.eventId?.S ?? facts.eventId,
    oktaRequestId: facts.oktaRequestId,
    duplicateKey: facts.duplicateKey,
    numberDigest: facts.numberDigest,
    userDigest: facts.userDigest,
    loginDigest: facts.loginDigest,
    country: facts.country,
    lastDigits: facts.lastDigits,
    channel: facts.channel,
    purpose: facts.purpose,
    templateUsed: facts.templateUsed,
    parts: facts.parts,
    expiresAt: facts.expiresAt,
    end: JSON.parse(item.end.S) as OwnEnd,
  }
}

type Facts = Omit<Delivery, 'id' | 'openedAt' | 'eventId' | 'end'> & { readonly eventId?: string }

// A key is never empty, and has 2,048 bytes at most: a longer or an empty value is not indexed.
const INDEXABLE = /^[\x20-\x7e]{1,2048}$/
