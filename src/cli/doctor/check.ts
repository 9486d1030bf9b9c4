import type { Fix, Severity } from '../../advice/examination.ts'
import type { Action } from '../../okta/setup/step.ts'
import type { FactName, FactValues } from './facts.ts'

/** One thing that must be true, judged from facts alone. Its sentences are in texts.ts. */
export type Check = {
  readonly name: string
  /** What is true if the check passes. */
  readonly sentence: string
  /** Of its faults, unless a fault has its own. */
  readonly severity: Severity
  readonly remedy: string
  readonly needs: readonly FactName[]
  /** Each fault; none if the check passes. */
  readonly judge: (facts: FactValues) => readonly Fault[]
  /** What was seen, for `--verbose`. */
  readonly detail?: (facts: FactValues) => string
}

export type Fault = {
  /** What is wrong, and what follows from it. */
  readonly cause: string
  readonly remedy?: string
  readonly severity?: Severity
  /** What `doctor --fix` can do about it; any of these is enough. A step of the setup counts only if it is planned. */
  readonly fixedBy?: readonly FixedBy[]
}

type FixedBy = Action | Exclude<Fix, 'org'>

/** One part of what `--fix` does: shown first, applied after confirmation. */
export type PlannedFix = {
  readonly fix: Fix
  /** What it changes, above its description. */
  readonly title: string
  /** As a difference, for the person who confirms it. */
  readonly description: string
  /** Each change in a line, for programs. */
  readonly changes: readonly string[]
  /** Reports each step in a line. Rejects with the reason if it fails. */
  readonly apply: (say: (line: string) => void) => Promise<void>
}

/** A check sees only the facts that it names. */
export function defineCheck<Name extends FactName>(
  check: Omit<Check, 'needs' | 'judge' | 'detail'> & {
    readonly needs: readonly Name[]
    readonly judge: (facts: Pick<FactValues, Name>) => readonly Fault[]
    readonly detail?: (facts: Pick<FactValues, Name>) => string
  },
): Check {
  return check
}
