import type { Fix } from '../check.ts'

/** One part of what `--fix` does: shown first, made once somebody agreed. */
export type PlannedFix = {
  readonly fix: Fix
  /** What it changes, above its description. */
  readonly title: string
  /** As a difference, for the person who is asked. */
  readonly description: string
  /** Each change in a line, for programs. */
  readonly changes: readonly string[]
  /** Says each step in a line. Rejects with what keeps it from being made. */
  readonly make: (say: (line: string) => void) => Promise<void>
}
