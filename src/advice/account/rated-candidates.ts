import { type Candidate, identityKind } from '../../core/policy/route.ts'
import { type CountryCode, isCountry } from '../../core/values/phone-number.ts'
import { channels } from '../../core/values/request.ts'
import type {
  AccountIdentities,
  AccountNumber,
  AccountPool,
  AccountRcsAgent,
  FoundIdentity,
} from './account-identities.ts'
import type { Flaw, Use } from './flaw.ts'
import { judgeIdentity } from './judge-identity.ts'

/** One identity of the account, with what it could be used for. */
export type RatedCandidate = {
  readonly candidate: Candidate
  readonly region: string
  readonly found: FoundIdentity
  /** Lower is better: regions, then kinds. */
  readonly rank: readonly [region: number, kind: number]
  readonly uses: readonly (Use & { readonly flaws: readonly Flaw[] })[]
  readonly note: string | undefined
}

/** Everything that could be sent from, the best first. */
export function candidatesOf(account: AccountIdentities, homeRegion: string): readonly RatedCandidate[] {
  const isHome = account.region === homeRegion
  const rated = (identity: string, countries: readonly string[], found: FoundIdentity, kind: number) => ({
    candidate: {
      identity,
      ...(isHome ? {} : { region: account.region }),
      ...pace(found),
    },
    region: account.region,
    found,
    rank: [isHome ? 0 : 1, kind] as const,
    uses: usesOf(found, countries, account),
    note: noteOf(found),
  })
  return [
    ...account.numbers.map(number =>
      rated(nameOf(number), [number.country], { kind: 'number', number }, rankOf(number)),
    ),
    ...account.pools.map(pool =>
      rated(
        pool.isShared ? pool.arn : pool.id,
        pool.members.flatMap(({ country }) => country ?? []),
        { kind: 'pool', pool },
        rankOfPool(pool, account),
      ),
    ),
    ...account.senderIds.map(entry =>
      rated(
        entry.isShared || identityKind(entry.name) === undefined ? entry.arn : entry.name,
        [entry.country],
        { kind: 'sender ID', entries: [entry] },
        RANKS.senderId,
      ),
    ),
    ...agentsAlone(account).map(agent => rated(agent.id, [], { kind: 'RCS agent', agent }, RANKS.agent)),
  ].toSorted(
    (one, other) =>
      one.rank[0] - other.rank[0] ||
      one.rank[1] - other.rank[1] ||
      one.candidate.identity.localeCompare(other.candidate.identity),
  )
}

function usesOf(
  found: FoundIdentity,
  countries: readonly string[],
  account: AccountIdentities,
): RatedCandidate['uses'] {
  const known = [...new Set(countries)].filter((country): country is CountryCode => isCountry(country))
  const all = known.flatMap(country => channels.map(channel => ({ country, channel })))
  return all
    .filter(use => isOwn(found, use))
    .map(use => ({ ...use, flaws: judgeIdentity(found, use, account) }))
}

/** A pool reaches farther than its members' countries at times, which is for an operator to try. */
function isOwn(found: FoundIdentity, { country, channel }: Use): boolean {
  if (found.kind !== 'pool') return true
  return found.pool.members.some(member => member.country === country && member.channels.includes(channel))
}

/** The better reaches more phones: short codes are fast and trusted, a sender ID cannot be answered. */
const RANKS = {
  SHORT_CODE: 0,
  TEN_DLC: 1,
  LONG_CODE: 2,
  TOLL_FREE: 3,
  other: 4,
  senderId: 5,
  agent: 6,
} as const

function rankOf({ type, registrationId }: AccountNumber): number {
  const rank = RANKS[type as keyof typeof RANKS] ?? RANKS.other
  return type === 'LONG_CODE' && registrationId !== undefined ? rank - 0.4 : rank
}

/** Just before the best of its members. */
function rankOfPool({ members }: AccountPool, account: AccountIdentities): number {
  const ranks = members.map(({ id, arn }) => {
    const number = account.numbers.find(one => one.id === id || one.arn === arn)
    return number === undefined ? RANKS.senderId : rankOf(number)
  })
  return Math.min(RANKS.senderId, ...ranks) - 0.5
}

/** Another account's identities go by their ARN. */
function nameOf({ number, id, arn, isShared }: AccountNumber): string {
  if (isShared) return arn
  return identityKind(number) === undefined ? id : number
}

function pace(found: FoundIdentity): Pick<Candidate, 'partsPerSecond'> {
  const granted =
    found.kind === 'number'
      ? found.number.textsPerSecond
      : found.kind === 'sender ID'
        ? found.entries[0].textsPerSecond
        : undefined
  return granted === undefined || granted <= 0 || granted > 1_000 ? {} : { partsPerSecond: granted }
}

function noteOf(found: FoundIdentity): string | undefined {
  if (found.kind !== 'pool') return undefined
  return 'A pool goes before its own members: AWS picks one that is free; they follow in case the pool is refused.'
}

/** Nothing keeps messages from going out. */
export function isFit(flaws: readonly Flaw[]): boolean {
  return !flaws.some(({ severity }) => severity === 'error')
}

/** Agents that no pool with a number brings along. */
function agentsAlone({ rcsAgents = [], pools }: AccountIdentities): readonly AccountRcsAgent[] {
  const broughtAlong = pools
    .filter(({ members }) => members.some(({ country }) => country !== undefined))
    .flatMap(({ members }) => members.map(({ arn }) => arn))
  return rcsAgents.filter(({ arn }) => !broughtAlong.includes(arn))
}

/** Why a rated cannot be used where it could be expected; empty when it can. */
export function whyLeftOut({ candidate, uses, found }: RatedCandidate): readonly string[] {
  const unfit = uses.filter(({ flaws }) => !isFit(flaws))
  const reasons = unfit.flatMap(({ flaws }) =>
    flaws.flatMap(({ name, severity, sentence }) =>
      severity === 'error' && name !== 'no capability' ? [sentence] : [],
    ),
  )
  if (reasons.length > 0) return [...new Set(reasons)]
  if (unfit.length < uses.length) return []
  const isOfAgents =
    found.kind === 'RCS agent' ||
    (found.kind === 'pool' && found.pool.members.length > 0 && uses.length === 0)
  if (isOfAgents) return [`${candidate.identity} ${BY_RCS_ONLY}`]
  if (uses.length > 0) return [`${candidate.identity} can neither text nor call.`]
  return [
    found.kind === 'pool'
      ? `${candidate.identity} has no member that could text or call.`
      : `Hookline does not know the country of ${candidate.identity}.`,
  ]
}

/** Never proposed: who has no RCS would get nothing. */
const BY_RCS_ONLY =
  'reaches phones with RCS only: put the RCS agent and a number into one pool, and AWS falls back to SMS.'
