import type { Check, Fault, Fix, Severity } from './check.ts'
import type { FactName, Facts, FactValues } from './facts.ts'

/** @internal */
export type Finding = {
  readonly check: string
  readonly severity: Severity
  readonly cause: string
  readonly remedy: string
  /** Which part of `doctor --fix` fixes it, if one does. */
  readonly fix?: Fix
}

type Passed = {
  readonly check: string
  readonly sentence: string
  /** What was seen, where there is something to tell. */
  readonly detail?: string
}

export type Examination = {
  /** Errors first; of one severity in the order of the checks. */
  readonly findings: readonly Finding[]
  readonly passed: readonly Passed[]
  readonly skipped: readonly { readonly check: string; readonly why: string }[]
}

/** Runs the checks over the facts. What kept a fact from being read is a finding, once, at the first check that needs it. */
export function examine(checks: readonly Check[], facts: Facts): Examination {
  const findings: Finding[] = []
  const passed: Passed[] = []
  const skipped: { readonly check: string; readonly why: string }[] = []
  const reported = new Set<string>()
  for (const check of checks) {
    const { name, sentence, severity, remedy, needs, detail } = check
    for (const need of needs) {
      const fact = facts[need]
      // One reason, such as a token that is not valid, may keep several facts from being read.
      if (fact.kind !== 'unread' || reported.has(fact.why)) continue
      reported.add(fact.why)
      findings.push(notRead(check, need, fact.why))
    }
    const missing = needs.map(need => facts[need]).find(fact => fact.kind !== 'read')
    if (missing !== undefined) {
      skipped.push({
        check: name,
        why: missing.kind === 'skipped' ? missing.why : 'What it needs was not read.',
      })
      continue
    }
    const values = valuesOf(needs, facts)
    const faults = check.judge(values)
    if (faults.length === 0)
      passed.push({ check: name, sentence, ...(detail !== undefined && { detail: detail(values) }) })
    findings.push(
      ...faults.map(({ fixedBy, ...fault }) => ({
        check: name,
        severity,
        remedy,
        ...fault,
        ...fixOf(fixedBy, facts),
      })),
    )
  }
  return {
    findings: SEVERITIES.flatMap(one => findings.filter(({ severity }) => severity === one)),
    passed,
    skipped,
  }
}

function valuesOf(needs: readonly FactName[], facts: Facts): FactValues {
  const values = needs.map(need => {
    const fact = facts[need]
    return [need, fact.kind === 'read' ? fact.value : undefined]
  })
  return Object.fromEntries(values) as FactValues // the checks look at what they need only (defineCheck)
}

function fixOf(fixedBy: Fault['fixedBy'], { orgFix }: Facts): Pick<Finding, 'fix'> {
  for (const fix of fixedBy ?? []) {
    if (fix === 'templates' || fix === 'protect') return { fix }
    if (orgFix.kind === 'read' && orgFix.value.steps.some(({ action }) => action === fix))
      return { fix: 'org' }
  }
  return {}
}

/** Most messages say what happened, and then what to do; an error code of Okta (E0000011) belongs to the former. */
function notRead({ name, severity, remedy }: Check, need: FactName, why: string): Finding {
  const [happened = '', toDo = remedy] = why.split(/(?<=[.)])\s+(?=[A-Z](?!\d{7}))([\s\S]+)/)
  const { what, isWarning } = FACTS[need]
  return {
    check: name,
    severity: isWarning ? 'warning' : severity,
    cause: `${what} could not be read: ${happened}`,
    remedy: toDo,
  }
}

const SEVERITIES: readonly Severity[] = ['error', 'warning']

/** `isWarning`: codes may go out although this is not known. */
const FACTS: Readonly<Record<FactName, { readonly what: string; readonly isWarning: boolean }>> = {
  settingProblems: { what: 'The settings', isWarning: false },
  settings: { what: 'The settings', isWarning: false },
  clocks: { what: 'The time of others', isWarning: true },
  issuer: { what: "The issuer's metadata and keys", isWarning: false },
  policy: { what: 'The store', isWarning: false },
  credentials: { what: 'The AWS account', isWarning: false },
  region: { what: 'The region', isWarning: false },
  tier: { what: 'The account tier', isWarning: true },
  spendLimits: { what: 'The spend limits', isWarning: true },
  configurationSet: { what: 'The configuration set', isWarning: true },
  protect: { what: 'The protect configuration', isWarning: true },
  identities: { what: "The account's identities", isWarning: true },
  functionCode: { what: 'The code of the functions', isWarning: true },
  oktaAddresses: { what: "Okta's published addresses", isWarning: true },
  endpoint: { what: "The hook's endpoint", isWarning: false },
  org: { what: "The org's set-up", isWarning: false },
  tokens: { what: "The org's set-up", isWarning: false },
  preview: { what: 'A preview', isWarning: true },
  claims: { what: "Okta's access token", isWarning: true },
  failOvers: { what: 'The System Log', isWarning: true },
  ownTelephony: { what: 'The System Log', isWarning: true },
  enrolment: { what: 'The enrolment policies', isWarning: true },
  signOn: { what: 'The authentication policies', isWarning: true },
  providers: { what: "Okta's own telephony", isWarning: true },
  orgFix: { what: 'What --fix would do', isWarning: true },
}
