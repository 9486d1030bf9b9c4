import { hearingOf } from '../../core/policy/credit/credit.ts'
import { type CreditTerms, type Decision, groupKeysToDecide } from '../../core/policy/credit/decide.ts'
import { groupsOf, isSilentIn, poolsOf, silentGroupsOf } from '../../core/policy/credit/groups.ts'
import { rulesUnder } from '../../core/policy/credit/overrides.ts'
import {
  type CountryRecord,
  type GroupKey,
  newCountry,
  type OrgRecord,
  type Records,
} from '../../core/policy/credit/records.ts'
import { groupKeysOf, type RecordKey, type StoredRecord } from '../../core/policy/credit/records-by-key.ts'
import { creditRules } from '../../core/policy/credit/rules.ts'
import type { RequestedCode } from '../../core/policy/credit/verdict.ts'
import { changeOf, countsOfOneCode, partsOf } from './credit-item.ts'
import {
  changedIn,
  groupKey,
  ownKeysOf,
  type Read,
  readItems,
  readOf,
  type Work,
  writeExclusively,
  writeRecords,
} from './credit-records.ts'
import { additionOf, type SignIn, withSignIn } from './credit-sign-ins.ts'
import { keys } from './keys.ts'
import type { Item, Table } from './table.ts'

/** The org and its countries as this process last read them. */
export type LastRead = Map<
  string,
  {
    readonly items: ReadonlyMap<RecordKey, Item>
    readonly org: OrgRecord
    readonly country: CountryRecord
    readonly readAt: number
  }
>

/** What was asked of the table for the fraud rule. `failure`: why it cannot decide by that. */
export type Asked = Read & { readonly failure: unknown }

/** Asks for all that the rule decides by. Never rejects: a code is not refused because the rule's records are out of reach. */
export async function askCredit(
  table: Table,
  work: Work,
  terms: CreditTerms,
  lastRead: LastRead,
): Promise<Asked> {
  const { purpose, other } = work.code
  const isSignIn = purpose === 'mfa-verification' && other === undefined
  const asked = await (isSignIn ? askForSignIn : askForCode)(table, work, terms, lastRead)
  const { org, code, now } = work
  if (asked.failure === undefined && asked.isFresh) {
    if (lastRead.size >= COUNTRIES_MAX) lastRead.clear()
    const items = new Map(aroundOf(code).flatMap(key => entriesFor(asked.items, key)))
    const { org: ofOrg, country } = asked.records
    lastRead.set(nameOf(org, code), { items, org: ofOrg, country, readAt: now })
  }
  return asked
}

/**
 * A sign-in spends no credit of groups: one update adds it to the item of its phone and returns the record. Org and country
 * change little from one code to the next, and what this process read a moment ago is enough. Otherwise they are read at the
 * same time, with what fell silent around the phone; that is read afterwards if only then it is known to decide.
 */
async function askForSignIn(
  table: Table,
  work: Work,
  { overrides, rules = creditRules }: CreditTerms,
  lastRead: LastRead,
): Promise<Asked & { readonly isFresh: boolean }> {
  const { org, code, now, by } = work
  const around = lastRead.get(nameOf(org, code))
  const isRecent = around !== undefined && Math.abs(now - around.readAt) < RECENT_MS
  const { country = newCountry } = around ?? {}
  const hearing = around === undefined ? 'heard' : hearingOf(around.org, country, now)
  const own = { at: now, network: code.network, hearing, by }
  const phone: RecordKey = `phone#${code.number}`
  const silent = silentGroupsOf(code)
    .filter(isSilentIn(country, rulesUnder(overrides, rules)))
    .map(groupKey)
  const [added, read] = await Promise.allSettled([
    addSignIn(table, org, phone, own),
    isRecent ? around.items : readItems(table, org, [...aroundOf(code), ...silent]),
  ])
  const items = new Map(read.status === 'fulfilled' ? read.value : NOTHING)
  if (added.status === 'fulfilled') items.set(phone, added.value)
  const ahead = added.status === 'fulfilled' ? new Set([phone]) : NONE
  const failure = reasonIn([added, read])
  const asked = { ...readOf({ items, ahead, own }, work), isFresh: !isRecent, failure }
  if (!isRecent || asked.failure !== undefined) return asked
  const left = groupKeysToDecide(code, asked.records, { overrides, rules }, now).map(groupKey)
  if (left.length === 0) return asked
  try {
    const silentRead = await readItems(table, org, left)
    return { ...asked, ...readOf({ items: new Map([...items, ...silentRead]), ahead, own }, work) }
  } catch (reason) {
    return { ...asked, failure: reason }
  }
}

/**
 * In one round trip: one read, and, if the code may spend the credit of groups, an update of each group that counts it in
 * advance. So functions that ask at the same moment see 1, 2, 3 …. Each group has its own order of them: of many at once,
 * each may see another group beyond its credit, and then all are held, although credit was left. The next request gets it.
 */
async function askForCode(
  table: Table,
  work: Work,
  { overrides, rules = creditRules }: CreditTerms,
  lastRead: LastRead,
): Promise<Asked & { readonly isFresh: boolean }> {
  const { org, code } = work
  const maySpend = code.purpose !== 'mfa-verification'
  const { country = newCountry } = lastRead.get(nameOf(org, code)) ?? {}
  const ruled = rulesUnder(overrides, rules)
  const spending = maySpend ? groupsOf(code, country, ruled).map(groupKey) : []
  const beside = [
    ...silentGroupsOf(code).filter(isSilentIn(country, ruled)),
    ...(maySpend ? poolsOf(code) : []),
  ].map(groupKey)
  const [read, ...counted] = await Promise.allSettled([
    readItems(table, org, [...ownKeysOf(code), ...beside]),
    ...spending.map(key => countAhead(table, work, key)),
  ])
  const added = spending.flatMap((key, index) => {
    const result = counted[index]
    return result?.status === 'fulfilled' ? [[key, result.value] as const] : []
  })
  const items = new Map([...(read.status === 'fulfilled' ? read.value : []), ...added])
  const ahead = new Set(added.map(([key]) => key))
  return { ...readOf({ items, ahead }, work), isFresh: true, failure: reasonIn([read, ...counted]) }
}

