import { type CountryCode, getCountries, getCountryCallingCode } from 'libphonenumber-js/max'
import type { Numbers } from './numbers.ts'
import { address, type Person } from './people.ts'
import type { Random } from './random.ts'
import { DAY, HOUR, MINUTE, type Request, type Traffic } from './traffic.ts'

type AttackContext = {
  readonly traffic: Traffic
  readonly numbers: Numbers
  readonly random: Random
  readonly people: readonly Person[]
  /** Of the org, most people first. */
  readonly home: CountryCode
  readonly begin: number
}

export type Attack = {
  readonly name: string
  readonly kind:
    | 'burst'
    | 'slow'
    | 'answering'
    | 'accounts'
    | 'own network'
    | 'hidden'
    | 'adaptive'
    | 'bought'
    | 'lock-out'
  readonly run: (context: AttackContext) => void
}

/** Where an artificial number earns most. */
const EXPENSIVE: readonly CountryCode[] = [
  'AZ',
  'TJ',
  'LK',
  'PK',
  'NG',
  'TN',
  'DZ',
  'UZ',
  'SO',
  'VE',
  'EE',
  'BD',
]

type Wave = {
  readonly count: number
  readonly hours: number
  readonly countries: (context: AttackContext) => readonly CountryCode[]
  /** How many owned blocks of 10,000 numbers; all numbers without it. */
  readonly blocks?: number
  readonly addresses?: number
  readonly answered?: number
  readonly channel?: 'sms' | 'voice'
  readonly codesEach?: number
  /** From the network of people. */
  readonly address?: string
  /** Requests of one account. */
  readonly numbersOfAccount?: number
}

/** New accounts, or stolen ones, that enrol numbers of the attacker. */
function enrolments(context: AttackContext, wave: Wave): void {
  const { traffic, numbers, random, begin } = context
  const countries = wave.countries(context)
  const blocks = Array.from({ length: wave.blocks ?? 0 }, () => {
    const country = random.pick(countries)
    return { country, block: numbers.block(country, 4) }
  })
  const addresses = Array.from({ length: wave.addresses ?? wave.count }, () => address(random))
  const { codesEach = 1, channel = 'sms' } = wave
  random.times(begin, begin + wave.hours * HOUR, wave.count / codesEach).forEach((at, index) => {
    const block = blocks.length > 0 ? random.pick(blocks) : undefined
    const country = block?.country ?? random.pick(countries)
    const number = numbers.mobile(country, block?.block)
    const ip = wave.address ?? random.pick(addresses)
    for (let code = 0; code < codesEach; code += 1) {
      const answerMs = random.chance(wave.answered ?? 0) ? random.answerMs() : undefined
      const user = `a${begin}-${Math.floor(index / (wave.numbersOfAccount ?? 1))}`
      const common = { user, number, ip, purpose: 'pre-enrollment', channel, country } as const
      traffic.add({ ...common, at: at + code * 2 * MINUTE, role: 'attacker', who: number, answerMs })
    }
  })
}

/** Accounts whose phones are the attacker's and answered before; then floods of codes to them. */
function sleepers(
  context: AttackContext,
  options: {
    readonly accounts: number
    readonly codesEach: number
    readonly hours: number
    readonly purpose: 'password-reset' | 'mfa-verification'
    readonly answers: number
    readonly isSameNetwork?: boolean
    readonly answered?: number
  },
): void {
  const { traffic, numbers, random, begin } = context
  for (let index = 0; index < options.accounts; index += 1) {
    const country = random.pick(EXPENSIVE)
    const number = numbers.mobile(country)
    const home = address(random)
    const request = (at: number, purpose: Request['purpose'], ip: string, answerMs: number | undefined) =>
      traffic.add({
        at,
        role: 'attacker',
        who: number,
        user: `s${begin}-${index}`,
        number,
        ip,
        purpose,
        channel: 'sms',
        country,
        answerMs,
      })
    const since = begin - random.between(1, 12) * DAY
    for (let answer = 0; answer < options.answers; answer += 1)
      request(
        since + answer * HOUR,
        answer === 0 ? 'pre-enrollment' : 'mfa-verification',
        home,
        random.answerMs(),
      )
    for (const at of random.times(begin, begin + options.hours * HOUR, options.codesEach))
      request(
        at,
        options.purpose,
        options.isSameNetwork ? home : address(random),
        random.chance(options.answered ?? 0) ? random.answerMs() : undefined,
      )
  }
}

