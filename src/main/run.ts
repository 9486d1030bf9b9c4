import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { type ExitCode, exitCodes, Problem } from '../cli/terminal/problem.ts'
import type { Environment } from '../config/environment.ts'
import { messageOf } from '../core/values/printable.ts'
import { withSecretFiles } from './environment.ts'
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
    const environment = withSecretFiles(input)
    const program = await createProgram(args, environment, streams, exitCode => {
      ended = exitCode
    })
    await program.parseAsync(args, { from: 'user' })
    return ended
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage // already said
    if (error instanceof Problem) {
      say(streams.stderr, `${error.message}\n`)
      return error.exitCode
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

/** All commands by name and description; the called one with its options, and all of them for `completion`. @internal */
export async function createHookline(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  endWith: (exitCode: ExitCode) => void,
): Promise<Command> {
  const called = args[0] === 'help' ? args[1] : args[0]
  const program = newProgram('hookline', streams)
    .description("Okta's telephony inline hook over AWS End User Messaging.")
    .version(readVersion(), '--version', 'print the version')
    .addHelpText('after', HELP)
  program
    .command('start')
    .description('Run everything on this machine: hook, Okta stand-in, carrier stand-in with its phone page.')
    .option('--okta-port <port>', 'port of the Okta stand-in', '8081')
    .option('--carrier-port <port>', 'port of the End User Messaging stand-in', '8082')
    .option('--empty-org', 'an org with nothing in it, to try `hookline okta` and `hookline doctor` on')
    .option('--once', 'show one text and one call, and end: for pipelines')
    .option('--aws-port <port>', 'with --empty-org: port of the stand-in for the AWS account', '8083')
    .action(async options => (await import('./demo/start.ts')).start(options, environment, streams, endWith))
  program
    .command('serve')
    .description('Run the hook server with real settings. No stand-ins.')
    .action(async () => (await import('./server/serve.ts')).serve(environment, streams))
  program
    .command('healthz')
    .description(
      'Ask the server with these settings whether it answers: for the health check of a container.',
    )
    .action(async () => (await import('./server/healthz.ts')).askHealth(environment))
  program
    .command('backup')
    .description('Copy the store of a server to a file, while the server uses it.')
    .argument('<file>', 'a new file')
    .action(async file => (await import('./server/backup.ts')).backup(file, environment, streams))
  // A server does not wait for the code of the others.
  if (['start', 'serve', 'healthz', 'backup'].includes(called ?? '')) return program

  const { commands, createContext } = await import('./commands/commands.ts')
  for (const { name, description, load } of commands) {
    const command = program.command(name).description(description)
    if (name !== called && called !== 'completion') continue
    const [addTo, context] = await Promise.all([load(), createContext(environment, streams, endWith)])
    addTo(command, context)
  }
  const completion = program
    .command('completion')
    .description('Print a script with which your shell completes commands, options and values.')
  if (called === 'completion') {
    const { completionCommand } = await import('../cli/completion/completion.ts')
    const { shippedTemplates } = await import('./shipped-templates.ts')
    const languages = new Set(shippedTemplates.map(({ locale }) => locale))
    const print = (text: string): void => say(streams.stdout, `${text}\n`)
    completionCommand(completion, { print }, program, [...languages])
  }
  return program
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return String(version)
}

/** A program that `run` can run: it throws where it would end the process, and prints only what is printable. */
export function newProgram(name: string, streams: Streams): Command {
  return new Command(name)
    .showHelpAfterError('Add --help for what is allowed.')
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
  ${exitCodes.internalError}    an internal error: a fault of Hookline or of the machine; or a deployment that failed
  ${exitCodes.usage}    a wrong argument or file; nothing was done
  ${exitCodes.settings}    a wrong or missing setting; nothing was done
  ${exitCodes.notSent}    the code was not sent, or would not be; or a check found what is wrong
  ${exitCodes.unreachable}    another program does not answer
  ${exitCodes.interrupted}  ended by Ctrl-C`
