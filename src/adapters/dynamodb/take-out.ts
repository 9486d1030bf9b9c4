import { entriesIn, type History, isNotIn, OTHERS } from './history.ts'
import { readEntry } from './keys.ts'
import type { Pauses } from './pauses.ts'
import type { Changed, Item, Table } from './table.ts'
import { trim, updateWithRoom } from './trim.ts'

/**
 * Takes a delivery out of the lists that count, and the same request may run again. With `others` it goes where it
 * is found and does not count. Mostly it is the newest entry, which needs no reading; else the item is read, and
 * again while others change it.
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
 * Puts one that was never counted where it is found. A number that is refused again and again adds to one item, which is trimmed at the same time.
 */
export async function addToOthers(
  table: Table,
  history: History,
  entry: string,
  expires: string,
): Promise<void> {
  const { login } = history
  const { openedAt: now } = readEntry(entry)
  const change = {
    update: `SET ${ADD_TO_OTHERS}, #expires = :expires${login === undefined ? '' : ', #login = :login'}`,
    condition: NOT_AMONG_OTHERS,
    values: {
      ...valuesOf(entry, 'others'),
      ':expires': { N: expires },
      ...(login !== undefined && { ':login': { S: login } }),
    },
    gives: 'ALL_NEW',
  } as const
  const written = await updateWithRoom(table, history, change, now) // refused: it is there already
  if (written.kind === 'changed') trim(table, history, written.item, { now }).catch(() => undefined)
}

type Places = {
  readonly places: readonly (readonly [list: string, index: number])[]
  /** The same request is recognised by this entry. */
  readonly isFirst: boolean
}

function find(item: Item, { lists, duplicate }: History, entry: string): Places {
  return {
    places: Object.values(lists)
      .map(list => [list, entriesIn(item, list).indexOf(entry)] as const)
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
  const removed = places.map(([list, index]) => `#${list}[${index}]`)
  if (isFirst) removed.push('#duplicate')
  const isMoved = target === 'others'
  const set = isMoved ? `SET ${ADD_TO_OTHERS}` : ''
  const remove = removed.length === 0 ? '' : `REMOVE ${removed.join(', ')}`
  const change = {
    update: `${set} ${remove}`,
    condition: [...removed.map(place => `${place} = :entry`), ...(isMoved ? [NOT_AMONG_OTHERS] : [])].join(
      ' AND ',
    ),
    values: valuesOf(entry, target),
    ...(isFirst && duplicate !== undefined && { names: { '#duplicate': duplicate } }),
  }
  return updateWithRoom(table, history, change, readEntry(entry).openedAt)
}

function valuesOf(entry: string, target: 'nowhere' | 'others'): Item {
  const value = { ':entry': { S: entry } }
  return target === 'nowhere' ? value : { ...value, ':own': { L: [{ S: entry }] }, ':none': { L: [] } }
}

async function tried(change: Promise<Changed>): Promise<boolean> {
  return (await change).kind === 'changed'
}

const ADD_TO_OTHERS = `#${OTHERS} = list_append(:own, if_not_exists(#${OTHERS}, :none))`
const NOT_AMONG_OTHERS = isNotIn(OTHERS)
const ATTEMPTS_MAX = 25
