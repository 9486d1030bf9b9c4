import type { Action } from '../../okta/setup/step.ts'
import type { FactName, FactValues } from './facts.ts'

/** `error`: codes do not go out, or not all of them. `warning`: they do, and something deserves a look. */
export type Severity = 'error' | 'warning'

/** One thing that must be true, judged from facts alone. */
export type Check = {
  readonly name: string
  /** What is true when all is right. */
  readonly sentence: string
  /** Of its faults, unless one says another. */
  readonly severity: Severity
  readonly remedy: string
  readonly needs: readonly FactName[]
  /** Each fault; none when all is right. */
  readonly judge: (facts: FactValues) => readonly Fault[]
  /** What was seen, for whoever wants to know more than that all is right. */
  readonly detail?: (facts: FactValues) => string
}

export type Fault = {
  /** What is so, and what it leads to. */
  readonly cause: string
  readonly remedy?: string
  readonly severity?: Severity
  /** What `doctor --fix` can do about it; any of these is enough. A step of the set-up counts only where it would be taken. */
  readonly fixedBy?: readonly FixedBy[]
}

type FixedBy = Action | Exclude<Fix, 'org'>

/** What `doctor --fix` fixes: the org, the templates of the store, the protect configuration. */
export type Fix = (typeof fixes)[number]

/** In the order in which they are applied: Okta's check of the hook needs the others. */
export const fixes = ['templates', 'protect', 'org'] as const

/** One part of what `--fix` does: shown first, applied after somebody agreed. */
export type PlannedFix = {
  readonly fix: Fix
  /** What it changes, above its description. */
  readonly title: string
  /** As a difference, for the person who agrees to it. */
  readonly description: string
  /** Each change in a line, for programs. */
  readonly changes: readonly string[]
  /** Reports each step in a line. Rejects with the reason where it fails. */
  readonly apply: (say: (line: string) => void) => Promise<void>
}

/** A check may look at the facts that it names, and at no others. */
export function defineCheck<Name extends FactName>(
  check: Omit<Check, 'needs' | 'judge' | 'detail'> & {
    readonly needs: readonly Name[]
    readonly judge: (facts: Pick<FactValues, Name>) => readonly Fault[]
    readonly detail?: (facts: Pick<FactValues, Name>) => string
  },
): Check {
  return check
}
