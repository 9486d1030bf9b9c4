import type {
  AccountIdentities,
  AccountNotify,
  AccountNumber,
  AccountRcsAgent,
  FoundIdentity,
} from './account-identities.ts'
import {
  cannot,
  type Flaw,
  inactive,
  isLaunchedAtAll,
  pending,
  promotional,
  REPLACE,
  rcsOnly,
  type Use,
} from './flaw.ts'
import { judgePool } from './judge-pool.ts'
import { judgeSenderId } from './judge-sender-id.ts'

/** Every flaw of an identity that the account has; none when it is right. */
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
  const flaws: Flaw[] = []
  if (one.status !== 'ACTIVE') flaws.push(inactiveNumber(one))
  if (!one.channels.includes(channel)) flaws.push(cannot(one.number, channel, one.channels))
  if (channel === 'sms' && one.messageType !== 'TRANSACTIONAL') flaws.push(promotional(one.number))
  if (one.type === 'SIMULATOR') {
    flaws.push({
      name: 'simulator',
      severity: 'error',
      sentence: `${one.number} is a simulator number: it reaches AWS's simulator destinations, and no phone.`,
      remedy: 'Request a number for real use in AWS End User Messaging, and route to that.',
    })
  }
  if (channel === 'sms' && one.country !== country && !one.sendsAbroad) flaws.push(abroad(one, country))
  return flaws
}

function inactiveNumber({ number, status, registrationId }: AccountNumber): Flaw {
  if (status === 'PENDING' && registrationId !== undefined) return pending(number, registrationId)
  if (status !== 'DELETED') return inactive(number, status)
  return {
    name: 'missing',
    severity: 'error',
    sentence: `${number} was released: the account does not have it any more.`,
    remedy: REPLACE,
  }
}

function abroad({ number, country: own }: AccountNumber, country: Use['country']): Flaw {
  const asked = country === '*' ? 'every country without a route of its own' : country
  return {
    name: 'wrong country',
    severity: 'warning',
    sentence: `${number} is a number of ${own} without international sending, and is to text ${asked}: AWS may refuse.`,
    remedy: `Give ${country === '*' ? `the countries that you serve routes of their own` : `${country} an identity of its own`}, or switch on international sending for the number.`,
  }
}

function judgeRcsAgent(
  { id, status, countries }: AccountRcsAgent,
  { country, channel }: Use,
): readonly Flaw[] {
  if (channel === 'voice') return [cannot(id, 'voice', ['sms'])]
  const isLaunched = country === '*' || countries.includes(country)
  return [
    ...(isLaunchedAtAll(status) ? [] : [inactive(id, status)]),
    ...(isLaunched ? [] : [notLaunched(id, country)]),
    rcsOnly(id, country),
  ]
}

function notLaunched(id: string, country: Use['country']): Flaw {
  return {
    name: 'wrong country',
    severity: 'error',
    sentence: `The RCS agent ${id} is not launched in ${country}.`,
    remedy: `Launch it in ${country} (AWS End User Messaging, RCS agents), or route ${country} to another identity.`,
  }
}

function judgeNotify(one: AccountNotify, { country, channel }: Use): readonly Flaw[] {
  const { id, status, countries, channels } = one
  const isElsewhere = country !== '*' && countries.length > 0 && !countries.includes(country)
  return [
    ...(status === 'ACTIVE' ? [] : [inactive(id, status)]),
    ...(channels.includes(channel) ? [] : [cannot(id, channel, channels)]),
    ...(isElsewhere
      ? [
          {
            name: 'wrong country',
            severity: 'error',
            sentence: `${id} is not enabled for ${country}.`,
            remedy: `Enable ${country} in the notify configuration, or route ${country} to another identity.`,
          } as const,
        ]
      : []),
  ]
}
