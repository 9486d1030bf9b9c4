import {
  isSimulatorCountry,
  type SimulatorCountry,
  simulatorCountries,
} from '../core/values/simulator-numbers.ts'
import { fromParameter, setting } from './setting.ts'

const VALUES = ['off', ...simulatorCountries]

/** A code of Hookline's own each hour. */
export const canary = {
  country: setting<SimulatorCountry | 'off', 'Canary'>({
    name: 'HOOKLINE_CANARY',
    read: text => (text === 'off' || isSimulatorCountry(text) ? text : undefined),
    allowed: `one of ${VALUES.join(', ')}`,
    limits: { kind: 'choice', values: VALUES },
    default: 'off',
    meaning:
      "Country of AWS's simulator to which Hookline sends a code of its own each hour, to show that codes go out (docs/operating.md, canary). It needs a route. AWS bills about 730 texts a month at the country's price.",
    deployed: fromParameter(['hook', 'canary'], 'Canary', {
      group: 'monitoring',
      label: 'Canary',
      description:
        "Country of AWS's simulator to which a code of Hookline's own goes each hour, to show that codes go out: a function, a rule and an alarm. It needs a route. AWS bills about 730 texts a month at the country's price; the rest costs about $0.50.",
    }),
  }),
} as const
