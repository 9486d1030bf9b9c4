/**
 * What AWS's simulator does with a message to this number: carry it, or accept it and let it fail later. Undefined for
 * every number that is not one of AWS's simulator destinations.
 */
export function simulatorOutcome(phoneNumber: string): 'success' | 'failure' | undefined {
  const number = phoneNumber.startsWith('+') ? phoneNumber : `+${phoneNumber}`
  return OUTCOMES.get(number)
}

// Success and failure destinations by country, from AWS's user guide.
const DESTINATIONS = [
  ['AU', '+61455944038', '+61455944039'],
  ['CH', '+41798075872', '+41798075874'],
  ['ES', '+34683783440', '+34683783442'],
  ['FR', '+33755512501', '+33755512502'],
  ['GB', '+447860019066', '+447860019067'],
  ['IT', '+394390009172', '+394390009174'],
  ['NL', '+3197008100148', '+3197008100150'],
  ['PL', '+48732141440', '+48732141442'],
  ['PT', '+351927946948', '+351927946950'],
  ['SE', '+46790645100', '+46790645102'],
  ['US', '+14254147755', '+14254147167'],
] as const

const OUTCOMES: ReadonlyMap<string, 'success' | 'failure'> = new Map(
  DESTINATIONS.flatMap(([, success, failure]) => [
    [success, 'success'] as const,
    [failure, 'failure'] as const,
  ]),
)
