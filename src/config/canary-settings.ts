import {
  isSimulatorCountry,
  type SimulatorCountry,
  simulatorCountries,
} from '../core/values/simulator-numbers.ts'
import { isLoopback } from './caller-problems.ts'
import { notDeployed, setting } from './setting.ts'

const VALUES = ['off', ...simulatorCountries]

/** A code of Hookline's own each hour. */
export const canary = {
  country: setting<SimulatorCountry | 'off'>({
    name: 'HOOKLINE_CANARY',
    read: text => (text === 'off' || isSimulatorCountry(text) ? text : undefined),
    allowed: `one of ${VALUES.join(', ')}`,
    limits: { kind: 'choice', values: VALUES },
    default: 'off',
    meaning:
      "Country of AWS's simulator to which Hookline sends a code of its own each hour, to show that codes go out (docs/operating.md, canary). It needs a route. AWS bills about 730 texts a month at the country's price.",
    deployed: notDeployed('only for `serve`'),
  }),
  url: setting({
    name: 'HOOKLINE_CANARY_URL',
    read: readUrl,
    allowed: 'an https address without a query (http on loopback only), such as https://example.com/mfa',
    meaning:
      "Address of the hook as Okta calls it, so that the canary goes through DNS, TLS and the proxy as well. Without it, the canary calls the server's own address on this machine.",
    deployed: notDeployed('only for `serve`'),
  }),
} as const

function readUrl(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    return undefined
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)) ? url.href : undefined
}
