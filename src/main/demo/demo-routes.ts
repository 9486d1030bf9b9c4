import { defaultLimits } from '../../core/policy/limits.ts'
import type { Route } from '../../core/policy/route.ts'
import type { Store } from '../../core/records/store.ts'
import { seedTemplates } from '../seed-templates.ts'

const IDENTITIES = {
  AU: '+61491570156',
  CH: 'pool-demo0CH',
  DE: '+4915200000100',
  ES: 'pool-demo0ES',
  FR: '+33639980100',
  GB: '+447700900100',
  IT: 'pool-demo0IT',
  NL: 'pool-demo0NL',
  PL: 'pool-demo0PL',
  PT: 'pool-demo0PT',
  SE: '+46701740605',
  US: '+12065550100',
} as const

/**
 * Routes for a trial with the stand-ins: the countries of AWS's simulator numbers. Senders are numbers that are
 * reserved for fiction, if a country has them.
 */
export const demoRoutes: readonly Route[] = Object.entries(IDENTITIES).flatMap(([country, identity]) =>
  (['sms', 'voice'] as const).map(channel => ({
    country: country as Route['country'],
    channel,
    candidates: [{ identity }],
  })),
)

/** Gives a new store the shipped templates and these routes. */
export async function seedDemo(store: Store): Promise<void> {
  await seedTemplates(store, Date.now)
  if ((await store.readPolicy())?.routes.length !== 0) return
  const by = { author: 'Hookline', at: Date.now(), because: 'A trial with the stand-ins.' }
  await store.saveRoutes(demoRoutes, by)
  await store.saveLimits({ ...defaultLimits, mode: 'observe' }, by) // people who try things send much to one number
}

/**
 * An account that has these identities, as the carrier's stand-in takes it: a pool has one number. That of Italy also has an RCS
 * agent, and an agent in no pool is there to try: `rcs-demo0US`.
 */
export function demoAccount(): object {
  const all = Object.entries(IDENTITIES)
  const pools = all.filter(([, identity]) => identity.startsWith('pool-'))
  const numbers = all.map(([country, identity]) => {
    const index = pools.findIndex(([inPool]) => inPool === country)
    return index < 0
      ? { number: identity, country }
      : { number: `+1206555012${index}`, country, pool: identity }
  })
  const rcsAgents = [
    { id: 'rcs-demo0IT', name: 'Hookline Demo', countries: ['IT'], pool: IDENTITIES.IT },
    { id: 'rcs-demo0US', name: 'Hookline Demo', countries: ['US'] },
  ]
  return { numbers, pools: pools.map(([, id]) => ({ id })), rcsAgents }
}
