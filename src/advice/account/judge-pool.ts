import {
  type AccountIdentities,
  type AccountNumber,
  type AccountPool,
  type AccountRcsAgent,
  isLaunchedAtAll,
  type PoolMember,
} from './account-identities.ts'
import { type Flaw, flaws, type Use } from './account-texts.ts'

/** A pool sends from the member that AWS picks, so it can do what its members for that country can. */
export function judgePool(
  pool: AccountPool,
  { country, channel }: Use,
  account: AccountIdentities,
): readonly Flaw[] {
  const found: Flaw[] = []
  if (pool.status !== 'ACTIVE') found.push(flaws.inactive(pool.id, pool.status))
  if (channel === 'sms' && pool.messageType !== 'TRANSACTIONAL') found.push(flaws.promotional(pool.id))
  const able = pool.members.filter(member => member.channels.includes(channel))
  if (able.length === 0) {
    const inPool = [...new Set(pool.members.flatMap(member => member.channels))]
    return [...found, flaws.cannot(pool.id, channel, inPool)]
  }
  const here = able.filter(member => country === '*' || countriesOf(member, account).includes(country))
  return [
    ...found,
    ...(here.length === 0 ? poolAbroad(pool, able, { country, channel }, account) : []),
    ...idleMembers(pool, here.length === 0 ? able : here, { country, channel }, account),
    ...(here.length > 0 && here.every(member => agentOf(member, account) !== undefined)
      ? [flaws.rcsOnly(pool.id, country)]
      : []),
  ]
}

/** An RCS agent has no country of its own, but is launched in some. */
function countriesOf(member: PoolMember, account: AccountIdentities): readonly string[] {
  return agentOf(member, account)?.countries ?? (member.country === undefined ? [] : [member.country])
}

function idleMembers(
  { id }: AccountPool,
  members: readonly PoolMember[],
  use: Use,
  account: AccountIdentities,
): readonly Flaw[] {
  const active = members.filter(member => isActive(member, account)).length
  return active === members.length ? [] : [flaws.idleMembers(id, active, members.length, use)]
}

function poolAbroad(
  pool: AccountPool,
  able: readonly PoolMember[],
  { country, channel }: Use,
  account: AccountIdentities,
): readonly Flaw[] {
  if (channel === 'voice') return [] // numbers can call other countries
  const goesAbroad = able.some(member => numberOf(member, account)?.sendsAbroad === true)
  if (goesAbroad) return []
  const { hasSharedRoutes } = pool
  const isCertain = able.every(member => numberOf(member, account) === undefined) && !hasSharedRoutes
  return [flaws.noMember(pool.id, country, hasSharedRoutes, isCertain)]
}

/** A member that is not the account's own counts as active. */
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