/** Goes on to another block or country as soon as one is held. */
function moving(
  context: AttackContext,
  options: { readonly groups: number; readonly each: number; readonly isBlocks: boolean },
) {
  const { traffic, numbers, random, begin } = context
  let at = begin
  for (let group = 0; group < options.groups; group += 1) {
    const country = random.pick(options.isBlocks ? EXPENSIVE.slice(0, 3) : everywhere())
    const block = options.isBlocks ? numbers.block(country, 4) : undefined
    let previous: string | undefined
    for (let index = 0; index < options.each; index += 1) {
      at += random.between(0.2, 1.2) * MINUTE
      const number = numbers.mobile(country, block)
      previous = traffic.add({
        at,
        role: 'attacker',
        who: number,
        user: `m${begin}-${group}-${index}`,
        number,
        ip: address(random),
        purpose: 'pre-enrollment',
        channel: 'sms',
        country,
        answerMs: undefined,
        ...(previous !== undefined && { onlyIf: { id: previous, was: 'sent' } }),
      })
    }
  }
}

/** An outsider requests resets for owners, who go on as always. */
function lockOut(
  { traffic, random, people, begin }: AttackContext,
  { where, each }: { readonly where: 'known' | 'same' | 'travelling'; readonly each: number },
): void {
  const victims = people.slice(0, 60)
  for (const person of victims) {
    const strange = where === 'same' ? person.home : address(random)
    const common = {
      user: person.user,
      number: person.number,
      channel: 'sms',
      country: person.country,
    } as const
    for (let day = 0; day < 4; day += 1)
      for (const at of random.times(begin + day * DAY, begin + (day + 1) * DAY, each))
        traffic.add({
          ...common,
          at,
          role: 'outsider',
          who: 'outsider',
          ip: strange,
          purpose: 'password-reset',
          answerMs: undefined,
        })
    // The owner signed in from home before, and does so meanwhile.
    for (let day = -6; day < 4; day += 1) {
      const at = begin + day * DAY + random.between(8, 18) * HOUR
      const isAway = day >= 0 && where === 'travelling'
      traffic.add({
        ...common,
        at,
        role: day < 0 ? 'person' : `owner-${where}`,
        who: person.user,
        ip: isAway ? address(random) : person.home,
        purpose: 'mfa-verification',
        answerMs: random.answerMs(),
      })
    }
  }
}

const expensive = (): readonly CountryCode[] => EXPENSIVE
const oneExpensive = ({ random }: AttackContext): readonly CountryCode[] => [random.pick(EXPENSIVE)]
/** Countries with a calling code of their own. */
const everywhere = (): readonly CountryCode[] =>
  getCountries().filter(country => SMALL.every(other => other !== country) && isAlone(country))
const isAlone = (country: CountryCode): boolean => {
  const code = getCountryCallingCode(country)
  return getCountries().filter(other => getCountryCallingCode(other) === code).length === 1
}
const SMALL: readonly CountryCode[] = ['IO', 'NU', 'TK', 'TV', 'NR', 'WF', 'PM', 'FK', 'CK', 'KI']
const atHome = ({ home }: AttackContext): readonly CountryCode[] => [home]

