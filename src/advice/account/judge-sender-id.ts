import type { AccountSenderId } from './account-identities.ts'
import { cannot, type Flaw, pending, promotional, type Use } from './flaw.ts'

/** A sender ID belongs to the countries that it was requested for, and to no other. */
export function judgeSenderId(
  entries: readonly [AccountSenderId, ...AccountSenderId[]],
  use: Use,
): readonly Flaw[] {
  const { country, channel } = use
  const [{ name }] = entries
  if (channel === 'voice') return [cannot(name, 'voice', ['sms'])]
  const countries = entries.map(entry => entry.country).toSorted()
  if (country === '*') {
    return [
      {
        name: 'wrong country',
        severity: 'warning',
        sentence: `The sender ID ${name} is of ${countries.join(', ')}, and is to text every country without a route of its own.`,
        remedy: `Give ${countries.join(', ')} a route with it, and the default route a number or pool.`,
      },
    ]
  }
  if (hasNoSenderIds(country)) {
    return [
      {
        name: 'wrong country',
        severity: 'error',
        sentence: `${country} has no sender IDs: texts from ${name} are refused there.`,
        remedy: `Route ${country} to a number or pool.`,
      },
    ]
  }
  const here = entries.find(entry => entry.country === country)
  if (here === undefined) {
    return [
      {
        name: 'wrong country',
        severity: 'error',
        sentence: `The sender ID ${name} is of ${countries.join(', ')}, not of ${country}.`,
        remedy: `Request it for ${country} in AWS End User Messaging, or route ${country} to another identity.`,
      },
    ]
  }
  return [
    ...(here.messageTypes.includes('TRANSACTIONAL') ? [] : [promotional(`${name} (${country})`)]),
    ...judgeRegistration(here),
  ]
}

function judgeRegistration(entry: AccountSenderId): readonly Flaw[] {
  const { name, country, isRegistered, registrationId } = entry
  if (isRegistered) return []
  if (registrationId !== undefined) return [pending(`${name} (${country})`, registrationId)]
  if (!needsRegisteredSenderId(country)) return []
  return [
    {
      name: 'pending registration',
      severity: 'warning',
      sentence: `The sender ID ${name} is not registered in ${country}, which asks for it: texts may be refused.`,
      remedy: 'Register it in AWS End User Messaging, Registrations.',
    },
  ]
}

/**
 * Texts there cannot come from a name. Others exist: AWS's table changes, and these are the ones that its pages name.
 * AWS End User Messaging, "Sender IDs" (disadvantages) names CA, CN and US; US territories need a dedicated number as the
 * US does (Amazon SNS, "Supported Regions and countries"); the others by "Supported countries", column SMS Sender IDs.
 */
export function hasNoSenderIds(country: string): boolean {
  return NO_SENDER_IDS.has(country)
}

const NO_SENDER_IDS: ReadonlySet<string> = new Set([
  ...['CA', 'CN', 'US'],
  ...['AS', 'GU', 'MP', 'PR', 'VI'],
  ...['BR', 'BS', 'CR', 'DO', 'KY'],
])

/** A sender ID there must be registered first, by a registration of its own at AWS. Others exist. */
function needsRegisteredSenderId(country: string): boolean {
  return ['IN', 'SG'].includes(country) // the same guide, "Request a sender ID"
}
