import { changesScreen } from './changes.ts'
import { deliveriesScreen } from './deliveries.ts'
import { doctorScreen } from './doctor.ts'
import { fraudScreen } from './fraud.ts'
import { nowScreen } from './now.ts'
import { personScreen } from './person.ts'
import { routesScreen } from './routes.ts'
import type { Screen } from './screen.ts'
import { templatesScreen } from './templates.ts'
import { tryScreen } from './try.ts'

/** Every screen, in the order of the navigation. A new screen is a file of its own and a line here. */
export const screens: readonly Screen[] = [
  nowScreen,
  personScreen,
  deliveriesScreen,
  templatesScreen,
  routesScreen,
  fraudScreen,
  tryScreen,
  doctorScreen,
  changesScreen,
]
