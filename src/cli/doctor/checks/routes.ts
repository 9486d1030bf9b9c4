import { countryName, forgottenNeighbours, servedLike } from '../../../advice/coverage/neighbours.ts'
import { coverCountry } from '../../../advice/coverage/route-coverage.ts'
import { type Policy, preparePolicy } from '../../../core/policy/policy.ts'
import { channels } from '../../../core/values/request.ts'
import { defineCheck } from '../check.ts'

export const routesCheck = defineCheck({
  name: 'routes',
  sentence: 'There are routes, and each one has an identity that can send.',
  severity: 'error',
  remedy: 'Change the route with: hookline routes import; hookline coverage shows all of them.',
  needs: ['policy'],
  judge: ({ policy: { policy } }) => {
    if (policy.routes.length === 0) {
      return [
        {
          cause: 'There are no routes: nothing can be sent.',
          remedy: 'Propose some from what the account has: hookline identities discover --apply',
        },
      ]
    }
    const prepared = preparePolicy(policy)
    const countries = new Set(policy.routes.map(({ country }) => country))
    return [...countries].flatMap(country =>
      channels.flatMap(channel => {
        // A country that is only texted, or only called, is a choice.
        if (!policy.routes.some(route => route.country === country && route.channel === channel)) return []
        const { hole } = coverCountry(prepared, country, channel)
        if (hole === undefined) return []
        const cause = `${country === '*' ? 'All other countries' : country} over ${channel}: ${hole.sentence}`
        return hole.refuses === undefined ? [{ cause, severity: 'warning' as const }] : [{ cause }]
      }),
    )
  },
  detail: ({ policy: { policy } }) => `${policy.routes.length} routes.${forgotten(preparePolicy(policy))}`,
})

/** Not to serve a territory is a choice; not to know of it is none. */
function forgotten(policy: Policy): string {
  const countries = [...new Set(channels.flatMap(channel => forgottenNeighbours(policy, channel)))]
  const byParent = Map.groupBy(countries, country => servedLike(country) ?? country)
  const sentences = [...byParent].map(
    ([parent, some]) =>
      ` ${some.map(country => `${country} (${countryName(country)})`).join(', ')}: no route, although numbers of ${parent} usually serve them. Ask AWS with: hookline routes try --countries ${some.join(',')}.`,
  )
  return sentences.join('')
}
