import type { Command } from 'commander'
import { inWords } from './aws-trouble.ts'
import type { DoctorTools } from './doctor/access.ts'
import { checks } from './doctor/checks.ts'
import { describeExamination } from './doctor/describe-examination.ts'
import { examine } from './doctor/examine.ts'
import { readFacts } from './doctor/read-facts.ts'
import { SIMULATOR_NUMBER } from './okta-check-hook.ts'
import { readOrgUrl, type WayInOptions } from './okta-way-in.ts'
import { exitCodes, Problem } from './problem.ts'
import { readRegions } from './read-accounts.ts'

type Options = Partial<WayInOptions> & {
  readonly url?: string
  readonly stack?: string
  readonly region?: string
  readonly preview: boolean
  readonly to: string
  readonly verbose?: boolean
  readonly json?: boolean
}

/** `hookline doctor`: is the whole set-up right, from Okta to AWS? Changes nothing. */
export function doctorCommand(program: Command, tools: DoctorTools): void {
  program
    .command('doctor')
    .description(
      "Check the whole set-up, from Okta to AWS: what is wrong, and what to do. Changes nothing; with --org, one text goes to AWS's simulator.",
    )
    .option('--url <url>', "the hook's address: HookUrl of `hookline deploy`, or that of `serve`")
    .option('--stack <name>', 'the deployment on AWS: its settings and its address, instead of those of here')
    .option('--region <region>', 'AWS region (default: AWS_REGION, else that of the profile)')
    .option('--org <url>', 'the org, to check its side too: https://example.okta.com')
    .option('--token-file <file>', 'file with an API token (default: OKTA_API_TOKEN, else it is asked for)')
    .option('--client-id <id>', 'instead of a token: client ID of a service app with admin rights')
    .option('--key-file <file>', 'private key of that service app, PEM or JWK')
    .option('--key-id <kid>', 'ID of that key, where the file does not say it')
    .option(
      '--to <number>',
      "number that Okta's preview texts; the default is AWS's simulator, which bills it",
      SIMULATOR_NUMBER,
    )
    .option('--no-preview', 'have Okta not call the hook: nothing is sent then')
    .option('--verbose', 'list what is well, and what was not checked')
    .option('--json', 'print JSON, for programs')
    .action(async (options: Options) => {
      const { org, url, stack } = options
      const [region, ...more] = readRegions(options.region)
      if (more.length > 0) throw new Problem('usage', '--region is one here.')
      const facts = await readFacts(tools, {
        wayIn: org === undefined ? undefined : { ...options, org: readOrgUrl(org) },
        url,
        stack,
        region,
        previewTo: options.preview ? options.to : undefined,
      }).catch((error: unknown) => {
        throw inWords(error)
      })
      const examination = examine(checks, facts)
      if (examination.findings.some(({ severity }) => severity === 'error')) {
        process.exitCode = exitCodes.notSent
      }
      tools.print(
        options.json
          ? JSON.stringify(examination, undefined, 2)
          : describeExamination(examination, options.verbose === true),
      )
    })
}
