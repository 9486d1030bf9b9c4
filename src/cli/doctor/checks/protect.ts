import { defineCheck } from '../check.ts'

export const protectCheck = defineCheck({
  name: 'protect',
  sentence: 'The protect configuration allows what the routes serve, and blocks the rest.',
  severity: 'error',
  remedy: 'See the difference with hookline protect, and write it with: hookline protect --apply',
  needs: ['protect'],
  judge: ({ protect: { id, differences } }) =>
    differences.flatMap(({ channel, allow, block }) => [
      ...(allow.length === 0
        ? []
        : [
            {
              cause: `${id} blocks ${channel} to ${few(allow)}, which routes serve: no code arrives there.`,
              fixedBy,
            },
          ]),
      ...(block.length === 0
        ? []
        : [
            {
              severity: 'warning' as const,
              cause: `${id} allows ${channel} to ${count(block.length)} that no route serves.`,
              fixedBy,
            },
          ]),
    ]),
})

function few(countries: readonly string[]): string {
  const shown = countries.slice(0, SHOWN_MAX).join(', ')
  return countries.length > SHOWN_MAX ? `${shown} and ${countries.length - SHOWN_MAX} more` : shown
}

function count(number: number): string {
  return number === 1 ? '1 country' : `${number} countries`
}

const fixedBy = ['protect'] as const
const SHOWN_MAX = 8
