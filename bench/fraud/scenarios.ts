import { type Attack, attacks } from './attacks.ts'
import { createNumbers } from './numbers.ts'
import { addPeople, type Org, orgs, type Situation } from './people.ts'
import { createRandom } from './random.ts'
import { createTraffic, DAY, HOUR, type Traffic } from './traffic.ts'

export type Scenario = {
  readonly name: string
  readonly kind: Attack['kind'] | 'peace' | 'trouble'
  readonly org: Org
  readonly trouble?: Situation['kind'] | 'first day'
  readonly attack?: Attack
}

const HOURS: Readonly<Record<Situation['kind'], number>> = {
  wave: 1.5,
  outage: 3,
  'events late': 3,
  'events dead': 12,
}
const TROUBLES = ['wave', 'outage', 'events late', 'events dead', 'first day'] as const
/** Attacks that happen in each trouble as well. */
const IN_TROUBLE = ['sweep of a country', 'hop over all countries', 'home country, owned blocks']

export const scenarios: readonly Scenario[] = orgs.flatMap(org => [
  { name: 'no attack', kind: 'peace', org } as const,
  ...TROUBLES.map(trouble => ({ name: `no attack, ${trouble}`, kind: 'trouble', org, trouble }) as const),
  ...attacks.map(attack => ({ name: attack.name, kind: attack.kind, org, attack })),
  ...TROUBLES.flatMap(trouble =>
    attacks
      .filter(({ name }) => IN_TROUBLE.includes(name))
      .map(attack => ({ name: `${attack.name}, ${trouble}`, kind: 'hidden', org, trouble, attack }) as const),
  ),
])

/** The traffic of four weeks, or of the first two days; what happens from `from` on is scored. */
export function trafficOf(
  { org, trouble, kind, attack }: Scenario,
  seed: number,
): { readonly traffic: Traffic; readonly from: number } {
  const random = createRandom(seed)
  const numbers = createNumbers(random)
  const isFirstDay = trouble === 'first day'
  const begin = EPOCH + (isFirstDay ? 0.45 : 18.4) * DAY
  const end = EPOCH + (isFirstDay ? 2 : 25) * DAY
  const situations: readonly Situation[] =
    trouble === undefined || isFirstDay
      ? []
      : [{ kind: trouble, from: begin, to: begin + HOURS[trouble] * HOUR }]
  const isIn = (name: Situation['kind'], at: number): boolean =>
    situations.some(situation => situation.kind === name && at >= situation.from && at < situation.to)
  const traffic = createTraffic(random, answeredAt => {
    if (isIn('events dead', answeredAt)) return undefined
    return isIn('events late', answeredAt) ? random.between(38, 44) * 60_000 : random.between(1_000, 20_000)
  })
  const people = addPeople(org, { traffic, numbers, random }, { from: EPOCH, to: end, situations })
  attack?.run({ traffic, numbers, random, people, home: org.countries[0], begin })
  return { traffic, from: kind === 'peace' || isFirstDay ? EPOCH : begin }
}

/** A Monday. */
const EPOCH = Date.UTC(2026, 0, 5)
