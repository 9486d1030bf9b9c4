import {
  type ChangeQuery,
  isOfPolicy,
  type LogEvent,
  type LoggedChange,
} from '../../core/policy/change-log.ts'
import type { Editor } from '../../core/policy/policy-store.ts'
import { keys, secondsOf } from './keys.ts'
import { inPieces, readHead } from './policy-head.ts'
import type { Table } from './table.ts'

/** A change of the policy: what it changed, and the content that it replaced. */
export type PolicyChange = {
  readonly version: number
  readonly contentId: string
  readonly previous: string | undefined
  readonly by: Editor
  readonly entries: readonly Pick<LoggedChange, 'what' | 'differences'>[]
}

/**
 * Writes the entries of a change before the head moves to its content. Readers follow the contents from the head back, so
 * a change that did not come into force is never shown, and no change is shown twice (docs/decisions/0017).
 */
export async function logPolicyChange(table: Table, change: PolicyChange, keptMs: number): Promise<void> {
  const { version, contentId, ...logged } = change
  await Promise.all(
    inPieces(JSON.stringify(logged)).map((text, piece) =>
      table.update(keys.policyChange(version, contentId, piece), {
        update: 'SET #text = :text, #expires = :expires',
        values: { ':text': { S: text }, ':expires': { N: secondsOf(change.by.at + keptMs) } },
      }),
    ),
  )
}

/** `ChangeLog.logEvent`. */
export async function logEvent(
  table: Table,
  event: LogEvent,
  by: Editor,
  { id, keptMs }: { readonly id: string; readonly keptMs: number },
): Promise<void> {
  await table.update(keys.loggedEvent(by.at, id), {
    update: 'SET #text = :text, #expires = :expires',
    values: {
      ':text': { S: JSON.stringify({ ...event, ...by }) },
      ':expires': { N: secondsOf(by.at + keptMs) },
    },
  })
}

/** `ChangeLog.listChanges`: the changes of the policy and the other ones, each newest first, merged by their time. */
export async function listChanges(
  table: Table,
  { limit, what, since = 0, before = '|' }: ChangeQuery,
  expiredAt: number,
): Promise<readonly LoggedChange[]> {
  const [ofPolicy = '', ofEvents = ''] = before.split('|')
  const hasPolicy = what === undefined || isOfPolicy(what)
  const hasEvents = what === undefined || !isOfPolicy(what)
  const streams = [
    hasPolicy ? policyChanges(table, ofPolicy) : undefined,
    hasEvents ? events(table, ofEvents) : undefined,
  ]
  const heads = await Promise.all(streams.map(stream => stream?.next()))
  // What is logged while somebody pages on is on no later page.
  const places = heads.map(head => head?.value?.at ?? END)
  const listed: LoggedChange[] = []
  while (listed.length < limit) {
    const times = heads.map(head => head?.value?.entry.at ?? Number.NEGATIVE_INFINITY)
    const newest = (times[0] ?? 0) >= (times[1] ?? 0) ? 0 : 1
    const found = heads[newest]?.value
    if (found === undefined || found.entry.at <= expiredAt || found.entry.at < since) break
    places[newest] = found.after
    if (what === undefined || found.entry.what === what)
      listed.push({ ...found.entry, position: places.join('|') })
    heads[newest] = await streams[newest]?.next()
  }
  return listed
}

/** `at`: the place where its stream has it next; `after`: the one after it. */
type Found = {
  readonly entry: Omit<LoggedChange, 'position'>
  readonly at: string
  readonly after: string
}
type Stream = AsyncGenerator<Found, undefined>

/** From the content in force back to the one that it replaced, and so on. */
async function* policyChanges(table: Table, place: string): Stream {
  const [version, contentId, shown = '0'] = place.split('#')
  let expected = place === '' ? (await readHead(table))?.contentId : contentId
  let skipped = Number(shown)
  const last = place === '' ? '~' : `${version}#${contentId}~`
  for await (const { change, text } of wholeChanges(table, last)) {
    if (change.split('#')[1] !== expected) continue // it did not come into force
    const { previous, by, entries } = JSON.parse(text) as PolicyChange // written above
    for (const [index, entry] of entries.entries())
      if (index >= skipped)
        yield { entry: { ...entry, ...by }, at: `${change}#${index}`, after: `${change}#${index + 1}` }
    skipped = 0
    expected = previous
  }
  return undefined
}

/** Each change with its pieces joined. The pieces come in the order of the list: the last one first. */
async function* wholeChanges(
  table: Table,
  last: string,
): AsyncGenerator<{ readonly change: string; readonly text: string }> {
  let [change, text] = ['', '']
  for await (const page of newestFirst(table, keys.policyChange(0, '', 0).pk, last))
    for (const item of page) {
      const own = item.sk.slice(0, item.sk.lastIndexOf('#'))
      if (own !== change && change !== '') yield { change, text }
      text = own === change ? item.text + text : item.text
      change = own
    }
  if (change !== '') yield { change, text }
}

async function* events(table: Table, place: string): Stream {
  for await (const page of newestFirst(table, keys.loggedEvent(0, '').pk, place === '' ? '~' : place))
    for (const { sk, text } of page)
      yield { entry: JSON.parse(text) as Editor & LogEvent, at: `${sk}~`, after: sk } // written above
  return undefined
}

async function* newestFirst(
  table: Table,
  pk: string,
  last: string,
): AsyncGenerator<readonly { readonly sk: string; readonly text: string }[]> {
  const values = { ':pk': { S: pk }, ':last': { S: last } }
  const options = { newestFirst: true, pageSize: PAGE }
  for await (const page of table.query('#pk = :pk AND #sk < :last', values, undefined, options))
    yield page.map(({ sk, text }) => ({ sk: sk?.S ?? '', text: text?.S ?? '' }))
}

const PAGE = 100
/** Before every key. */
const END = ' '
