import type {
  AccountIdentities,
  AccountNumber,
  AccountPool,
  AccountRcsAgent,
  PoolMember,
} from './account-identities.ts'
import {
  cannot,
  type Flaw,
  inactive,
  isLaunchedAtAll,
  named,
  promotional,
  rcsOnly,
  type Use,
  VERBS,
} from './flaw.ts'

/** A pool sends from the member that AWS picks: it is as able as its members for that country are. */
export function judgePool(
  pool: AccountPool,
  { country, channel }: Use,
  account: AccountIdentities,
): readonly Flaw[] {
  const flaws: Flaw[] = []
  if (pool.status !== 'ACTIVE') flaws.push(inactive(pool.id, pool.status))
  if (channel === 'sms' && pool.messageType !== 'TRANSACTIONAL') flaws.push(promotional(pool.id))
  const able = pool.members.filter(member => member.channels.includes(channel))
  if (able.length === 0) {
    const inPool = [...new Set(pool.members.flatMap(member => member.channels))]
    return [...flaws, cannot(pool.id, channel, inPool)]
  }
  const here = able.filter(member => country === '*' || countriesOf(member, account).includes(country))
  return [
    ...flaws,
    ...(here.length === 0 ? poolAbroad(pool, able, { country, channel }, account) : []),
    ...idleMembers(pool, here.length === 0 ? able : here, { country, channel }, account),
    ...(here.length > 0 && here.every(member => agentOf(member, account) !== undefined)
      ? [rcsOnly(pool.id, country)]
      : []),
  ]
}

/** An RCS agent is of no country: it is launched in some. */
function countriesOf(member: PoolMember, account: AccountIdentities): readonly string[] {
  return agentOf(member, account)?.countries ?? (member.country === undefined ? [] : [member.country])
}

function idleMembers(
  { id }: AccountPool,
  members: readonly PoolMember[],
  { country, channel }: Use,
  account: AccountIdentities,
): readonly Flaw[] {
  const active = members.filter(member => isActive(member, account)).length
  if (active === members.length) return []
  const who = active === 0 ? 'No member' : `Only ${active} of ${members.length} members`
  return [
    {
      name: 'inactive',
      severity: active === 0 ? 'error' : 'warning',
      sentence: `${who} of ${id} that could ${VERBS[channel]} ${named(country)} ${active > 1 ? 'are' : 'is'} ACTIVE.`,
      remedy: 'Look at the numbers of the pool in AWS End User Messaging: finish their registrations.',
    },
  ]
}

function poolAbroad(
  pool: AccountPool,
  able: readonly PoolMember[],
  { country, channel }: Use,
  account: AccountIdentities,
): readonly Flaw[] {
  if (channel === 'voice') return [] // numbers call abroad
  const goesAbroad = able.some(member => numberOf(member, account)?.sendsAbroad === true)
  if (goesAbroad) return []
  const shared = pool.hasSharedRoutes
    ? ', but for the routes that AWS shares among customers, which some countries (such as US) do not have'
    : ''
  const isSure = able.every(member => numberOf(member, account) === undefined) && !pool.hasSharedRoutes
  return [
    {
      name: 'wrong country',
      severity: isSure ? 'error' : 'warning',
      sentence: `${pool.id} has no member of ${named(country)}${shared}.`,
      remedy: `Add an identity of ${named(country)} to the pool, or route ${named(country)} to another one.`,
    },
  ]
}

/** A member that is not the account's own is not known to be idle. */
function isActive(member: PoolMember, account: AccountIdentities): boolean {
  const agent = agentOf(member, account)
  if (agent !== undefined) return isLaunchedAtAll(agent.status)
  return (numberOf(member, account)?.status ?? 'ACTIVE') === 'ACTIVE'
}

function numberOf({ id, arn }: PoolMember, account: AccountIdentities): AccountNumber | undefined {
  return account.numbers.find(number => number.id === id || number.arn === arn)
}

function agentOf({ id, arn }: PoolMember, account: AccountIdentities): AccountRcsAgent | undefined {
  return account.rcsAgents?.find(agent => agent.id === id || agent.arn === arn)
}
