import { messageOf } from '../../core/values/printable.ts'
import { explainAwsError } from '../terminal/aws-error.ts'
import { checkCanAsk, confirm } from '../terminal/confirm.ts'
import type { OktaContext } from '../terminal/context.ts'
import { Problem } from '../terminal/problem.ts'
import type { DoctorContext } from './access.ts'
import type { Fix, PlannedFix } from './check.ts'
import { describeExamination } from './describe-examination.ts'
import type { Examination } from './examine.ts'
import type { Facts } from './facts.ts'
import { type FixOrder, planFixes, whyOrgIsLeft } from './fixes.ts'

export type FixOptions = {
  readonly fix?: boolean
  readonly dryRun?: boolean
  readonly yes?: boolean
  readonly secretFile?: string
  readonly json?: boolean
  readonly verbose?: boolean
  readonly org?: string
  readonly all?: boolean
  readonly preview: boolean
}

/** What became of one part, for programs. */
export type Fixed = {
  readonly fix: Fix
  readonly outcome: 'fixed' | 'failed' | 'skipped'
  readonly changes: readonly string[]
  readonly why?: string
}

export type Examined = { readonly facts: Facts; readonly examination: Examination }

/** Fixes what is safe to fix, and examines everything again: it resolves with the second examination. */
export async function fixFindings(
  context: DoctorContext,
  options: FixOptions,
  order: FixOrder,
  look: () => Promise<Examined>,
): Promise<{ readonly examination: Examination; readonly fixes: readonly Fixed[] }> {
  const print = options.json ? () => undefined : context.print
  const { facts, examination } = await look()
  const plannedFixes = await planFixes(context, facts, examination, order)
  const left = whyOrgIsLeft(facts, examination)
  print(describeExamination(examination, options.verbose === true))
  print(`\n${describeFixes(plannedFixes, examination, left)}`)
  const skipped = plannedFixes.map(({ fix, changes }) => ({ fix, outcome: 'skipped' as const, changes }))
  if (plannedFixes.length === 0) return { examination, fixes: [] }
  if (options.dryRun) {
    print('\nNothing was changed: a dry run.')
    return { examination, fixes: skipped }
  }
  print('')
  if (!options.yes && !(await confirm(context.okta.ask, 'Make these changes?'))) {
    print('Nothing was changed.')
    return { examination, fixes: skipped }
  }
  const say = options.json ? context.doctor.progress : (line: string) => context.print(`  ${line}`)
  const fixes: Fixed[] = []
  for (const plannedFix of plannedFixes) fixes.push(await apply(plannedFix, say))
  print('\nChecking again:\n')
  const after = await look()
  print(describeExamination(after.examination, options.verbose === true))
  return { examination: after.examination, fixes }
}

/** Rejects contradicting options before anything is read. */
export function checkFixOptions(context: OktaContext, options: FixOptions): void {
  const { fix, dryRun, yes, json, org, all, preview, secretFile } = options
  if (!fix) {
    if (!dryRun && !yes && secretFile === undefined) return
    throw new Problem(
      'usage',
      '--dry-run, --yes and --secret-file go with --fix: doctor alone changes nothing.',
    )
  }
  if (all) {
    throw new Problem('usage', '--fix works on one org at a time. Name it with --org instead of --all.')
  }
  if (dryRun) return
  if (json && !yes) {
    throw new Problem(
      'usage',
      '--fix with --json asks nobody. Add --yes to make the changes, or --dry-run to see them only.',
    )
  }
  if (org !== undefined && !preview) {
    throw new Problem(
      'usage',
      '--fix lets Okta call the hook after the fix, and --no-preview forbids the call. Leave one of them out, or add --dry-run.',
    )
  }
  checkCanAsk(context.okta, yes)
}

function describeFixes(
  plannedFixes: readonly PlannedFix[],
  { findings }: Examination,
  left: string | undefined,
): string {
  const notes = left === undefined ? [] : [left]
  if (findings.length === 0) return 'Nothing to fix.'
  if (plannedFixes.length === 0) {
    return ['--fix cannot fix any of this; each finding says what to do.', ...notes].join('\n')
  }
  const parts = plannedFixes.map(({ title, description }) => `${title}\n\n${description}`)
  return ['--fix changes this:', ...parts, ...notes].join('\n\n')
}

async function apply(
  { fix, title, changes, apply: run }: PlannedFix,
  say: (line: string) => void,
): Promise<Fixed> {
  try {
    await run(say)
    return { fix, outcome: 'fixed', changes }
  } catch (error) {
    const known = explainAwsError(error)
    const why = messageOf(known)
    say(`✗ ${title}: ${why}`)
    return { fix, outcome: 'failed', changes, why }
  }
}
