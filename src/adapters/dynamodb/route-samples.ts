import { KEPT_MS, type RouteSample } from '../../core/policy/route-shares.ts'
import { mergeSamples, phoneOfSample, type RouteSamples } from '../../core/records/route-sample.ts'
import { keys, momentOf, secondsOf, timeOf } from './keys.ts'
import type { Pauses } from './pauses.ts'
import type { Item, Table } from './table.ts'

/**
 * Adds what a run of the figures found to the samples that are kept of each route, and returns all of them. They are kept in
 * the table because a function forgets what it knew whenever AWS replaces it. An item has at most 14 KB. It is written only
 * if it changes, and under the condition that no other run wrote it meanwhile.
 */
export async function keepRouteSamples(
  table: Table,
  found: RouteSamples,
  now: number,
  pauses: Pauses,
): Promise<RouteSamples> {
  const kept = new Map<string, Item>()
  for await (const item of everyItem(table)) if (item.sk?.S !== undefined) kept.set(item.sk.S, item)
  const isRecent = ({ at }: RouteSample): boolean => at > now - KEPT_MS
  const all = new Map<string, readonly RouteSample[]>()
  for (const [route, item] of kept) all.set(route, samplesIn(item).filter(isRecent))
  for (const [route, ofRoute] of found) {
    const change = (known: readonly RouteSample[]) => mergeSamples(known, ofRoute).filter(isRecent)
    all.set(route, await changeSamples(table, route, kept.get(route), change, pauses))
  }
  return all
}

/** Erases the samples of these numbers. */
export async function eraseFromSamples(
  table: Table,
  numberDigests: readonly string[],
  pauses: Pauses,
): Promise<void> {
  const phones = new Set(numberDigests.map(phoneOfSample))
  const change = (known: readonly RouteSample[]) => known.filter(({ phone }) => !phones.has(phone))
  for await (const item of everyItem(table))
    await changeSamples(table, item.sk?.S ?? '', item, change, pauses)
}

async function changeSamples(
  table: Table,
  route: string,
  known: Item | undefined,
  change: (samples: readonly RouteSample[]) => readonly RouteSample[],
  pauses: Pauses,
): Promise<readonly RouteSample[]> {
  const key = keys.routeSamples(route)
  let item = known
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const samples = change(samplesIn(item))
    const text = textOf(samples)
    if (text === (item?.text?.S ?? textOf([]))) return samples
    const version = item?.version?.N
    const written = await table.update(key, {
      update: 'SET #text = :text, #version = :next, #expires = :expires',
      condition: version === undefined ? 'attribute_not_exists(#version)' : '#version = :version',
      values: {
        ':text': { S: text },
        ':next': { N: String(Number(version ?? 0) + 1) },
        ':expires': { N: secondsOf(Math.max(0, ...samples.map(({ at }) => at)) + KEPT_MS) },
        ...(version !== undefined && { ':version': { N: version } }),
      },
    })
    if (written.kind === 'changed') return samples
    await pauses.beforeAnother(attempt)
    item = await readItem(table, route)
  }
  throw new Error(`store: ${ATTEMPTS_MAX} times others changed the samples of ${route}`)
}

async function readItem(table: Table, route: string): Promise<Item | undefined> {
  for await (const item of everyItem(table)) if (item.sk?.S === route) return item
  return undefined
}

async function* everyItem(table: Table): AsyncGenerator<Item> {
  const values = { ':pk': { S: keys.routeSamples('').pk } }
  for await (const page of table.query('#pk = :pk', values)) yield* page
}

/** The names of the candidates, then each sample: the place of its candidate, whether it is good, its phone and its time. */
function textOf(samples: readonly RouteSample[]): string {
  const candidates = [...new Set(samples.map(({ candidate }) => candidate))]
  const places = new Map(candidates.map((candidate, place) => [candidate, place]))
  const rows = samples.map(({ candidate, isGood, phone, at }) => [
    places.get(candidate),
    isGood ? 1 : 0,
    phone,
    timeOf(at),
  ])
  return JSON.stringify([candidates, rows.map(row => row.join(' ')).join(' ')])
}

function samplesIn(item: Item | undefined): readonly RouteSample[] {
  if (item?.text?.S === undefined) return []
  const [candidates, rows] = JSON.parse(item.text.S) as readonly [readonly string[], string] // written above
  const fields = rows === '' ? [] : rows.split(' ')
  const samples: RouteSample[] = []
  for (let index = 0; index + 3 < fields.length; index += 4) {
    const [place, good, phone = '', at = ''] = fields.slice(index, index + 4)
    const candidate = candidates[Number(place)]
    if (candidate !== undefined) samples.push({ candidate, phone, at: momentOf(at), isGood: good === '1' })
  }
  return samples
}

const ATTEMPTS_MAX = 5
