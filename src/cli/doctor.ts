import type { Command } from 'commander'
import { inWords } from './aws-trouble.ts'
import type { DoctorTools } from './doctor/access.ts'
import { checks } from './doctor/checks.ts'
import { countChecks, describeExamination, hasErrors } from './doctor/describe-examination.ts'
import { type Examination, examine } from './doctor/examine.ts'
import { readFacts } from './doctor/read-facts.ts'
import { addOrgs, inOrgs } from './in-orgs.ts'
import { SIMULATOR_NUMBER } from './okta-check-hook.ts'
import { addWayIn, readOrgUrl } from './okta-way-in.ts'
import type { OrgsOptions } from './org-turn.ts'
import { exitCodes, Problem } from './problem.ts'
import { readRegions } from './read-accounts.ts'

type Options = OrgsOptions & {
  readonly url?: string
  readonly stack?: string
  readonly region?: string
  readonly preview: boolean
  readonly to: string
  readonly verbose?: boolean
}

/** `hookline doctor`: is the whole set-up right, from Okta to AWS? Changes nothing. */
export function doctorCommand(program: Command, tools: DoctorTools): void {
  const command = program
    .command('doctor')
    .description(
      "Check the whole set-up, from Okta to AWS: what is wrong, and what to do. Changes nothing; with --org, one text goes to AWS's simulator.",
    )
    .option('--url <url>', "the hook's address: HookUrl of `hookline deploy`, or that of `serve`")
    .option('--stack <name>', 'the deployment on AWS: its settings and its address, instead of those of here')
    .option('--region <region>', 'AWS region (default: AWS_REGION, else that of the profile)')
  addWayIn(addOrgs(command))
    .option(
      '--to <number>',
      "number that Okta's preview texts; the default is AWS's simulator, which bills it",
      SIMULATOR_NUMBER,
    )
    .option('--no-preview', 'have Okta not call the hook: nothing is sent then')
    .option('--verbose', 'list what is well, and what was not checked')
    .option('--json', 'print JSON, for programs')
    .action(async (options: Options) => {
      if (options.org === undefined && !options.all) {
        const examination = await tell(tools, options, undefined)
        if (hasErrors(examination)) process.exitCode = exitCodes.notSent
        return
      }
      await inOrgs(tools, options, 'looks', async ({ tools: own, options: asked, name }) => {
        const { progress } = own.doctor
        const doctor = { ...own.doctor, progress: name === undefined ? progress : named(progress, name) }
        const examination = await tell({ ...own, doctor }, asked, name)
        const [first] = examination.findings
        const cause = first === undefined ? '' : ` ${first.check}: ${first.cause}`
        return { isGood: !hasErrors(examination), text: `${countChecks(examination)}${cause}` }
      })
    })
}

/** Reads and checks all of it, and prints what was found. */
async function tell(tools: DoctorTools, options: Options, name: string | undefined): Promise<Examination> {
  const { org, url, stack } = options
  const [region, ...more] = readRegions(options.region)
  if (more.length > 0) throw new Problem('usage', '--region is one here.')
  const facts = await readFacts(tools, {
    wayIn: org === undefined ? undefined : { ...options, org: readOrgUrl(org) },
    name,
    url,
    stack,
    region,
    previewTo: options.preview ? options.to : undefined,
  }).catch((error: unknown) => {
    throw inWords(error)
  })
  const examination = examine(checks, facts)
  tools.print(
    options.json
      ? JSON.stringify(examination, undefined, 2)
      : describeExamination(examination, options.verbose === true),
  )
  return examination
}

function named(progress: (text: string) => void, name: string): (text: string) => void {
  return text => progress(`${name}: ${text}`)
}
