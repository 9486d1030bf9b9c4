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
import { type Flaw, leftOut, notes, type Use } from './account-texts.ts'
import { judgeIdentity } from './judge-identity.ts'

/** One identity of the account, with its possible uses. */
export type RatedCandidate = {
  readonly candidate: Candidate
  readonly region: string
  readonly found: FoundIdentity
  /** Lower is better: first by region, then by kind. */
  readonly rank: readonly [region: number, kind: number]
  readonly uses: readonly (Use & { readonly flaws: readonly Flaw[] })[]
  readonly note: string | undefined
}

/** Every identity that could send, best first. */
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

/** Only the countries of its members: a pool may reach others, but an operator must try that. */
function isOwn(found: FoundIdentity, { country, channel }: Use): boolean {
  if (found.kind !== 'pool') return true
  return found.pool.members.some(member => member.country === country && member.channels.includes(channel))
}

/** Better ones reach more phones: short codes are fast and trusted; people cannot reply to a sender ID. */
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

/** Identities that another account shares are named by their ARN. */
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
  return notes.poolFirst
}

/** Whether messages can be sent. */
export function isFit(flaws: readonly Flaw[]): boolean {
  return !flaws.some(({ severity }) => severity === 'error')
}

/** Agents that are not in a pool with a number. */
function agentsAlone({ rcsAgents = [], pools }: AccountIdentities): readonly AccountRcsAgent[] {
  const pooled = pools
    .filter(({ members }) => members.some(({ country }) => country !== undefined))
    .flatMap(({ members }) => members.map(({ arn }) => arn))
  return rcsAgents.filter(({ arn }) => !pooled.includes(arn))
}

/** Why an identity cannot be used; empty if it can. */
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
  if (isOfAgents) return [leftOut.rcsOnly(candidate.identity)]
  if (uses.length > 0) return [leftOut.unable(candidate.identity)]
  return [
    found.kind === 'pool' ? leftOut.noMember(candidate.identity) : leftOut.unknownCountry(candidate.identity),
  ]
}
