import process from 'node:process'
import { Command, CommanderError } from 'commander'
import { type ExitCode, exitCodes, Problem } from '../cli/terminal/problem.ts'
import type { Environment } from '../config/environment.ts'
import { RefusedForm } from '../core/records/stored-form.ts'
import { messageOf } from '../core/values/printable.ts'
import { withSecretFiles } from './environment.ts'
import { type Package, readPackage } from './package.ts'
import { type Streams, say } from './terminal.ts'

/**
 * `hookline` as a function: runs one command and resolves with its exit code. Everything that it reads and writes is an
 * argument, except the credentials and addresses that AWS's SDK reads from `process.env`.
 */
export async function run(
  args: readonly string[],
  input: Environment,
  streams: Streams,
  createProgram: CreateProgram = createHookline,
): Promise<ExitCode> {
  let ended: ExitCode = exitCodes.done
  try {
    const problem = nodeProblem(readPackage(), process.versions.node)
    if (problem !== undefined) throw new Problem('settings', problem)
    const environment = withSecretFiles(input)
    const program = await createProgram(args, environment, streams, exitCode => {
      ended = exitCode
    })
    await program.parseAsync(args, { from: 'user' })
    return ended
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage // commander has printed it
    if (error instanceof Problem) {
      say(streams.stderr, `${error.message}\n`)
      return error.exitCode
    }
    if (error instanceof RefusedForm) {
      say(streams.stderr, `${error.message}\n`)
      return exitCodes.settings
    }
    say(streams.stderr, `hookline: ${messageOf(error)}\n`)
    return exitCodes.internalError
  }
}

/** A program with commands. It throws on mistakes of the user, and reports the exit code of a command by `endWith`. */
export type CreateProgram = (
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  endWith: (exitCode: ExitCode) => void,
) => Promise<Command>

/** All commands with their descriptions. Only the called one has its options, except for `completion`, which needs all. @internal */
export async function createHookline(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  endWith: (exitCode: ExitCode) => void,
): Promise<Command> {
  const called = args[0] === 'help' ? args[1] : args[0]
  const program = newProgram('hookline', streams)
    .description("Okta's telephony inline hook over AWS End User Messaging.")
    .version(readPackage().version, '--version', 'print the version')
    .addHelpText('after', HELP)
  program
    .command('start')
    .description(
      'Run everything on this machine: the hook, and stand-ins for Okta and the carrier, with a phone page.',
    )
    .option('--okta-port <port>', 'port of the Okta stand-in', '8081')
    .option('--carrier-port <port>', 'port of the End User Messaging stand-in', '8082')
    .option('--empty-org', 'start with an empty org, to try `hookline okta` and `hookline doctor`')
    .option('--aws', 'run the functions of the deployment, behind API Gateway, with stand-ins for AWS')
    .option('--one-function', 'with --aws: one function answers Okta, without an authorizer')
    .option(
      '--attack',
      'show a toll fraud attack being held while people get their codes, in a store of its own',
    )
    .option('--once', 'show one text and one call, then end; for pipelines')
    .option('--aws-port <port>', 'with --empty-org: port of the stand-in for the AWS account', '8083')
    .action(async options => (await import('./demo/start.ts')).start(options, environment, streams, endWith))
  program
    .command('serve')
    .description('Run the hook server with real settings, without stand-ins.')
    .action(async () => (await import('./server/serve.ts')).serve(environment, streams))
  program
    .command('healthz')
    .description('Check that the server with these settings answers; for the health check of a container.')
    .action(async () => (await import('./server/healthz.ts')).askHealth(environment))
  program
    .command('backup')
    .description('Copy the store to a file, also while a server uses it.')
    .argument('<file>', 'a new file')
    .action(async file => (await import('./server/backup.ts')).backup(file, environment, streams))
  program
    .command('console')
    .description(
      "Show the console on this machine: what happened to a person's code, figures, findings and changes.",
    )
    .option('--port <port>', 'port on loopback; 0 selects a free one', '8085')
    .option('--read-only', 'allow no changes')
    .option('--stack <name>', 'deployment on AWS: use its table and settings, with your credentials')
    .option('--region <region>', "with --stack: AWS region (default: AWS_REGION, else the profile's region)")
    .action(async options =>
      (await import('./console/console-command.ts')).consoleCommand(options, environment, streams),
    )
  // These commands start without loading the code of the others.
  if (['start', 'serve', 'healthz', 'backup', 'console'].includes(called ?? '')) return program

  const { commands, createContext } = await import('./commands/commands.ts')
  for (const { name, description, load } of commands) {
    const command = program.command(name).description(description)
    if (name !== called && called !== 'completion') continue
    const [addTo, context] = await Promise.all([load(), createContext(environment, streams, endWith)])
    addTo(command, context)
  }
  const completion = program
    .command('completion')
    .description('Print a script that completes commands, options and values in your shell.')
  if (called === 'completion') {
    const { completionCommand } = await import('../cli/completion/completion.ts')
    const { shippedTemplates } = await import('./shipped-templates.ts')
    const languages = new Set(shippedTemplates.map(({ locale }) => locale))
    const print = (text: string): void => say(streams.stdout, `${text}\n`)
    completionCommand(completion, { print }, program, [...languages])
  }
  return program
}

/** Only the installed package names its oldest Node: the sources come with the right one. @internal */
export function nodeProblem({ engines }: Package, version: string): string | undefined {
  const oldest = engines?.node.replace('>=', '')
  return oldest === undefined || version.localeCompare(oldest, 'en', { numeric: true }) >= 0
    ? undefined
    : `Hookline needs Node ${oldest} or later. This is Node ${version}.`
}

/** A program for `run`: it throws instead of ending the process, and prints only printable characters. */
export function newProgram(name: string, streams: Streams): Command {
  return new Command(name)
    .showHelpAfterError('Add --help to see what is allowed.')
    .exitOverride()
    .configureOutput({
      writeOut: text => say(streams.stdout, text),
      writeErr: text => say(streams.stderr, text),
    })
}

const HELP = `
Settings come from the environment: docs/settings.md.

Exit codes:
  ${exitCodes.done}    done
  ${exitCodes.internalError}    an internal error of Hookline or of the machine, or a failed deployment
  ${exitCodes.usage}    a wrong argument or file; nothing was changed
  ${exitCodes.settings}    a wrong or missing setting; nothing was changed
  ${exitCodes.notSent}    the code was not sent or would not be, a check found an error, or something is left to erase
  ${exitCodes.unreachable}    another program does not answer
  ${exitCodes.interrupted}  ended by Ctrl-C`
