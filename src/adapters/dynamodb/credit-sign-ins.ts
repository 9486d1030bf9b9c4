import { afterSignIn, type Hearing } from '../../core/policy/credit/credit.ts'
import { phoneWithout } from '../../core/policy/credit/not-sent.ts'
import { isKnownNetwork, purseOf } from '../../core/policy/credit/phone.ts'
import type { PhoneRecord } from '../../core/policy/credit/records.ts'
import { type RecordKey, recordKeptMs } from '../../core/policy/credit/records-by-key.ts'
import { creditRules } from '../../core/policy/credit/rules.ts'
import { momentOf, secondsOf, timeOf } from './keys.ts'
import type { Change, Item } from './table.ts'

/**
 * A sign-in that is in the item of its phone and not yet in its record. One update adds it and returns the record; most
 * need no other. A function that reads the record books it (`afterSignIn`), and one that replaces the record removes it. What it
 * was decided to be otherwise (held, a probe, travel), the function that decided writes at once.
 */
export type SignIn = {
  readonly at: number
  readonly network: string | undefined
  readonly hearing: Hearing
  /** Unique: `Work.by`. */
  readonly by: string
}

export function additionOf(key: RecordKey, signIn: SignIn): Change {
  const text = textOf(signIn)
  return {
    update: `SET #by = :by, #expires = :expires, #${SIGN_INS} = list_append(if_not_exists(#${SIGN_INS}, :none), :added)`,
    condition: `attribute_not_exists(#${SIGN_INS}) OR NOT contains(#${SIGN_INS}, :text)`,
    values: {
      ':by': { S: `${signIn.by}+` },
      ':expires': { N: secondsOf(signIn.at + recordKeptMs(key)) },
      ':none': { L: [] },
      ':added': { L: [{ S: text }] },
      ':text': { S: text },
    },
    gives: 'ALL_OLD',
  }
}

/** The item after the update, with the time until which it was kept before: what has expired is not read again. */
export function withSignIn(before: Item, signIn: SignIn): Item {
  return { ...before, [SIGN_INS]: { L: [...textsIn(before), textOf(signIn)].map(S => ({ S })) } }
}

/** As they are in the item, oldest first. */
export function textsIn(item: Item | undefined): readonly string[] {
  return item?.[SIGN_INS]?.L?.map(({ S = '' }) => S) ?? []
}

/** The record with what the item has beyond it, but without `own`. */
export function withSignIns(phone: PhoneRecord, item: Item, own?: SignIn): PhoneRecord {
  const all = textsIn(item)
  const text = own && textOf(own)
  const booked = all
    .filter(each => each !== text)
    .reduce((record, each) => afterSignIn(record, readText(each), creditRules), phone)
  if (own === undefined || text === undefined || all.includes(text)) return booked
  // Somebody else has replaced the record, and booked it as one of many.
  const { at, network, hearing } = own
  const purse = purseOf('mfa-verification', isKnownNetwork(booked, network, creditRules, at))
  return phoneWithout(booked, { at, network, purse: hearing === 'unheard' ? undefined : purse })
}

/** What an update does that replaces a record into which these were booked: nobody may have added one since. */
export function removalOf(texts: readonly string[]): Required<Pick<Change, 'condition' | 'values'>> {
  const [first] = texts
  if (first === undefined) return { condition: `attribute_not_exists(#${SIGN_INS})`, values: {} }
  return {
    condition: `#${SIGN_INS}[0] = :first AND size(#${SIGN_INS}) = :signIns`,
    values: { ':first': { S: first }, ':signIns': { N: String(texts.length) } },
  }
}

/** `u` for unheard, time, `Work.by`, network. */
function textOf({ at, network, hearing, by }: SignIn): string {
  return `${hearing[0]}${timeOf(at)}${by}|${network ?? ''}`
}

function readText(text: string): SignIn {
  const end = text.indexOf('|')
  return {
    at: momentOf(text.slice(1)),
    network: text.slice(end + 1) || undefined,
    hearing: HEARINGS.find(each => each[0] === text[0]) ?? 'heard',
    by: text.slice(1 + timeOf(0).length, end),
  }
}

export const SIGN_INS = 'signIns'
/** From then on the record is written with the next one: everybody who reads it books them all. */
export const SIGN_INS_MAX = 4
const HEARINGS: readonly Hearing[] = ['unheard', 'blind', 'heard']