/**
 * A group that is held lets one code through as a probe, and opens when it is in credit again. This is written before the
 * code is sent, in each such group and only by one function: if another one was first, the decision is made again. All
 * functions write the groups in the same order. Usually nothing is written.
 */
export async function decideAlone(
  table: Table,
  work: Work,
  asked: Asked,
  decide: (records: Records) => Decision,
): Promise<{ readonly decision: Decision; readonly read: Read; readonly done: ReadonlySet<RecordKey> }> {
  let read: Read = asked
  const done = new Set<RecordKey>()
  for (let attempt = 1; ; attempt += 1) {
    const decision = decide(read.records)
    const turn = turnsOf(work, read, decision).find(([key]) => !done.has(key))
    if (turn === undefined || attempt > ATTEMPTS_MAX) return { decision, read, done }
    const [key, record] = turn
    try {
      if (await writeExclusively(table, work, read, key, record)) {
        done.add(key)
        continue
      }
      const all = [...ownKeysOf(work.code), ...groupKeysOf(work.code).map(groupKey)]
      // What this function has written itself is read as it was: it must not take its own turn for somebody else's.
      const own = [...read.items].filter(([each]) => done.has(each))
      const items = new Map([...(await readItems(table, work.org, all)), ...own])
      read = readOf({ ...read, items }, work)
    } catch {
      return { decision, read, done } // the table fails: nobody is refused because of that
    }
  }
}

/** Writes what was decided, and takes off what was counted in advance for nothing. Without a decision, only that. */
export async function bookDecision(
  table: Table,
  work: Work,
  {
    decision,
    read,
    done,
  }: { readonly decision?: Decision; readonly read: Read; readonly done?: ReadonlySet<RecordKey> },
  decide: ((records: Records) => Decision) | undefined,
  lastRead: LastRead,
): Promise<void> {
  const change = (records: Records): Records | undefined => {
    const again = decision && decide?.(records)
    return again?.kind === decision?.kind && isHeld(again) === isHeld(decision) ? again?.records : undefined
  }
  const { records: before } = read
  const after = decision?.records ?? before
  if (after.org !== before.org || after.country !== before.country) ageNow(lastRead, work)
  await writeRecords(table, work, read, after, change, done)
}

function isHeld(decision: Decision | undefined): boolean {
  return decision?.kind === 'held' || (decision?.kind === 'send' && decision.hold !== undefined)
}

/** The groups of which a code that is sent changes more than the counts, with their new records: in the order of their keys. */
function turnsOf(
  work: Work,
  read: Read,
  decision: Decision,
): readonly (readonly [RecordKey, StoredRecord])[] {
  if (decision.kind !== 'send' || isHeld(decision)) return []
  const { records: before } = read
  return [...changedIn(read, work, decision.records)]
    .filter(([key, record]) => {
      const group = before.groups[key.slice(GROUP.length) as GroupKey]
      return key.startsWith(GROUP) && partsOf(key, group).rest !== partsOf(key, record).rest
    })
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
}

async function addSignIn(table: Table, org: string, key: RecordKey, signIn: SignIn): Promise<Item> {
  const added = await table.update(keys.credit(org, key), additionOf(key, signIn))
  if (added.kind === 'changed') return withSignIn(added.item, signIn)
  return (await table.get(keys.credit(org, key))) ?? {} // the first try has added it, and its answer was lost
}

/** What is known of org and country is read again before a sign-in, because this process changes it. */
function ageNow(lastRead: LastRead, { org, code }: Work): void {
  const name = nameOf(org, code)
  const around = lastRead.get(name)
  if (around !== undefined) lastRead.set(name, { ...around, readAt: Number.NEGATIVE_INFINITY })
}

function aroundOf({ country }: RequestedCode): readonly RecordKey[] {
  return ['org', `country#${country}`]
}

function nameOf(org: string, { country }: RequestedCode): string {
  return `${org}#${country}`
}

function entriesFor(items: Read['items'], key: RecordKey): readonly (readonly [RecordKey, Item])[] {
  const item = items.get(key)
  return item === undefined ? [] : [[key, item]]
}

function reasonIn(results: readonly PromiseSettledResult<unknown>[]): unknown {
  return results.find(each => each.status === 'rejected')?.reason
}

async function countAhead(table: Table, { org, now, by }: Work, key: RecordKey): Promise<Item> {
  const change = changeOf(key, { added: countsOfOneCode(now) }, { by: `${by}+`, now })
  const counted = await table.update(keys.credit(org, key), change)
  if (counted.kind === 'changed') return counted.item
  return (await table.get(keys.credit(org, key))) ?? {} // the first try has counted it, and its answer was lost
}

const GROUP = 'group#'
const NOTHING: Read['items'] = new Map()
const NONE: Read['ahead'] = new Set()
/** How old what is known of an org and a country may be for a sign-in: as old as the policy. */
const RECENT_MS = 1_000
const COUNTRIES_MAX = 300
const ATTEMPTS_MAX = 8
