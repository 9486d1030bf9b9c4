import { checkIdentities, type Finding } from '../../../advice/account/check-identities.ts'
import { defineCheck } from '../check.ts'

export const identitiesCheck = defineCheck({
  name: 'identities',
  sentence: 'Every identity of the routes exists, is active and can send.',
  severity: 'error',
  remedy: 'hookline identities check tells more.',
  needs: ['identities'],
  judge: ({ identities }) => {
    // Tier and limits of the home region have checks of their own.
    const findings = checkIdentities(identities).filter(
      ({ identity, region }) => identity !== undefined || region !== identities.homeRegion,
    )
    const same = Map.groupBy(findings, ({ severity, sentence, remedy }) =>
      JSON.stringify([severity, sentence, remedy]),
    )
    return [...same.values()].flatMap(([first, ...others]) => {
      if (first === undefined) return []
      const places = [...new Set([first, ...others].map(placeOf))].join(', ')
      const { severity, sentence, remedy } = first
      return [{ severity, cause: `${places}: ${sentence}`, remedy }]
    })
  },
})

function placeOf({ country, channel, region }: Finding): string {
  return country === undefined ? region : `${country} ${channel}`
}
