import { type Candidate, identityKind, type Route, regionOf, regionProblem } from '../../core/policy/route.ts'
import type { Delivery } from '../../core/records/delivery.ts'
import { type Channel, channels } from '../../core/values/request.ts'
import { type AccountIdentities, findIdentity, isUnread } from './account-identities.ts'
import { type Flaw, flaws } from './account-texts.ts'
import { judgeIdentity } from './judge-identity.ts'

/** A flaw of a candidate, or of the account in a region. */
export type Finding = Flaw & {
  readonly region: string
  readonly country?: Route['country']
  readonly channel?: Channel
  readonly identity?: string
}

export type Checked = {
  readonly routes: readonly Route[]
  /** For every region of `regionsOf`. */
  readonly accounts: ReadonlyMap<string, AccountIdentities>
  readonly homeRegion: string
  /** The newest deliveries, oldest first. They show which monthly limits are reached. */
  readonly deliveries: readonly Delivery[]
  readonly now: number
}

/** What is wrong with the identities of the routes, errors first; empty if nothing is. */
export function checkIdentities(checked: Checked): readonly Finding[] {
  const { routes, accounts, homeRegion } = checked
  const spent = reachedLimits(checked.deliveries, checked.now)
  const ofCandidates = routes.flatMap(({ country, channel, candidates }) =>
    candidates.flatMap(candidate => {
      const region = regionOf(candidate) ?? homeRegion
      const found = [
        ...judgeCandidate(candidate, { country, channel }, homeRegion, accounts.get(region)),
        ...(spent.has(spentKey(channel, candidate.identity))
          ? [flaws.limitReached(channel, candidate.identity)]
          : []),
      ]
      return found.map(flaw => ({ ...flaw, region, country, channel, identity: candidate.identity }))
    }),
  )
  const ofAccounts = [...accounts.values()].flatMap(account => judgeAccount(account, checked))
  const all: readonly Finding[] = [...ofAccounts, ...ofCandidates]
  return [
    ...all.filter(({ severity }) => severity === 'error'),
    ...all.filter(({ severity }) => severity === 'warning'),
  ]
}

/** The regions to read first: the deployment's, and those of the candidates that can be used from it. */
export function regionsOf(routes: readonly Route[], homeRegion: string): readonly string[] {
  const reached = routes.flatMap(({ candidates }) =>
    candidates.filter(candidate => regionProblem(candidate, homeRegion) === undefined),
  )
  return [...new Set([homeRegion, ...reached.flatMap(candidate => regionOf(candidate) ?? [])])]
}

function judgeCandidate(
  candidate: Candidate,
  use: Pick<Route, 'country' | 'channel'>,
  homeRegion: string,
  account: AccountIdentities | undefined,
): readonly Flaw[] {
  const { identity } = candidate
  const region = regionOf(candidate) ?? homeRegion
  const problem = regionProblem(candidate, homeRegion)
  if (problem !== undefined) return [flaws.wrongRegion(identity, homeRegion, problem)]
  const isOfRcs = identityKind(identity) === 'RCS agent'
  if (account === undefined || (isUnread(identity, account) && !isOfRcs)) {
    throw new Error(`The identities of the account in ${region} were not read`)
  }
  if (isUnread(identity, account)) return [flaws.agentsUnread(identity, region)]
  const found = findIdentity(identity, account)
  if (found !== undefined) return judgeIdentity(found, use, account)
  return [flaws.missing(identityKind(identity) ?? 'identity', identity, region)]
}

function judgeAccount(account: AccountIdentities, { routes, homeRegion }: Checked): readonly Finding[] {
  const { region, isInSandbox, spendLimits } = account
  const isUsed = (channel: Channel): boolean =>
    routes.some(
      route =>
        route.channel === channel &&
        route.candidates.some(candidate => (regionOf(candidate) ?? homeRegion) === region),
    )
  const used = channels.filter(isUsed)
  if (used.length === 0) return []
  const closed = spendLimits.filter(({ channel, limit }) => limit <= 0 && used.includes(channel))
  return [
    ...(isInSandbox === true ? [{ ...flaws.sandbox(), region }] : []),
    ...closed.map(({ channel }) => ({ ...flaws.noSpendLimit(channel, region), region, channel })),
  ]
}

/**
 * AWS does not show what was spent, but refuses. The limit is reached if a refusal this month was not followed by an
 * acceptance.
 */
function reachedLimits(deliveries: readonly Delivery[], now: number): ReadonlySet<string> {
  const today = new Date(now)
  const monthBegan = Date.UTC(today.getUTCFullYear(), today.getUTCMonth())
  const reached = new Set<string>()
  for (const { openedAt, channel, end } of deliveries) {
    if (openedAt < monthBegan || end.state === 'sending') continue
    for (const { identity, result, detail } of end.attempts) {
      const key = spentKey(channel, identity)
      if (result === 'accepted') reached.delete(key)
      else if (detail?.includes('MONTHLY_SPEND_LIMIT_REACHED')) reached.add(key)
    }
  }
  return reached
}

function spentKey(channel: Channel, identity: string): string {
  return `${channel}/${identity}`
}
