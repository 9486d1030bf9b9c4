import { entriesIn, type History, isNotIn, OTHERS, valueIn } from './history.ts'
import { readEntry, timeIn } from './keys.ts'
import type { Pauses } from './pauses.ts'
import type { Changed, Item, Table } from './table.ts'
import { trim, updateWithRoom } from './trim.ts'

/**
 * Removes a delivery from the lists that count, so that the same request may run again. With `others`, it is moved to
 * the list that is not counted. It is usually the newest entry, which needs no read; otherwise the item is read, and
 * read again if others change it.
 */
export async function takeOut(
  table: Table,
  history: History,
  entry: string,
  target: 'nowhere' | 'others',
  pauses: Pauses,
): Promise<void> {
  const lists = Object.values(history.lists)
  const newest = { places: lists.map(list => [list, 0] as const), isFirst: history.duplicate !== undefined }
  if (await tried(write(table, history, entry, target, newest))) return
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const item = (await table.get(history.key)) ?? {}
    const found = find(item, history, entry)
    const isDone = target === 'nowhere' || entriesIn(item, OTHERS).includes(entry)
    if (found.places.length === 0 && !found.isFirst && isDone) return
    if (await tried(write(table, history, entry, target, found))) return
    await pauses.beforeAnother(attempt)
  }
  throw new Error(`store: ${ATTEMPTS_MAX} times others changed the same item at the same moment`)
}

/**
 * Adds a delivery that was never counted to the list that is not counted. A number that is refused repeatedly adds to
 * one item, which is trimmed by the same update.
 */
export async function addToOthers(
  table: Table,
  history: History,
  entry: string,
  expires: string,
): Promise<void> {
  const { openedAt: now } = readEntry(entry)
  const attributes: Item = { ...history.attributes, expires: { N: expires } }
  const names = Object.keys(attributes)
  const change = {
    update: `SET ${[ADD_TO_OTHERS, ...names.map(name => `#${name} = :${name}`)].join(', ')}`,
    condition: NOT_AMONG_OTHERS,
    values: {
      ...ownAndNone(entry),
      ':entry': { S: entry },
      ...Object.fromEntries(names.map(name => [`:${name}`, attributes[name] ?? { NULL: true }])),
    },
    gives: 'ALL_NEW',
  } as const
  const written = await updateWithRoom(table, history, change, now) // refused: it is already in the list
  if (written.kind === 'changed') trim(table, history, written.item, { now }).catch(() => undefined)
}

type Places = {
  readonly places: readonly (readonly [list: string, index: number])[]
  /** This entry is the one by which the same request is recognised. */
  readonly isFirst: boolean
}

function find(item: Item, { lists, duplicate }: History, entry: string): Places {
  return {
    places: Object.values(lists)
      .map(list => [list, entriesIn(item, list).indexOf(valueIn(list, entry))] as const)
      .filter(([, index]) => index >= 0),
    isFirst: duplicate !== undefined && item[duplicate]?.S === entry,
  }
}

function write(
  table: Table,
  history: History,
  entry: string,
  target: 'nowhere' | 'others',
  { places, isFirst }: Places,
): Promise<Changed> {
  const { duplicate } = history
  const removed = places.map(([list, index]) => ({ path: `#${list}[${index}]`, list }))
  const isMoved = target === 'others'
  const paths = [...removed.map(({ path }) => path), ...(isFirst ? ['#duplicate'] : [])]
  const conditions = [
    ...removed.map(({ path, list }) => `${path} = ${valueIn(list, entry) === entry ? ':entry' : ':time'}`),
    ...(isFirst ? ['#duplicate = :entry'] : []),
    ...(isMoved ? [NOT_AMONG_OTHERS] : []),
  ]
  const condition = conditions.join(' AND ')
  const change = {
    update: [isMoved && `SET ${ADD_TO_OTHERS}`, paths.length > 0 && `REMOVE ${paths.join(', ')}`]
      .filter(Boolean)
      .join(' '),
    condition,
    values: {
      ...(condition.includes(':entry') && { ':entry': { S: entry } }),
      ...(condition.includes(':time') && { ':time': { S: timeIn(entry) } }),
      ...(isMoved && ownAndNone(entry)),
    },
    ...(isFirst && duplicate !== undefined && { names: { '#duplicate': duplicate } }),
  }
  return updateWithRoom(table, history, change, readEntry(entry).openedAt)
}

function ownAndNone(entry: string): Item {
  return { ':own': { L: [{ S: entry }] }, ':none': { L: [] } }
}

async function tried(change: Promise<Changed>): Promise<boolean> {
  return (await change).kind === 'changed'
}

const ADD_TO_OTHERS = `#${OTHERS} = list_append(:own, if_not_exists(#${OTHERS}, :none))`
const NOT_AMONG_OTHERS = isNotIn(OTHERS)
const ATTEMPTS_MAX = 25
