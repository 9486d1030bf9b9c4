import type { Examination, Fix } from '../../advice/examination.ts'
import { messageOf } from '../../core/values/printable.ts'
import { explainAwsError } from '../terminal/aws-error.ts'
import { checkCanAsk, confirm } from '../terminal/confirm.ts'
import type { OktaContext } from '../terminal/context.ts'
import { Problem } from '../terminal/problem.ts'
import type { DoctorContext } from './access.ts'
import type { PlannedFix } from './check.ts'
import { describeExamination } from './describe-examination.ts'
import type { Facts } from './facts.ts'
import { type FixOrder, planFixes, whyOrgIsLeft } from './fixes.ts'
import { fixTexts } from './texts.ts'

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

/** The outcome of one part, for programs. */
export type Fixed = {
  readonly fix: Fix
  readonly outcome: 'fixed' | 'failed' | 'skipped'
  readonly changes: readonly string[]
  readonly why?: string
}

export type Examined = { readonly facts: Facts; readonly examination: Examination }

/** Fixes what is safe to fix, then examines everything again. Resolves with the second examination. */
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
    print(`\n${fixTexts.dryRun}`)
    return { examination, fixes: skipped }
  }
  print('')
  if (!options.yes && !(await confirm(context.okta.ask, fixTexts.question))) {
    print(fixTexts.notChanged)
    return { examination, fixes: skipped }
  }
  const say = options.json ? context.doctor.progress : (line: string) => context.print(`  ${line}`)
  const fixes: Fixed[] = []
  for (const plannedFix of plannedFixes) fixes.push(await apply(plannedFix, say))
  print(`\n${fixTexts.again}\n`)
  const after = await look()
  print(describeExamination(after.examination, options.verbose === true))
  return { examination: after.examination, fixes }
}

/** Rejects contradicting options before anything is read. */
export function checkFixOptions(context: OktaContext, options: FixOptions): void {
  const { fix, dryRun, yes, json, org, all, preview, secretFile } = options
  if (!fix) {
    if (!dryRun && !yes && secretFile === undefined) return
    throw new Problem('usage', fixTexts.needsFix)
  }
  if (all) {
    throw new Problem('usage', fixTexts.oneOrg)
  }
  if (dryRun) return
  if (json && !yes) {
    throw new Problem('usage', fixTexts.jsonNeedsYes)
  }
  if (org !== undefined && !preview) {
    throw new Problem('usage', fixTexts.needsPreview)
  }
  checkCanAsk(context.okta, yes)
}

function describeFixes(
  plannedFixes: readonly PlannedFix[],
  { findings }: Examination,
  left: string | undefined,
): string {
  const notes = left === undefined ? [] : [left]
  if (findings.length === 0) return fixTexts.nothingToFix
  if (plannedFixes.length === 0) {
    return [fixTexts.noneFixable, ...notes].join('\n')
  }
  const parts = plannedFixes.map(({ title, description }) => `${title}\n\n${description}`)
  return [fixTexts.planned, ...parts, ...notes].join('\n\n')
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