export const attacks: readonly Attack[] = [
  {
    name: 'one block, one address',
    kind: 'burst',
    run: c => enrolments(c, { count: 1_000, hours: 2, countries: oneExpensive, blocks: 1, addresses: 1 }),
  },
  {
    name: 'five blocks, rotating addresses',
    kind: 'burst',
    run: c => enrolments(c, { count: 1_500, hours: 3, countries: oneExpensive, blocks: 5 }),
  },
  {
    name: 'sweep of a country',
    kind: 'burst',
    run: c => enrolments(c, { count: 1_500, hours: 6, countries: oneExpensive }),
  },
  {
    name: 'hop over all countries',
    kind: 'burst',
    run: c => enrolments(c, { count: 1_500, hours: 6, countries: everywhere }),
  },
  {
    name: 'calls to expensive countries',
    kind: 'burst',
    run: c => enrolments(c, { count: 600, hours: 4, countries: expensive, blocks: 8, channel: 'voice' }),
  },
  {
    name: 'home country, owned blocks',
    kind: 'burst',
    run: c => enrolments(c, { count: 1_500, hours: 6, countries: atHome, blocks: 20 }),
  },
  {
    name: 'home country, all numbers',
    kind: 'burst',
    run: c => enrolments(c, { count: 1_500, hours: 6, countries: atHome }),
  },
  {
    name: 'three codes a number',
    kind: 'burst',
    run: c => enrolments(c, { count: 1_200, hours: 4, countries: expensive, codesEach: 3 }),
  },
  {
    name: 'stolen accounts, three numbers each',
    kind: 'burst',
    run: c => enrolments(c, { count: 300, hours: 5, countries: expensive, numbersOfAccount: 3 }),
  },
  {
    name: 'drip, six days, thirty blocks',
    kind: 'slow',
    run: c =>
      enrolments(c, {
        count: 900,
        hours: 144,
        countries: c2 => EXPENSIVE.slice(c2.random.whole(0, 8)).slice(0, 3),
        blocks: 30,
      }),
  },
  {
    name: 'drip, six days, many countries',
    kind: 'slow',
    run: c => enrolments(c, { count: 400, hours: 144, countries: expensive }),
  },
  {
    name: 'drip, six days, home country',
    kind: 'slow',
    run: c => enrolments(c, { count: 500, hours: 144, countries: atHome, blocks: 25 }),
  },
  {
    name: 'answers 30 %',
    kind: 'answering',
    run: c => enrolments(c, { count: 1_000, hours: 6, countries: expensive, answered: 0.3 }),
  },
  {
    name: 'answers 50 %',
    kind: 'answering',
    run: c => enrolments(c, { count: 1_000, hours: 6, countries: oneExpensive, answered: 0.5 }),
  },
  {
    name: 'accounts answered once, resets',
    kind: 'accounts',
    run: c => sleepers(c, { accounts: 60, codesEach: 40, hours: 30, purpose: 'password-reset', answers: 1 }),
  },
  {
    name: 'accounts answered thrice, sign-ins',
    kind: 'accounts',
    run: c =>
      sleepers(c, { accounts: 60, codesEach: 40, hours: 30, purpose: 'mfa-verification', answers: 3 }),
  },
  {
    name: 'accounts that flood from their network',
    kind: 'own network',
    run: c =>
      sleepers(c, {
        accounts: 60,
        codesEach: 40,
        hours: 30,
        purpose: 'mfa-verification',
        answers: 3,
        isSameNetwork: true,
      }),
  },
  {
    name: 'accounts that answer now and then',
    kind: 'own network',
    run: c =>
      sleepers(c, {
        accounts: 40,
        codesEach: 60,
        hours: 72,
        purpose: 'mfa-verification',
        answers: 2,
        isSameNetwork: true,
        answered: 0.15,
      }),
  },
  {
    name: 'within people, from their office',
    kind: 'hidden',
    run: c => enrolments(c, { count: 600, hours: 8, countries: expensive, address: '198.51.100.7' }),
  },
  {
    name: 'within people, home country',
    kind: 'hidden',
    run: c => enrolments(c, { count: 600, hours: 8, countries: atHome }),
  },
  {
    name: 'moves to another block when held',
    kind: 'adaptive',
    run: c => moving(c, { groups: 250, each: 12, isBlocks: true }),
  },
  {
    name: 'moves to another country when held',
    kind: 'adaptive',
    run: c => moving(c, { groups: 250, each: 12, isBlocks: false }),
  },
  {
    name: 'answers 80 %',
    kind: 'bought',
    run: c => enrolments(c, { count: 800, hours: 8, countries: expensive, answered: 0.8 }),
  },
  {
    name: 'outsider against owners, another network',
    kind: 'lock-out',
    run: c => lockOut(c, { where: 'known', each: 8 }),
  },
  {
    name: 'outsider against owners, the same network',
    kind: 'lock-out',
    run: c => lockOut(c, { where: 'same', each: 8 }),
  },
  {
    name: 'outsider against owners who travel',
    kind: 'lock-out',
    run: c => lockOut(c, { where: 'travelling', each: 8 }),
  },
]
