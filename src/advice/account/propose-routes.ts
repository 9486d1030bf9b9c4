import { type Candidate, type Route, regionOf } from '../../core/policy/route.ts'
import type { Channel } from '../../core/values/request.ts'
import { type AccountIdentities, type FoundIdentity, findIdentity, isUnread } from './account-identities.ts'
import { notes, type Use } from './account-texts.ts'
import { candidatesOf, isFit, type RatedCandidate, whyLeftOut } from './rated-candidates.ts'

/** A route that the account suggests, compared with today's. Nothing is removed from today's route. */
export type ProposedRoute = {
  readonly country: Route['country']
  readonly channel: Channel
  /** `gone`: a route of today of which the account has no identity. `*` is never proposed, only `same` or `gone`. */
  readonly change: 'same' | 'new' | 'changed' | 'gone'
  readonly before: readonly Candidate[]
  readonly after: readonly Candidate[]
  /** Today's identities that the account does not have. */
  readonly missing: readonly string[]
  readonly notes: readonly string[]
}

export type Proposal = {
  readonly routes: readonly ProposedRoute[]
  /** Identities of the account that no route can use, with the reason. */
  readonly leftOut: readonly { readonly identity: string; readonly region: string; readonly why: string }[]
}

/** The identities of the account by region. `home` is the deployment's region, which routes do not name. */
export type Accounts = { readonly home: string; readonly regions: readonly AccountIdentities[] }

/** For each country and channel, the account's identities that can send, added to today's route. */
export function proposeRoutes(accounts: Accounts, today: readonly Route[]): Proposal {
  const rated = accounts.regions
    .toSorted((one, other) => Number(other.region === accounts.home) - Number(one.region === accounts.home))
    .flatMap(account => candidatesOf(account, accounts.home))
  const keys = new Map<string, Use>()
  const able = rated.flatMap(({ uses }) => uses.filter(({ flaws }) => isFit(flaws)))
  for (const { country, channel } of [...able, ...today])
    keys.set(`${country}/${channel}`, { country, channel })
  const routes = [...keys.values()]
    .map(use => proposeRoute(use, rated, today, accounts))
    .toSorted((one, other) => compare(sortKey(one), sortKey(other)))
  const leftOut = rated.flatMap(rating =>
    whyLeftOut(rating).map(why => ({
      identity: rating.candidate.identity,
      region: rating.region,
      why,
    })),
  )
  return { routes, leftOut }
}

function proposeRoute(
  use: Use,
  rated: readonly RatedCandidate[],
  today: readonly Route[],
  accounts: Accounts,
): ProposedRoute {
  const { country, channel } = use
  const before = today.find(route => route.country === country && route.channel === channel)?.candidates ?? []
  const missing = before.filter(candidate => isMissing(candidate, accounts)).map(({ identity }) => identity)
  const fit = rated.filter(({ uses }) =>
    uses.some(one => one.country === country && one.channel === channel && isFit(one.flaws)),
  )
  const added = fit.filter(
    ({ found, region }) =>
      !before.some(
        candidate => isSame(candidate, found, region, accounts) || holds(candidate, found, region, accounts),
      ),
  )
  const after = added.reduce<readonly Candidate[]>(
    (candidates, rating) => insert(candidates, rating, channel, rated, accounts),
    before,
  )
  const isGone = before.length > 0 && fit.length === 0 && missing.length === before.length
  const hasPool = fit.filter(({ found }) => found.kind === 'pool').length < fit.length
  const servedSoFar =
    before.length === 0 && today.some(route => route.country === '*' && route.channel === channel)
  return {
    country,
    channel,
    change: isGone ? 'gone' : added.length === 0 ? 'same' : before.length === 0 ? 'new' : 'changed',
    before,
    after,
    missing,
    notes: [
      ...(hasPool ? added.flatMap(({ note }) => note ?? []) : []),
      ...added.flatMap(({ uses }) =>
        uses
          .filter(one => one.country === country && one.channel === channel)
          .flatMap(({ flaws }) => flaws.map(({ sentence }) => sentence)),
      ),
      ...(servedSoFar ? [notes.servedByDefault(country, channel)] : []),
    ],
  }
}

/**
 * Today's order is the operator's choice and is kept. A new identity is inserted before the first one that is worse.
 */
function insert(
  candidates: readonly Candidate[],
  rating: RatedCandidate,
  channel: Channel,
  rated: readonly RatedCandidate[],
  accounts: Accounts,
): readonly Candidate[] {
  const isWorse = (candidate: Candidate): boolean => {
    const other = rated.find(({ found, region }) => isSame(candidate, found, region, accounts))
    if (other === undefined) return isMissing(candidate, accounts)
    return (
      other.rank[0] > rating.rank[0] || (other.rank[0] === rating.rank[0] && other.rank[1] > rating.rank[1])
    )
  }
  const at = candidates.findIndex(isWorse)
  const index = at < 0 ? candidates.length : at
  const { partsPerSecond, ...rest } = rating.candidate
  const candidate = channel === 'sms' && partsPerSecond !== undefined ? { ...rest, partsPerSecond } : rest
  return [...candidates.slice(0, index), candidate, ...candidates.slice(index)]
}

function isSame(candidate: Candidate, found: FoundIdentity, region: string, accounts: Accounts): boolean {
  const account = accountOf(candidate, accounts)
  if (account === undefined || account.region !== region) return false
  const own = findIdentity(candidate.identity, account)
  if (own === undefined || own.kind !== found.kind) return false
  return keyOf(own) === keyOf(found)
}

/** Whether the candidate is a pool that already contains the identity. */
function holds(candidate: Candidate, found: FoundIdentity, region: string, accounts: Accounts): boolean {
  const account = accountOf(candidate, accounts)
  const pool = account?.region === region ? findIdentity(candidate.identity, account) : undefined
  if (pool?.kind !== 'pool') return false
  return pool.pool.members.some(({ arn }) =>
    found.kind === 'sender ID' ? found.entries[0].arn === arn : keyOf(found) === arn,
  )
}

function keyOf(found: FoundIdentity): string {
  switch (found.kind) {
    case 'number':
      return found.number.arn
    case 'pool':
      return found.pool.arn
    case 'sender ID':
      return found.entries[0].name
    case 'RCS agent':
      return found.agent.arn
    case 'notify configuration':
      return found.notify.arn
  }
}

/** Whether the account does not have it: its region and its kind were read, and it was not found. */
function isMissing(candidate: Candidate, accounts: Accounts): boolean {
  const account = accountOf(candidate, accounts)
  if (account === undefined) return false
  return !isUnread(candidate.identity, account) && findIdentity(candidate.identity, account) === undefined
}

function accountOf(candidate: Candidate, { home, regions }: Accounts): AccountIdentities | undefined {
  return regions.find(account => account.region === (regionOf(candidate) ?? home))
}

/** The default route last. */
function sortKey({ country, channel }: ProposedRoute): string {
  return `${country === '*' ? '~' : country}/${channel}`
}

/** By code unit, independent of the locale: `~` comes after every letter. */
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}
