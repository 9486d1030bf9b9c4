import type { Limit } from '../../core/policy/limits.ts'
import { duplicateIn, entriesIn, exceededRules, type History, isNotIn, OTHERS, type Rule } from './history.ts'
import { DAY_MS, endOf, secondsOf } from './keys.ts'
import type { Item, Table } from './table.ts'
import { updateWithRoom } from './trim.ts'

export type Counting = {
  readonly history: History
  readonly entry: string
  /** The moment of the entry. */
  readonly now: number
  /** Milliseconds that the item is kept from now. */
  readonly keptMs: number
}

export type Counted =
  /** `item`: as it is now, the own entry in it. */
  | { readonly kind: 'counted'; readonly item: Item }
  | { readonly kind: 'duplicate'; readonly first: string }
  | { readonly kind: 'limited'; readonly limits: readonly Limit[] }

/**
 * Counts one code, unless the same request is known or a rule is exceeded: one conditional update. The condition
 * does not let an entry in twice, so a client may send the update again when an answer was lost; when it then fails
 * on its own first write, that shows when the item is read.
 */
export async function count(table: Table, counting: Counting, rules: readonly Rule[]): Promise<Counted> {
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
      gives: 'ALL_NEW',
    } as const
    const written = await updateWithRoom(table, history, change, now)
    if (written.kind === 'changed') return { kind: 'counted', item: written.item }
    const item = (await table.get(history.key)) ?? {}
    if (isKnown(item, entry)) return { kind: 'counted', item }
    const first = duplicateIn(item, history, now)
    if (first !== undefined) return { kind: 'duplicate', first }
    const limits = exceededRules(item, rules, entry)
    if (limits.length > 0) return { kind: 'limited', limits }
    // The obstacle has gone in the meantime.
  }
  throw new Error(`store: ${ATTEMPTS_MAX} times others changed the same item at the same moment`)
}

/**
 * Counts what went out, or may have, without having been admitted. Of several same requests the one that the
 * carrier took is the one to be found again.
 */
export async function countAfterwards(table: Table, counting: Counting, isAccepted: boolean): Promise<void> {
  const change = {
    update: addition(counting, isAccepted ? ':entry' : 'if_not_exists(#duplicate, :entry)'),
    condition: NOT_THERE.join(' AND '),
    ...placeholders(counting, {}),
  }
  await updateWithRoom(table, counting.history, change, counting.now) // refused: it is there, an admission that was given up has come through
}

function addition({ history: { lists, duplicate, login } }: Counting, duplicateValue: string): string {
  const all = Object.values(lists).map(list => `#${list} = list_append(:own, if_not_exists(#${list}, :none))`)
  if (duplicate !== undefined) all.push(`#duplicate = ${duplicateValue}`)
  if (login !== undefined) all.push('#login = :login')
  return `SET ${all.join(', ')}, #expires = :expires`
}

function placeholders({ history: { duplicate, login }, entry, now, keptMs }: Counting, more: Item) {
  return {
    values: {
      ':own': { L: [{ S: entry }] },
      ':entry': { S: entry },
      ':none': { L: [] },
      ':expires': { N: secondsOf(now + keptMs) },
      ...(login !== undefined && { ':login': { S: login } }),
      ...more,
    },
    ...(duplicate !== undefined && { names: { '#duplicate': duplicate } }),
  }
}

function isKnown(item: Item, entry: string): boolean {
  return ['sent', OTHERS].some(list => entriesIn(item, list).includes(entry))
}

const NOT_THERE = ['sent', OTHERS].map(isNotIn)
const ATTEMPTS_MAX = 3
