import { type Candidate, identityKind, type Route, regionOf, regionProblem } from '../../core/policy/route.ts'
import type { Delivery } from '../../core/records/delivery.ts'
import { type Channel, channels } from '../../core/values/request.ts'
import { type AccountIdentities, findIdentity, isUnread } from './account-identities.ts'
import { type Flaw, REPLACE } from './flaw.ts'
import { judgeIdentity } from './judge-identity.ts'

/** A flaw, and where it is: of a candidate, or of the account in a region. */
export type Finding = Flaw & {
  readonly region: string
  readonly country?: Route['country']
  readonly channel?: Channel
  readonly identity?: string
}

export type Checked = {
  readonly routes: readonly Route[]
  /** Of every region of `regionsOf`. */
  readonly accounts: ReadonlyMap<string, AccountIdentities>
  readonly homeRegion: string
  /** Newest deliveries, oldest first: they tell which monthly limits are reached. */
  readonly deliveries: readonly Delivery[]
  readonly now: number
}

/** What is wrong with the identities of the routes, errors first; empty when all is right. */
export function checkIdentities(checked: Checked): readonly Finding[] {
  const { routes, accounts, homeRegion } = checked
  const spent = reachedLimits(checked.deliveries, checked.now)
  const ofCandidates = routes.flatMap(({ country, channel, candidates }) =>
    candidates.flatMap(candidate => {
      const region = regionOf(candidate) ?? homeRegion
      const flaws = [
        ...judgeCandidate(candidate, { country, channel }, homeRegion, accounts.get(region)),
        ...(spent.has(spentKey(channel, candidate.identity))
          ? [monthlyLimitReached(candidate, channel)]
          : []),
      ]
      return flaws.map(flaw => ({ ...flaw, region, country, channel, identity: candidate.identity }))
    }),
  )
  const ofAccounts = [...accounts.values()].flatMap(account => judgeAccount(account, checked))
  const all: readonly Finding[] = [...ofAccounts, ...ofCandidates]
  return [
    ...all.filter(({ severity }) => severity === 'error'),
    ...all.filter(({ severity }) => severity === 'warning'),
  ]
}

/** Every region to read before: home, and those of the candidates that can be reached from there. */
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
  if (problem !== undefined) {
    return [
      {
        name: 'wrong region',
        severity: 'error',
        sentence: `${identity} cannot be used from ${homeRegion}: ${problem}.`,
        remedy: REPLACE,
      },
    ]
  }
  const isOfRcs = identityKind(identity) === 'RCS agent'
  if (account === undefined || (isUnread(identity, account) && !isOfRcs)) {
    throw new Error(`What the account has in ${region} was not read`)
  }
  if (isUnread(identity, account)) {
    return [
      {
        name: 'missing',
        severity: 'warning',
        sentence: `AWS did not let us read the RCS agents of ${region}, so ${identity} was not looked at.`,
        remedy:
          'Give the credentials of this command sms-voice:DescribeRcsAgents and sms-voice:DescribeRcsAgentCountryLaunchStatus, and check that the region has RCS.',
      },
    ]
  }
  const found = findIdentity(identity, account)
  if (found !== undefined) return judgeIdentity(found, use, account)
  const what = identityKind(identity) ?? 'identity'
  return [
    {
      name: 'missing',
      severity: 'error',
      sentence: `The account has no ${what} ${identity} in ${region}.`,
      remedy: `${REPLACE} If it is in another region, name that in the route ("region").`,
    },
  ]
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
    ...(isInSandbox === true ? [{ ...SANDBOX, region }] : []),
    ...closed.map(({ channel }) => ({
      name: 'monthly limit' as const,
      severity: 'error' as const,
      sentence: `The monthly spend limit for ${channel} in ${region} is $0: nothing is sent.`,
      remedy: RAISE,
      region,
      channel,
    })),
  ]
}

function monthlyLimitReached({ identity }: Candidate, channel: Channel): Flaw {
  return {
    name: 'monthly limit',
    severity: 'error',
    sentence: `AWS refused the last ${channel === 'sms' ? 'text' : 'call'} from ${identity}: the monthly spend limit is reached.`,
    remedy: RAISE,
  }
}

/** AWS tells nobody what was spent; it refuses. Whoever was refused this month, and not accepted since, has reached it. */
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

const RAISE =
  'Raise the spend limit in AWS End User Messaging; above the most that it offers, ask AWS Support.'
const SANDBOX: Flaw = {
  name: 'sandbox',
  severity: 'warning',
  sentence: 'The account is in the sandbox: only verified destination numbers get a message.',
  remedy: 'Request production access in AWS End User Messaging.',
}
