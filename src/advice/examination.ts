/** `error`: some or all codes do not go out. `warning`: they do, but something needs attention. */
export type Severity = 'error' | 'warning'

/** What `doctor --fix` fixes: the org, the templates of the store, the protect configuration. */
export type Fix = (typeof fixes)[number]

/** In the order in which they are applied: Okta's check of the hook needs the others. */
export const fixes = ['templates', 'protect', 'org'] as const

export type Finding = {
  readonly check: string
  readonly severity: Severity
  readonly cause: string
  readonly remedy: string
  /** Which part of `doctor --fix` fixes it, if one does. */
  readonly fix?: Fix
}

export type Passed = {
  readonly check: string
  readonly sentence: string
  /** What was seen, if there is something to report. */
  readonly detail?: string
}

/** The results of all checks of `hookline doctor`. */
export type Examination = {
  /** Errors first; of one severity in the order of the checks. */
  readonly findings: readonly Finding[]
  readonly passed: readonly Passed[]
  readonly skipped: readonly { readonly check: string; readonly why: string }[]
}

export function hasErrors({ findings }: Examination): boolean {
  return findings.some(({ severity }) => severity === 'error')
}

/** `1 error, 0 warnings, 21 passed, 3 skipped.` */
export function countChecks({ findings, passed, skipped }: Examination): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const parts = [
    ...(findings.length === 0 ? [] : [count(errors, 'error'), count(findings.length - errors, 'warning')]),
    `${passed.length} passed`,
    ...(skipped.length === 0 ? [] : [`${skipped.length} skipped`]),
  ]
  return `${parts.join(', ')}.`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
