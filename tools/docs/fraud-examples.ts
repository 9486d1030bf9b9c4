import { explainHold, explainOverride, textOfExplanation } from '../../src/core/policy/credit/explain.ts'
import type { Hold } from '../../src/core/policy/credit/verdict.ts'

/** For docs/fraud.md: explanations as the log, `deliveries` and `explain` print them. */
export function fraudExamples(): string {
  const explanations = [
    ...HOLDS.map(hold => explainHold(hold, 'VE')),
    explainOverride(
      { what: 'allow', whom: { kind: 'prefix', digits: '5841277' }, ...BY, because: 'our own test phones' },
      [14, 11],
    ),
    explainOverride(
      {
        what: 'expect',
        whom: { kind: 'country', country: 'VE' },
        count: 60,
        ...BY,
        because: 'the office in Caracas opens',
      },
      [23, 19],
    ),
  ]
  return explanations.map(one => `- \`${one.reason}\` ${textOfExplanation(one)}\n`).join('')
}

const SINCE = Date.UTC(2026, 10, 28, 10, 2)
const COUNTS = { codes: 8, answers: 1, since: SINCE, probeAt: SINCE + 20 * 60_000 } as const
const HOLDS: readonly Hold[] = [
  { reason: 'FRAUD_BLOCK', group: 'p4:58412771', ...COUNTS },
  { reason: 'FRAUD_NETWORK', group: 'ip:203.0.113', ...COUNTS },
  { reason: 'FRAUD_NEW_COUNTRIES', group: 'new:', ...COUNTS },
  { reason: 'NUMBER_STRANGE_NETWORK', ...COUNTS, codes: 4, answers: 0 },
  { reason: 'NUMBER_UNPROVEN', codes: 3, answers: 0, since: SINCE },
]
const BY = { author: 'lee', at: SINCE, until: SINCE + 7 * 86_400_000 } as const
