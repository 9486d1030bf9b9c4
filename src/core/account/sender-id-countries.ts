/** Texts there cannot come from a name. Others exist; these three are the ones that AWS names as major markets. */
export function hasNoSenderIds(country: string): boolean {
  return ['CA', 'CN', 'US'].includes(country) // AWS End User Messaging SMS, user guide, "Sender IDs": disadvantages
}

/** A sender ID there must be registered first, by a registration of its own at AWS. Others exist. */
export function needsRegisteredSenderId(country: string): boolean {
  return ['IN', 'SG'].includes(country) // the same guide, "Request a sender ID"
}
