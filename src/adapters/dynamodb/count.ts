import type { Limit } from '../../core/policy/limits.ts'
import {
  duplicateIn,
  entriesIn,
  exceededRules,
  type History,
  isKnown,
  isNotIn,
  OTHERS,
  type Rule,
  SENT,
  valueIn,
} from './history.ts'
import { DAY_MS, endOf, secondsOf } from './keys.ts'
import type { Pauses } from './pauses.ts'
import type { Item, Table } from './table.ts'
import { updateWithRoom } from './trim.ts'

export type Counting = {
  readonly history: History
  readonly entry: string
  /** Time of the entry. */
  readonly now: number
  /** Milliseconds that the item is kept from now. */
  readonly keptMs: number
  /** Opens the delivery: attributes that replace those of the number's last one (`openingOf`). */
  readonly opening?: Item
}

export type Counted =
  /** `item`: as it is now, the own entry in it. `before`: as it was, unless a lost answer has hidden that. */
  | { readonly kind: 'counted'; readonly item: Item; readonly before: Item | undefined }
  | { readonly kind: 'duplicate'; readonly first: string }
  /** `item`: as it is, without the own entry. */
  | { readonly kind: 'limited'; readonly limits: readonly Limit[]; readonly item: Item }

/**
 * Counts one code, unless the same request is known or a rule is exceeded: one conditional update. The condition allows
 * an entry only once, so a client may repeat the update after a lost answer. If the repetition fails because the first
 * one was written, reading the item shows that.
 */
export async function count(
  table: Table,
  counting: Counting,
  rules: readonly Rule[],
  pauses: Pauses,
): Promise<Counted> {
  const { history, entry, now } = counting
  const { duplicate } = history
  const condition = [
    ...NOT_THERE,
    ...(duplicate === undefined ? [] : ['(attribute_not_exists(#duplicate) OR #duplicate <= :dayAgo)']),
    ...rules.map(({ limit: { max }, list }, index) => {
      const last = `#${list}[${max - 1}]`
      return `(attribute_not_exists(${last}) OR ${last} <= :since${index})`
    }),
  ].join(' AND ')
  const since = rules.map((rule, index) => [`:since${index}`, { S: rule.since }])
  const dayAgo = duplicate === undefined ? {} : { ':dayAgo': { S: endOf(now - DAY_MS) } }
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const change = {
      update: addition(counting, ':entry'),
      condition,
      ...placeholders(counting, { ...dayAgo, ...Object.fromEntries(since) }),
      gives: 'ALL_OLD',
    } as const
    const written = await updateWithRoom(table, history, change, now)
    if (written.kind === 'changed')
      return {
        kind: 'counted',
        item: { ...written.item, ...added(counting, written.item) },
        before: written.item,
      }
    const item = (await table.get(history.key)) ?? {}
    if (isKnown(item, entry)) return { kind: 'counted', item, before: undefined }
    const first = duplicateIn(item, history, now)
    if (first !== undefined) return { kind: 'duplicate', first }
    const limits = exceededRules(item, rules, entry)
    if (limits.length > 0) return { kind: 'limited', limits, item }
    // What made the condition fail is gone, because another admission was undone. A failure would send the code uncounted.
    await pauses.beforeAnother(attempt)
  }
  throw new Error(`store: ${ATTEMPTS_MAX} times others changed the same item at the same moment`)
}

/**
 * Counts a code that was sent, or may have been, without being admitted. Of several equal requests, the one that the
 * carrier accepted is found as the duplicate.
 */
export async function countAfterwards(table: Table, counting: Counting, isAccepted: boolean): Promise<void> {
  const change = {
    update: addition(counting, isAccepted ? ':entry' : 'if_not_exists(#duplicate, :entry)'),
    condition: NOT_THERE.join(' AND '),
    ...placeholders(counting, {}),
  }
  await updateWithRoom(table, counting.history, change, counting.now) // refused: the entry exists, because an abandoned admission succeeded
}

function addition(counting: Counting, duplicateValue: string): string {
  const { lists, duplicate } = counting.history
  const all = Object.values(lists).map(
    list => `#${list} = list_append(:${list}, if_not_exists(#${list}, :none))`,
  )
  if (duplicate !== undefined) all.push(`#duplicate = ${duplicateValue}`)
  all.push(...Object.keys(attributesOf(counting)).map(name => `#${name} = :${name}`))
  return `SET ${all.join(', ')}, #expires = :expires`
}

function placeholders(counting: Counting, more: Item) {
  const { entry, now, keptMs } = counting
  const { lists, duplicate } = counting.history
  const own = Object.values(lists).map(list => [`:${list}`, { L: [{ S: valueIn(list, entry) }] }])
  return {
    values: {
      ...Object.fromEntries(own),
      ...Object.fromEntries(
        Object.entries(attributesOf(counting)).map(([name, value]) => [`:${name}`, value]),
      ),
      ':entry': { S: entry },
      ':none': { L: [] },
      ':expires': { N: secondsOf(now + keptMs) },
      ...more,
    },
    ...(duplicate !== undefined && { names: { '#duplicate': duplicate } }),
  }
}

/** The attributes that the addition gives to an item: the update returns how it was. */
function added(counting: Counting, before: Item): Item {
  const { entry } = counting
  const { lists, duplicate } = counting.history
  const longer = Object.values(lists).map(list => {
    const L = [valueIn(list, entry), ...entriesIn(before, list)].map(S => ({ S }))
    return [list, { L }] as const
  })
  return {
    ...Object.fromEntries(longer),
    ...(duplicate !== undefined && { [duplicate]: { S: entry } }),
    ...attributesOf(counting),
  }
}

function attributesOf({ history, opening }: Counting): Item {
  return { ...history.attributes, ...opening }
}

const NOT_THERE = [SENT, OTHERS].map(isNotIn)
const ATTEMPTS_MAX = 20
