import {
  type AccountIdentities,
  type AccountNotify,
  type AccountNumber,
  type AccountRcsAgent,
  type FoundIdentity,
  isLaunchedAtAll,
} from './account-identities.ts'
import { type Flaw, flaws, type Use } from './account-texts.ts'
import { judgePool } from './judge-pool.ts'
import { judgeSenderId } from './judge-sender-id.ts'

/** Every flaw of an identity of the account; empty if there is none. */
export function judgeIdentity(found: FoundIdentity, use: Use, account: AccountIdentities): readonly Flaw[] {
  switch (found.kind) {
    case 'number':
      return judgeNumber(found.number, use)
    case 'pool':
      return judgePool(found.pool, use, account)
    case 'sender ID':
      return judgeSenderId(found.entries, use)
    case 'RCS agent':
      return judgeRcsAgent(found.agent, use)
    case 'notify configuration':
      return judgeNotify(found.notify, use)
  }
}

function judgeNumber(one: AccountNumber, { country, channel }: Use): readonly Flaw[] {
  const found: Flaw[] = []
  if (one.status !== 'ACTIVE') found.push(inactiveNumber(one))
  if (!one.channels.includes(channel)) found.push(flaws.cannot(one.number, channel, one.channels))
  if (channel === 'sms' && one.messageType !== 'TRANSACTIONAL') found.push(flaws.promotional(one.number))
  if (one.type === 'SIMULATOR') found.push(flaws.simulator(one.number))
  if (channel === 'sms' && one.country !== country && !one.sendsAbroad)
    found.push(flaws.abroad(one.number, one.country, country))
  return found
}

function inactiveNumber({ number, status, registrationId }: AccountNumber): Flaw {
  if (status === 'PENDING' && registrationId !== undefined) return flaws.pending(number, registrationId)
  return status === 'DELETED' ? flaws.released(number) : flaws.inactive(number, status)
}

function judgeRcsAgent(
  { id, status, countries }: AccountRcsAgent,
  { country, channel }: Use,
): readonly Flaw[] {
  if (channel === 'voice') return [flaws.cannot(id, 'voice', ['sms'])]
  const isLaunched = country === '*' || countries.includes(country)
  return [
    ...(isLaunchedAtAll(status) ? [] : [flaws.inactive(id, status)]),
    ...(isLaunched ? [] : [flaws.notLaunched(id, country)]),
    flaws.rcsOnly(id, country),
  ]
}

function judgeNotify(one: AccountNotify, { country, channel }: Use): readonly Flaw[] {
  const { id, status, countries, channels } = one
  const isElsewhere = country !== '*' && countries.length > 0 && !countries.includes(country)
  return [
    ...(status === 'ACTIVE' ? [] : [flaws.inactive(id, status)]),
    ...(channels.includes(channel) ? [] : [flaws.cannot(id, channel, channels)]),
    ...(isElsewhere ? [flaws.notEnabled(id, country)] : []),
  ]
}
