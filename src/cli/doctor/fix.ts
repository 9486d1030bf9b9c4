import { messageOf } from '../../core/values/message-of.ts'
import { checkCanAsk } from '../okta/credential.ts'
import { inWords } from '../terminal/aws-error.ts'
import { confirm } from '../terminal/confirm.ts'
import type { OktaTools } from '../terminal/context.ts'
import { Problem } from '../terminal/problem.ts'
import type { DoctorTools } from './access.ts'
import type { Fix } from './check.ts'
import { describeExamination } from './describe-examination.ts'
import type { Examination } from './examine.ts'
import type { Facts } from './facts.ts'
import { type AskedToFix, planRepairs, whyOrgIsLeft } from './fixes/plan-repairs.ts'
import type { Repair } from './fixes/repair.ts'

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
  readonly outcome: 'made' | 'failed' | 'not made'
  readonly changes: readonly string[]
  readonly why?: string
}

export type Looked = { readonly facts: Facts; readonly examination: Examination }

/** Puts right what is safe to, and looks again: what it resolves with is how things are then. */
export async function fixFindings(
  tools: DoctorTools,
  options: FixOptions,
  asked: AskedToFix,
  look: () => Promise<Looked>,
): Promise<{ readonly examination: Examination; readonly fixes: readonly Fixed[] }> {
  const print = options.json ? () => undefined : tools.print
  const { facts, examination } = await look()
  const repairs = await planRepairs(tools, facts, examination, asked)
  const left = whyOrgIsLeft(facts, examination)
  print(describeExamination(examination, options.verbose === true))
  print(`\n${describeRepairs(repairs, examination, left)}`)
  const notMade = repairs.map(({ fix, changes }) => ({ fix, outcome: 'not made' as const, changes }))
  if (repairs.length === 0) return { examination, fixes: [] }
  if (options.dryRun) {
    print('\nNothing was changed: a dry run.')
    return { examination, fixes: notMade }
  }
  print('')
  if (!options.yes && !(await confirm(tools.okta.ask, 'Make these changes?'))) {
    print('Nothing was changed.')
    return { examination, fixes: notMade }
  }
  const say = options.json ? tools.doctor.progress : (line: string) => tools.print(`  ${line}`)
  const fixes: Fixed[] = []
  for (const repair of repairs) fixes.push(await make(repair, say))
  print('\nLooking again:\n')
  const after = await look()
  print(describeExamination(after.examination, options.verbose === true))
  return { examination: after.examination, fixes }
}

/** What cannot be meant is said before anything is read. */
export function checkFixOptions(tools: OktaTools, options: FixOptions): void {
  const { fix, dryRun, yes, json, org, all, preview, secretFile } = options
  if (!fix) {
    if (!dryRun && !yes && secretFile === undefined) return
    throw new Problem(
      'usage',
      '--dry-run, --yes and --secret-file go with --fix: doctor alone changes nothing.',
    )
  }
  if (all) {
    throw new Problem('usage', '--fix puts right one org at a time. Give it with --org instead of --all.')
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
      '--fix has Okta call the hook once it is put right, and --no-preview has it not called. Leave one of them out, or add --dry-run.',
    )
  }
  checkCanAsk(tools, yes)
}

function describeRepairs(
  repairs: readonly Repair[],
  { findings }: Examination,
  left: string | undefined,
): string {
  const notes = left === undefined ? [] : [left]
  if (findings.length === 0) return 'Nothing has to be put right.'
  if (repairs.length === 0) {
    return [
      'Nothing of this can be put right by --fix; what to do stands beside each finding.',
      ...notes,
    ].join('\n')
  }
  const parts = repairs.map(({ title, description }) => `${title}\n\n${description}`)
  return ['--fix changes this:', ...parts, ...notes].join('\n\n')
}

async function make({ fix, title, changes, make: run }: Repair, say: (line: string) => void): Promise<Fixed> {
  try {
    await run(say)
    return { fix, outcome: 'made', changes }
  } catch (error) {
    const known = inWords(error)
    const why = messageOf(known)
    say(`✗ ${title}: ${why}`)
    return { fix, outcome: 'failed', changes, why }
  }
}
