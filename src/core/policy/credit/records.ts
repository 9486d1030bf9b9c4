import type { Count, Counts } from './counts.ts'
import type { SpendingKind } from './rules.ts'

/** What the fraud rule knows when a code is requested: plain data, read by key. Times are milliseconds since 1970. */
export type Records = {
  readonly phone: PhoneRecord
  readonly user: UserRecord
  readonly country: CountryRecord
  readonly org: OrgRecord
  /** The groups of the request (`groupsOf`, `silentGroupsOf`); a group without a record has had no code. */
  readonly groups: Readonly<Record<GroupKey, GroupRecord>>
}

type SilentKind = 'silent-p6' | 'silent-country' | 'silent-small'
export type GroupKey = `${SpendingKind | SilentKind}:${string}`

/** Numbers that spend the same credit; or phones that answered once, with those that fell silent on strange networks. */
export type GroupRecord = {
  readonly days: Counts
  readonly halfHours: Counts
  /** While the group is held. */
  readonly hold?: GroupHold
  /** Credit that answered probes gave back. */
  readonly forgiven?: {
    readonly slow: number
    readonly slowUntil: number
    readonly fast: number
    readonly fastUntil: number
  }
  /** On which days answered probes gave credit back: at most twice a day. */
  readonly forgivenOn?: readonly number[]
  /** Of a network: the first ten phones that answered from there. */
  readonly phones?: readonly string[]
}

type GroupHold = {
  readonly since: number
  readonly lastAt: number
  readonly probeAt: number
  readonly probeStepMs: number
  /** Probes after two quiet hours: at most two a day. */
  readonly quietProbes: { readonly day: number; readonly count: number }
}

export type PhoneRecord = {
  readonly answers: number
  readonly provenAt?: number
  /** It was proven, then left four codes unanswered: it counts as new until it answers. */
  readonly isRevoked: boolean
  /** Codes since the last answer, of all kinds; and those that were requested from known networks. */
  readonly unanswered: number
  readonly unansweredKnown: number
  /** When the last three of those were sent. */
  readonly knownAt: readonly number[]
  /** Networks by the time at which a code that was requested there was answered, or requested in vain. */
  readonly answeredFrom: Readonly<Record<string, number>>
  readonly vainFrom: Readonly<Record<string, number>>
  readonly purses: Readonly<Partial<Record<PurseName, PurseRecord>>>
  /** The network on which this phone travels. */
  readonly travel?: {
    readonly network: string
    readonly since: number
    readonly codes: number
    readonly pauseMs: number
  }
  /** When it last spent credit of groups, and of which. */
  readonly countedAt?: number
  readonly countedIn: readonly GroupKey[]
  /** That code was a probe of a held group. */
  readonly wasProbe: boolean
  /** Its vote in the control group: the last one, and its codes and answers on known networks. */
  readonly votedAt?: number
  readonly record: Count
}

/**
 * A phone has three purses, by how many people could have requested the code. Silence in one holds it and those after
 * it, never one before it, so that no one else can lock an owner out.
 */
export const purseNames = ['sign-in', 'recovery', 'strange'] as const
export type PurseName = (typeof purseNames)[number]

export type PurseRecord = {
  readonly days: Counts
  readonly inARow: number
  /** When it is held: the next probe. */
  readonly probeAt?: number
  readonly probeStepMs: number
}

export type UserRecord = {
  /** Answered a code that was not for an enrolment. */
  readonly isKnown: boolean
  /** Numbers that never answered, by the time of the last request. */
  readonly numbers: Readonly<Record<string, number>>
}

export type CountryRecord = {
  /** Phones that answered, ever. */
  readonly proven: number
  /** New numbers by day. */
  readonly newNumbers: Readonly<Record<number, number>>
  /** Codes to new numbers on the last day that had one, if there are budgets. */
  readonly spent?: Spent
  readonly votes: readonly Vote[]
}

export type OrgRecord = {
  /** When an answer last reached us; undefined before the first one. */
  readonly answerHeardAt?: number
  /** The last five answers: when they reached us, and how long after the person's. */
  readonly delays: readonly { readonly at: number; readonly delayMs: number }[]
  readonly votes: readonly Vote[]
  /** New numbers that spent credit, and their answers, by day. */
  readonly enrolments: Counts
  /** Probes of held groups, and their answers, by day. */
  readonly probes: Counts
  /** The sum of `CountryRecord.spent`. */
  readonly spent?: Spent
}

/** What was spent of a budget on a day: the number of the day since 1970. */
export type Spent = { readonly day: number; readonly messages: number; readonly dollars: number }

/** A code to a phone that usually answers. What became of it tells whether answers still reach us. */
export type Vote = {
  readonly id: string
  readonly at: number
  readonly country: string
  readonly isAnswered: boolean
  readonly isDelivered: boolean
}

export const newGroup: GroupRecord = { days: {}, halfHours: {} }
export const newPurse: PurseRecord = { days: {}, inARow: 0, probeStepMs: 0 }
export const newPhone: PhoneRecord = {
  answers: 0,
  isRevoked: false,
  unanswered: 0,
  unansweredKnown: 0,
  knownAt: [],
  answeredFrom: {},
  vainFrom: {},
  purses: {},
  countedIn: [],
  wasProbe: false,
  record: [0, 0],
}
export const newUser: UserRecord = { isKnown: false, numbers: {} }
export const newCountry: CountryRecord = { proven: 0, newNumbers: {}, votes: [] }
export const newOrg: OrgRecord = { delays: [], votes: [], enrolments: {}, probes: {} }
