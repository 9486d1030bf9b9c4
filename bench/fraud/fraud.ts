import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { createReplay } from '../../src/advice/fraud/replay.ts'
import { type CreditRules, creditRules } from '../../src/core/policy/credit/rules.ts'
import { replaceReport } from '../report.ts'
import { type Scenario, scenarios, trafficOf } from './scenarios.ts'
import { type Score, score } from './score.ts'
import type { Traffic } from './traffic.ts'

/**
 * `npm run bench:fraud`: made-up people and attacks, decided by the product's own rule. `--seed N` makes other traffic;
 * `--only TEXT` runs the scenarios whose name contains it and writes no page. It takes some minutes.
 */
const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, only: { type: 'string', default: '' } },
})
const seed = Number(values.seed)
if (!Number.isSafeInteger(seed) || seed < 0)
  throw new Error(`--seed is "${values.seed}"; expected a whole number of at least 0`)

/** At most: the attacker's unanswered codes that are sent, and dollars. Source: the goals in docs/fraud.md. */
const GOALS: Readonly<
  Partial<Record<Scenario['kind'], readonly [codes: (score: Score) => number, dollars?: number]>>
> = {
  burst: [() => 50, 10],
  slow: [() => 75, 20],
  answering: [({ phonesAnswered }) => 50 + 0.2 * phonesAnswered],
  accounts: [({ accounts }) => 50 + 4 * accounts],
  'own network': [({ accounts }) => 50 + 9 * accounts],
  hidden: [() => 100, 10],
  adaptive: [() => 200, 15],
}

const HEAD = [
  'org',
  'scenario',
  'asked',
  'limits only',
  'sent',
  '$',
  'before a hold',
  'people refused',
  'enrolling refused',
  'goal',
]
const rows: string[][] = []
const attacked: Score[] = []
for (const scenario of scenarios) {
  if (!`${scenario.org.kind}, ${scenario.name}`.includes(values.only)) continue
  const { traffic, from } = trafficOf(scenario, seed * 1_000 + scenarios.indexOf(scenario))
  const found = judged(traffic, from, creditRules)
  if (GOALS[scenario.kind] !== undefined) attacked.push(found)
  const row = rowOf(scenario, found, judged(traffic, from, 'limits only'))
  if (rows.length === 0) console.log(line(HEAD))
  console.log(line(row))
  rows.push(row)
}
console.log(together(attacked))
if (values.only === '') {
  const page = new URL('../../docs/fraud.md', import.meta.url)
  const report = [HEAD, HEAD.map((_, column) => (column < 2 ? '---' : '---:')), ...rows]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n')
  await writeFile(
    page,
    replaceReport(
      await readFile(page, 'utf8'),
      `Seed ${seed}.\n\n${report}\n\n${together(attacked)}`,
      'bench:fraud',
    ),
  )
}

function judged(traffic: Traffic, from: number, rules: CreditRules | 'limits only'): Score {
  const decide = createReplay(rules)
  return score(
    traffic.labels,
    traffic.events().flatMap(event => decide(event) ?? []),
    from,
  )
}

function rowOf({ org, name, kind }: Scenario, found: Score, limitsOnly: Score): string[] {
  const [codesMax, dollarsMax = Number.POSITIVE_INFINITY] = GOALS[kind] ?? []
  const people = (found.refusedPersonDays / found.personDays) * 10_000
  const enrolling = (found.refusedEnrolling / Math.max(1, found.enrolling)) * 100
  const owners = Object.entries(found.owners).filter(([, [requests]]) => requests > 0)
  const missed = [
    ...(codesMax !== undefined && found.unanswered > codesMax(found)
      ? [`at most ${codesMax(found).toFixed(0)} codes`]
      : []),
    ...(found.dollars > dollarsMax ? [`at most $${dollarsMax}`] : []),
    ...(kind === 'peace' && people > 1 ? ['at most 1 person-day'] : []),
    ...(kind === 'trouble' && enrolling > 0.5 ? ['at most 0.5 % enrolling'] : []),
    ...(codesMax !== undefined && people > 30 ? ['at most 30 person-days'] : []),
    ...(codesMax !== undefined && enrolling > 2 ? ['at most 2 % enrolling'] : []),
  ]
  const hasAttack = found.attempts > 0
  return [
    org.kind,
    name + owners.map(([, [requests, held]]) => ` (owners: ${held} of ${requests} held)`).join(''),
    hasAttack ? String(found.attempts) : '',
    hasAttack ? String(limitsOnly.unanswered) : '',
    hasAttack ? String(found.unanswered) : '',
    hasAttack ? found.dollars.toFixed(1) : '',
    hasAttack ? String(found.firstHold) : '',
    people.toFixed(1),
    `${enrolling.toFixed(1)} %`,
    missed.length === 0 ? 'met' : `**missed**: ${missed.join(', ')}`,
  ]
}

/** One sentence about all attacks. */
function together(scores: readonly Score[]): string {
  const sum = (count: (score: Score) => number): number =>
    scores.reduce((all, score) => all + count(score), 0)
  const people = (sum(score => score.refusedPersonDays) / sum(score => score.personDays)) * 10_000
  const enrolling = (sum(score => score.refusedEnrolling) / sum(score => score.enrolling)) * 100
  const sent = (sum(score => score.unanswered) / sum(score => score.attempts)) * 100
  return `All rows with a goal for codes together: ${sent.toFixed(1)} % of the codes that attackers asked for were sent and not answered; ${people.toFixed(1)} of 10,000 person-days and ${enrolling.toFixed(2)} % of those who enrol were refused.`
}

function line(cells: readonly string[]): string {
  const widths = [10, 52, 6, 12, 6, 6, 14, 15, 18, 0]
  return cells
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join(' ')
    .trimEnd()
}
