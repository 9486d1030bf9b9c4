import { DAY_MS } from './counts.ts'

/**
 * The constants of the fraud rule. They are fixed: a tolerance that is learnt from live traffic is learnt from attacks
 * as well. `hookline fraud replay --rules` tries others on recorded traffic. Where they come from: docs/fraud.md.
 */
export type CreditRules = {
  /** Codes without an answer that a group may have, beyond what its answers earn, in 14 days. */
  readonly credit: Readonly<Record<SpendingKind, number>>
  /** The credit of a country over today and yesterday. */
  readonly dayCredit: number
  /** The credit of a block and of a prefix while their country, an established one, is out of credit. */
  readonly strictCredit: { readonly p4: number; readonly p6: number }
  /** The same in three hours. A block has none: its 14 days are stricter. */
  readonly fastCredit: Readonly<Record<Exclude<SpendingKind, 'p4'>, number>>
  /** What an answered code earns in addition to its own, in three hours. */
  readonly fastEarned: number
  /**
   * What it earns in 14 days: `factor` times the share of people who enrol and do not answer, on the median day of two
   * weeks, but at least `min` (of a country: `minOfCountry`) and at most `max`.
   */
  readonly earned: {
    readonly factor: number
    readonly min: number
    readonly minOfCountry: number
    readonly max: number
  }
  /** Probes without an answer, over all groups of an org: in a day, in seven days, and in each day after those. */
  readonly probes: { readonly day: number; readonly week: number; readonly later: number }
  /**
   * While the rule cannot judge an established country: how many new numbers it may have in a day, as a multiple of the
   * biggest day of the last 14, and at least.
   */
  readonly blindDay: { readonly factor: number; readonly atLeast: number }
  /** How many phones must have answered in a country until it is no longer a new, and no longer a small one. */
  readonly newCountry: number
  readonly smallCountry: number
  /** How many codes must have been answered in a prefix in 14 days until it is established. */
  readonly establishedPrefix: number
  /** Codes to a number that never answered: in an hour and in a day. */
  readonly unproven: { readonly hour: number; readonly day: number }
  /** Numbers that never answered, for one user in a day: a new user, and one who answered a code before. */
  readonly numbersOfUser: { readonly unknown: number; readonly known: number }
  /** Unanswered codes in a row that a phone may have: usually, while the rule is blind, among phones that fell silent. */
  readonly inARow: { readonly usual: number; readonly blind: number; readonly amongSilent: number }
  /** Codes without an answer that a phone may have in 14 days, beyond what its answers earn. */
  readonly ofPhone: { readonly credit: number; readonly earned: number }
  /** How long an answer makes a network a known one of the phone. Milliseconds. */
  readonly networkKnownMs: number
  /** Milliseconds from the first hold of a group to the first probe; it doubles up to `max`. */
  readonly groupProbe: { readonly first: number; readonly max: number }
  /** The same for a phone: usually, for a phone with a good record on known networks, among phones that fell silent. */
  readonly phoneProbe: {
    readonly usual: number
    readonly goodRecord: number
    readonly amongSilent: number
    readonly max: number
  }
}

/**
 * The kinds of groups whose credit a new number spends: its own, and pools that many share (`groupsOf`, `poolsOf`, and
 * docs/fraud.md).
 */
export type SpendingKind =
  | 'p4'
  | 'p6'
  | 'country'
  | 'ip'
  | 'new'
  | 'small'
  | 'prefixes'
  | 'blocks'
  | 'recoveries'
  | 'spared'
  | 'reserve'

const HOUR_MS = 3_600_000

export const creditRules: CreditRules = {
  credit: {
    p4: 5,
    p6: 8,
    country: 12,
    ip: 10,
    new: 10,
    small: 10,
    prefixes: 10,
    blocks: 5,
    recoveries: 10,
    spared: 10,
    reserve: 10,
  },
  dayCredit: 32,
  strictCredit: { p4: 1, p6: 3 },
  fastCredit: {
    p6: 8,
    country: 7,
    ip: 10,
    new: 8,
    small: 8,
    prefixes: 8,
    blocks: 5,
    recoveries: 8,
    spared: 10,
    reserve: 10,
  },
  fastEarned: 0.5,
  probes: { day: 10, week: 20, later: 3 },
  blindDay: { factor: 3, atLeast: 40 },
  earned: { factor: 1.6, min: 0.5, minOfCountry: 0.25, max: 1 },
  newCountry: 2,
  smallCountry: 20,
  establishedPrefix: 3,
  unproven: { hour: 4, day: 5 },
  numbersOfUser: { unknown: 3, known: 2 },
  inARow: { usual: 4, blind: 8, amongSilent: 2 },
  ofPhone: { credit: 6, earned: 0.5 },
  networkKnownMs: 30 * DAY_MS,
  groupProbe: { first: 600_000, max: DAY_MS },
  phoneProbe: { usual: 12 * HOUR_MS, goodRecord: 3 * HOUR_MS, amongSilent: DAY_MS, max: 7 * DAY_MS },
}
