/**
 * Destinations of AWS's simulator that succeed, by country: AWS accepts and bills texts to them, sends receipts, and
 * delivers none. Source: AWS End User Messaging SMS, user guide, "Simulator phone numbers".
 */
export const simulatorNumbers = {
  AU: '+61455944038',
  CH: '+41798075872',
  ES: '+34683783440',
  FR: '+33755512501',
  GB: '+447860019066',
  IT: '+394390009172',
  NL: '+3197008100148',
  PL: '+48732141440',
  PT: '+351927946948',
  SE: '+46790645100',
  US: '+14254147755',
} as const

export type SimulatorCountry = keyof typeof simulatorNumbers

export const simulatorCountries = Object.keys(simulatorNumbers) as readonly SimulatorCountry[]

export function isSimulatorCountry(country: string): country is SimulatorCountry {
  return Object.hasOwn(simulatorNumbers, country)
}
