import type { CountryCode } from 'libphonenumber-js/max'
import type { Numbers } from './numbers.ts'
import type { Random } from './random.ts'
import { DAY, HOUR, MINUTE, type Role, type Traffic } from './traffic.ts'

export type Org = {
  readonly kind: 'workforce' | 'customers'
  /** Home countries, most people first. */
  readonly countries: readonly [CountryCode, ...CountryCode[]]
  readonly people: number
  readonly enrolmentsADay: number
  /** Share of people who enrol and never enter the code. */
  readonly giveUp: number
}

export const orgs: readonly Org[] = [
  {
    kind: 'workforce',
    countries: ['US', 'DE', 'GB', 'IN', 'PL', 'BR', 'SG', 'ZA'],
    people: 800,
    enrolmentsADay: 6,
    giveUp: 0.05,
  },
  {
    kind: 'customers',
    countries: ['US', 'GB', 'FR', 'ES', 'CA', 'AU', 'IT', 'MX', 'NL', 'SE', 'JP', 'BR', 'IN', 'PH'],
    people: 1_500,
    enrolmentsADay: 120,
    giveUp: 0.15,
  },
]

export type Person = {
  readonly user: string
  readonly country: CountryCode
  number: string
  readonly home: string
  readonly office: string | undefined
}

/** What troubles the people: each from `from` to `to`, milliseconds. */
export type Situation = {
  readonly kind: 'wave' | 'outage' | 'events late' | 'events dead'
  readonly from: number
  readonly to: number
}

/** The everyday traffic of an org from `from` to `to`. Returns its people. */
export function addPeople(
  org: Org,
  { traffic, numbers, random }: { traffic: Traffic; numbers: Numbers; random: Random },
  { from, to, situations }: { from: number; to: number; situations: readonly Situation[] },
): readonly Person[] {
  const offices = org.kind === 'workforce' ? ['198.51.100.7', '203.0.113.20', '192.0.2.44'] : []
  const mobile = Array.from({ length: 250 }, () => address(random))
  const newPerson = (user: string): Person => {
    const country = zipf(org.countries, random)
    return {
      user,
      country,
      number: numbers.mobile(country),
      home: random.chance(0.3) ? address6(random) : address(random),
      office: offices.length > 0 && random.chance(0.7) ? random.pick(offices) : undefined,
    }
  }
  const isIn = (kind: Situation['kind'], at: number): boolean =>
    situations.some(situation => situation.kind === kind && at >= situation.from && at < situation.to)
  const networkOf = (person: Person): string => {
    const x = random.next()
    if (person.office !== undefined && x < 0.6) return person.office
    return x < 0.85 ? person.home : random.pick(mobile)
  }
  /** A code, and tries again while none is answered. */
  const ask = (
    person: Person,
    at: number,
    purpose: 'mfa-verification' | 'password-reset' | 'account-unlock' | 'pre-enrollment',
    answerShare: number,
  ): boolean => {
    const ip = networkOf(person)
    const role: Role = purpose === 'pre-enrollment' ? 'enrolling' : 'person'
    const channel = random.chance(0.06) ? 'voice' : 'sms'
    let when = at
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const isDown = isIn('outage', when)
      const arrives = random.chance(isDown ? 0.15 : 0.985)
      const isAnswered = arrives && random.chance(answerShare)
      const common = { user: person.user, number: person.number, ip, purpose, channel } as const
      const who = person.user
      const id = traffic.add({
        ...common,
        at: when,
        role,
        who,
        country: person.country,
        answerMs: isAnswered ? random.answerMs() : undefined,
        isDelivered: arrives,
      })
      if (isAnswered) {
        // A person who was refused tries again.
        const again = { ...common, at: when + random.between(1, 4) * MINUTE, role, who }
        traffic.add({
          ...again,
          country: person.country,
          answerMs: random.answerMs(),
          onlyIf: { id, was: 'held' },
        })
        return true
      }
      if (random.chance(0.4)) return false
      when += random.between(0.7, 3) * MINUTE
    }
    return false
  }

  const people = Array.from({ length: org.people }, (_, index) => newPerson(`u${index}`))
  const days = Math.ceil((to - from) / DAY)
  let newcomers = org.people
  for (let day = 0; day < days; day += 1) {
    const start = from + day * DAY
    const isWeekend = day % 7 > 4 && org.kind === 'workforce'
    const times = (count: number): readonly number[] =>
      random
        .times(start + 7 * HOUR, start + 19 * HOUR, Math.round(count * (isWeekend ? 0.15 : 1)))
        .filter(at => at < to)
    for (const at of times(org.people * (org.kind === 'workforce' ? 0.35 : 0.08)))
      ask(random.pick(people), at, 'mfa-verification', 0.97)
    for (const at of times(org.people * (day % 7 === 0 ? 0.01 : 0.004)))
      ask(random.pick(people), at, random.chance(0.6) ? 'password-reset' : 'account-unlock', 0.93)
    for (const at of times(org.people * 0.0008)) {
      const person = random.pick(people)
      person.number = numbers.mobile(person.country)
      ask(person, at, 'pre-enrollment', 0.97)
    }
    const waves = situations.filter(
      ({ kind, from: begin }) => kind === 'wave' && Math.floor((begin - from) / DAY) === day,
    )
    const enrolments = [
      ...times(org.enrolmentsADay),
      ...waves.flatMap(wave => random.times(wave.from, wave.to, org.kind === 'workforce' ? 220 : 300)),
    ]
    for (const at of enrolments) {
      newcomers += 1
      const isWave = isIn('wave', at)
      const person = { ...newPerson(`u${newcomers}`), ...(isWave && offices[0] && { office: offices[0] }) }
      if (ask(person, at, 'pre-enrollment', 1 - org.giveUp)) people.push(person)
    }
  }
  return people
}

export function address(random: Random): string {
  return [random.whole(11, 191), random.whole(0, 255), random.whole(0, 255), random.whole(1, 254)].join('.')
}

function address6(random: Random): string {
  const group = (): string => random.whole(0, 65_535).toString(16)
  return `2a0${random.whole(0, 9)}:${group()}:${group()}::${group()}`
}

function zipf<T>(items: readonly T[], random: Random): T {
  const weights = items.map((_, index) => 1 / (index + 1))
  let x = random.next() * weights.reduce((sum, weight) => sum + weight, 0)
  for (const [index, item] of items.entries()) {
    x -= weights[index] ?? 0
    if (x < 0) return item
  }
  return random.pick(items)
}
