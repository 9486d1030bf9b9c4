#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { exitCodes, Problem } from '../cli/problem.ts'
import type { Environment } from '../config/field.ts'

/** Every command of `hookline`. A server does not wait until the code of all the others is loaded. */
async function createProgram(environment: Environment, wanted: string | undefined): Promise<Command> {
  const program = new Command('hookline')
    .description("Okta's telephony inline hook over AWS End User Messaging.")
    .showHelpAfterError('Add --help for what is allowed.')
    .exitOverride()
    .addHelpText('after', HELP)
  program
    .command('start')
    .description('Run everything on this machine: hook, Okta stand-in, carrier stand-in with its phone page.')
    .option('--okta-port <port>', 'port of the Okta stand-in', '8081')
    .option('--carrier-port <port>', 'port of the End User Messaging stand-in', '8082')
    .option('--empty-org', 'an org with nothing in it, to try `hookline okta` and `hookline doctor` on')
    .option('--aws-port <port>', 'with --empty-org: port of the stand-in for the AWS account', '8083')
    .action(async options => (await import('./start.ts')).start(options, environment))
  program
    .command('serve')
    .description('Run the hook server with real settings. No stand-ins.')
    .action(async () => (await import('./serve.ts')).serve(environment))
  if (wanted !== 'start' && wanted !== 'serve') {
    const { addCommands } = await import('./commands.ts')
    addCommands(program, environment)
  }
  return program
}

const HELP = `
Settings come from the environment: docs/settings.md.

Exit codes:
  ${exitCodes.done}  done
  ${exitCodes.accident}  an accident: a fault of Hookline or of the machine; or a deployment that failed
  ${exitCodes.usage}  a wrong argument or file; nothing was done
  ${exitCodes.settings}  a wrong or missing setting; nothing was done
  ${exitCodes.notSent}  the code was not sent, or would not be; or a check found what is wrong
  ${exitCodes.unreachable}  another program does not answer`

try {
  const program = await createProgram(process.env, process.argv[2])
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage // already said
  } else if (error instanceof Problem) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = error.exitCode
  } else {
    process.stderr.write(`hookline: ${error instanceof Error ? error.message : error}\n`)
    process.exitCode = exitCodes.accident
  }
}
