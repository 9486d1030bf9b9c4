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
export function needsRegisteredSenderId(country: string): boolean {
  return ['IN', 'SG'].includes(country) // the same guide, "Request a sender ID"
}
