import type { Route } from '../../../core/policy/route.ts'
import { type Difference, describeDifferences, writeDifferences } from '../../routes/protect.ts'
import type { CloudAccess } from '../../terminal/cloud.ts'
import type { PlannedFix } from './planned-fix.ts'

export type Protecting = {
  readonly cloud: CloudAccess
  readonly region: string
  readonly id: string
  readonly routes: readonly Route[]
  readonly differences: readonly Difference[]
}

/** What `hookline protect --apply` writes. */
export function protectFix({ cloud, region, id, routes, differences }: Protecting): PlannedFix {
  return {
    fix: 'protect',
    title: `The protect configuration ${id} in ${region}`,
    description: describeDifferences(differences, id),
    changes: differences.flatMap(({ channel, allow, block }) => [
      ...allow.map(country => `${channel} to ${country} is allowed.`),
      ...block.map(country => `${channel} to ${country} is blocked.`),
    ]),
    make: async say => {
      const opened = await cloud.open(region)
      try {
        await writeDifferences(opened, id, routes, differences)
      } finally {
        opened.close()
      }
      say(`✓ written     ${id}`)
    },
  }
}
