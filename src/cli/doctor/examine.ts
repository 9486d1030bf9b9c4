import type { Examination, Finding, Passed, Severity } from '../../advice/examination.ts'
import type { Check, Fault } from './check.ts'
import type { FactName, Facts, FactValues } from './facts.ts'
import { factTexts, skipTexts } from './texts.ts'

/** Runs the checks over the facts. A fact that could not be read is a finding, once, of the first check that needs it. */
export function examine(checks: readonly Check[], facts: Facts): Examination {
  const findings: Finding[] = []
  const passed: Passed[] = []
  const skipped: { readonly check: string; readonly why: string }[] = []
  const reported = new Set<string>()
  for (const check of checks) {
    const { name, sentence, severity, remedy, needs, detail } = check
    for (const need of needs) {
      const fact = facts[need]
      // One reason, such as an invalid token, may keep several facts from being read.
      if (fact.kind !== 'unread' || reported.has(fact.why)) continue
      reported.add(fact.why)
      findings.push(notRead(check, need, fact.why))
    }
    const missing = needs.map(need => facts[need]).find(fact => fact.kind !== 'read')
    if (missing !== undefined) {
      skipped.push({
        check: name,
        why: missing.kind === 'skipped' ? missing.why : skipTexts.needIsUnread,
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
  return Object.fromEntries(values) as FactValues // a check sees only what it needs (defineCheck)
}

function fixOf(fixedBy: Fault['fixedBy'], { orgFix }: Facts): Pick<Finding, 'fix'> {
  for (const fix of fixedBy ?? []) {
    if (fix === 'templates' || fix === 'protect') return { fix }
    if (orgFix.kind === 'read' && orgFix.value.steps.some(({ action }) => action === fix))
      return { fix: 'org' }
  }
  return {}
}

/** Most messages say what happened, then what to do. An error code of Okta (E0000011) begins no new sentence. */
function notRead({ name, severity, remedy }: Check, need: FactName, why: string): Finding {
  const [happened = '', toDo = remedy] = why.split(/(?<=[.)])\s+(?=[A-Z](?!\d{7}))([\s\S]+)/)
  const { what, isWarning } = factTexts[need]
  return {
    check: name,
    severity: isWarning ? 'warning' : severity,
    cause: `${what} could not be read: ${happened}`,
    remedy: toDo,
  }
}

const SEVERITIES: readonly Severity[] = ['error', 'warning']
