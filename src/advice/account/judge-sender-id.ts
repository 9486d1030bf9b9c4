import type { AccountSenderId } from './account-identities.ts'
import { type Flaw, flaws, type Use } from './account-texts.ts'

/** A sender ID works only in the countries for which it was requested. */
export function judgeSenderId(
  entries: readonly [AccountSenderId, ...AccountSenderId[]],
  use: Use,
): readonly Flaw[] {
  const { country, channel } = use
  const [{ name }] = entries
  if (channel === 'voice') return [flaws.cannot(name, 'voice', ['sms'])]
  const countries = entries.map(entry => entry.country).toSorted()
  if (country === '*') return [flaws.senderIdEverywhere(name, countries)]
  if (hasNoSenderIds(country)) return [flaws.noSenderIds(name, country)]
  const here = entries.find(entry => entry.country === country)
  if (here === undefined) return [flaws.senderIdElsewhere(name, countries, country)]
  return [
    ...(here.messageTypes.includes('TRANSACTIONAL') ? [] : [flaws.promotional(`${name} (${country})`)]),
    ...judgeRegistration(here),
  ]
}

function judgeRegistration(entry: AccountSenderId): readonly Flaw[] {
  const { name, country, isRegistered, registrationId } = entry
  if (isRegistered) return []
  if (registrationId !== undefined) return [flaws.pending(`${name} (${country})`, registrationId)]
  return needsRegisteredSenderId(country) ? [flaws.unregistered(name, country)] : []
}

/**
 * Texts to these countries cannot come from a sender ID. The list is not complete: AWS's table changes. AWS End User
 * Messaging, "Sender IDs" (disadvantages) names CA, CN and US, but also registers sender IDs for CN; US territories need a dedicated number as the US does
 * (Amazon SNS, "Supported Regions and countries"); the others by "Supported countries", column SMS Sender IDs.
 */
export function hasNoSenderIds(country: string): boolean {
  return NO_SENDER_IDS.has(country)
}

const NO_SENDER_IDS: ReadonlySet<string> = new Set([
  ...['CA', 'US'],
  ...['AS', 'GU', 'MP', 'PR', 'VI'],
  ...['BR', 'BS', 'CR', 'DO', 'KY'],
])

/** A sender ID must be registered with AWS in these countries. The list is not complete. */
function needsRegisteredSenderId(country: string): boolean {
  return ['CN', 'IN', 'SG'].includes(country) // the same guide, "Request a sender ID" and "China sender ID registration"
}
