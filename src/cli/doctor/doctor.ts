import type { Command } from 'commander'
import { countChecks, type Examination, hasErrors } from '../../advice/examination.ts'
import { SIMULATOR_NUMBER } from '../okta/check-hook.ts'
import { addCredentialOptions, askingOnce, readOrgUrl } from '../okta/credential.ts'
import type { OrgsOptions } from '../okta/in-orgs.ts'
import { addOrgs, inOrgs } from '../okta/in-orgs.ts'
import { explainAwsError } from '../terminal/aws-error.ts'
import { readRegions } from '../terminal/option-values.ts'
import { exitCodes, Problem } from '../terminal/problem.ts'
import type { DoctorContext } from './access.ts'
import { checks } from './checks.ts'
import { describeExamination } from './describe-examination.ts'
import { examine } from './examine.ts'
import { checkFixOptions, type Examined, type FixOptions, fixFindings } from './fix.ts'
import { readFacts, type Target } from './read-facts.ts'
import { readTexts } from './texts.ts'

type Options = OrgsOptions &
  FixOptions & {
    readonly url?: string
    readonly stack?: string
    readonly region?: string
    readonly to: string
  }

/** `hookline doctor`: checks everything from Okta to AWS. Only `--fix` changes anything. */
export function doctorCommand(command: Command, context: DoctorContext): void {
  command
    .option('--url <url>', 'address of the hook: HookUrl of `hookline deploy`, or the address of `serve`')
    .option('--stack <name>', 'deployment on AWS: use its settings and address, not those of the environment')
    .option('--region <region>', "AWS region (default: AWS_REGION, else the profile's region)")
  addCredentialOptions(addOrgs(command))
    .option(
      '--to <number>',
      "number that Okta's preview sends a text to; the default is AWS's simulator number, which is billed",
      SIMULATOR_NUMBER,
    )
    .option('--no-preview', 'do not have Okta call the hook; nothing is sent')
    .option('--fix', 'fix what is safe to fix: show the changes, ask, apply them and check again')
    .option('--dry-run', 'with --fix: only show the changes')
    .option('--yes', 'with --fix: do not ask, for pipelines')
    .option(
      '--secret-file <file>',
      "with --fix: file with the hook's secret (default: HOOKLINE_SECRETS, else asked for)",
    )
    .option('--verbose', 'also list what passed and what was skipped')
    .option('--json', 'print JSON, for programs')
    .action(async (options: Options) => {
      checkFixOptions(context, options)
      if (options.org === undefined && !options.all) {
        const examination = await report(context, options, undefined)
        if (hasErrors(examination)) context.endWith(exitCodes.notSent)
        return
      }
      await inOrgs(context, options, 'reads', async ({ context: own, options: target, name }) => {
        const { progress } = own.doctor
        const doctor = { ...own.doctor, progress: name === undefined ? progress : named(progress, name) }
        const examination = await report({ ...own, doctor }, target, name)
        const [first] = examination.findings
        const cause = first === undefined ? '' : ` ${first.check}: ${first.cause}`
        return { isGood: !hasErrors(examination), text: `${countChecks(examination)}${cause}` }
      })
    })
}

/** Reads and checks everything, prints the findings, and fixes them with `--fix`. */
async function report(
  context: DoctorContext,
  options: Options,
  name: string | undefined,
): Promise<Examination> {
  const { org, url, stack, to, secretFile } = options
  const [region, ...more] = readRegions(options.region)
  if (more.length > 0) throw new Problem('usage', readTexts.oneRegion)
  const credential = org === undefined ? undefined : { ...options, org: readOrgUrl(org) }
  const previewTo = options.preview ? to : undefined
  const patient = { ...context, okta: askingOnce(context.okta) }
  const look = () => examineOnce(patient, { credential, name, url, stack, region, previewTo })
  const { examination, fixes } = options.fix
    ? await fixFindings(patient, options, { credential, to, secretFile }, look)
    : { ...(await look()), fixes: undefined }
  if (options.json) context.print(JSON.stringify({ ...examination, fixes }, undefined, 2))
  else if (!options.fix) context.print(describeExamination(examination, options.verbose === true))
  return examination
}

/** Rejects with a problem that a person can act on. */
export async function examineOnce(context: DoctorContext, target: Target): Promise<Examined> {
  try {
    const facts = await readFacts(context, target)
    return { facts, examination: examine(checks, facts) }
  } catch (error) {
    throw explainAwsError(error)
  }
}

function named(progress: (text: string) => void, name: string): (text: string) => void {
  return text => progress(`${name}: ${text}`)
}
