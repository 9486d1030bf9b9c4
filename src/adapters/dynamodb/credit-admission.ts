import type { CreditTerms, Decision } from '../../core/policy/credit/decide.ts'
import { groupsOf, isSilentIn, silentGroupsOf } from '../../core/policy/credit/groups.ts'
import { rulesUnder } from '../../core/policy/credit/overrides.ts'
import {
  type CountryRecord,
  type GroupKey,
  newCountry,
  type Records,
} from '../../core/policy/credit/records.ts'
import { groupKeysOf, type RecordKey, type StoredRecord } from '../../core/policy/credit/records-by-key.ts'
import { creditRules } from '../../core/policy/credit/rules.ts'
import { changeOf, countsOfOneCode, partsOf } from './credit-item.ts'
import {
  changedIn,
  groupKey,
  ownKeysOf,
  type Read,
  readItems,
  recordsIn,
  type Work,
  writeExclusively,
  writeRecords,
} from './credit-records.ts'
import { keys } from './keys.ts'
import type { Item, Table } from './table.ts'

/** Countries as this process last read them, to know which pools a number of theirs belongs to. */
export type Countries = Map<string, CountryRecord>

/** What was asked of the table for the fraud rule. `failure`: why it cannot decide by that. */
export type Asked = Read & { readonly failure: unknown }

/**
 * Asks for all that the rule decides by, in one round trip: one read, and, if the code may spend the credit of groups, an
 * update of each group that counts it in advance. So functions that ask at the same moment see 1, 2, 3 …. Each group has
 * its own order of them: of many at once, each may see another group beyond its credit, and then all are held, although
 * credit was left. The next request gets it. Never rejects: a code is not refused because the rule's records are out of
 * reach.
 */
export async function askCredit(
  table: Table,
  work: Work,
  { overrides, rules = creditRules }: CreditTerms,
  countries: Countries,
): Promise<Asked> {
  const { org, code } = work
  const name = `${org}#${code.country}`
  const maySpend = code.purpose !== 'mfa-verification'
  const country = countries.get(name) ?? newCountry
  const ruled = rulesUnder(overrides, rules)
  const spending = maySpend ? groupsOf(code, country, ruled).map(groupKey) : []
  const beside = [
    ...silentGroupsOf(code).filter(isSilentIn(country, ruled)),
    ...(maySpend ? (['spared:', 'reserve:'] as const) : []),
  ].map(groupKey)
  const [read, ...counted] = await Promise.allSettled([
    readItems(table, org, [...ownKeysOf(code), ...beside]),
    ...spending.map(key => countAhead(table, work, key)),
  ])
  const added = spending.flatMap((key, index) => {
    const result = counted[index]
    return result?.status === 'fulfilled' ? [[key, result.value] as const] : []
  })
  const asked = {
    items: new Map([...(read.status === 'fulfilled' ? read.value : []), ...added]),
    ahead: new Set(added.map(([key]) => key)),
    failure: [read, ...counted].find(each => each.status === 'rejected')?.reason,
  }
  if (asked.failure === undefined) {
    if (countries.size >= COUNTRIES_MAX) countries.clear()
    countries.set(name, recordsIn(asked, work).country)
  }
  return asked
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
    const decision = decide(recordsIn(read, work))
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
      read = { ...read, items: new Map([...(await readItems(table, work.org, all)), ...own]) }
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
): Promise<void> {
  const change = (records: Records): Records | undefined => {
    const again = decision && decide?.(records)
    return again?.kind === decision?.kind && isHeld(again) === isHeld(decision) ? again?.records : undefined
  }
  await writeRecords(table, work, read, decision?.records ?? recordsIn(read, work), change, done)
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
  const before = recordsIn(read, work)
  return [...changedIn(read, work, decision.records)]
    .filter(([key, record]) => {
      const group = before.groups[key.slice(GROUP.length) as GroupKey]
      return key.startsWith(GROUP) && partsOf(key, group).rest !== partsOf(key, record).rest
    })
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
}

async function countAhead(table: Table, { org, now, by }: Work, key: RecordKey): Promise<Item> {
  const change = changeOf(key, { added: countsOfOneCode(now) }, { by: `${by}+`, now })
  const counted = await table.update(keys.credit(org, key), change)
  if (counted.kind === 'changed') return counted.item
  return (await table.get(keys.credit(org, key))) ?? {} // the first try has counted it, and its answer was lost
}

const GROUP = 'group#'
const COUNTRIES_MAX = 300
const ATTEMPTS_MAX = 8
