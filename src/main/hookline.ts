#!/usr/bin/env node
import { setTimeout } from 'node:timers/promises'
import { Command, CommanderError } from 'commander'
import { coverageCommand } from '../cli/coverage.ts'
import { deliveriesCommand } from '../cli/deliveries.ts'
import { deployCommand } from '../cli/deploy.ts'
import { destroyCommand } from '../cli/destroy.ts'
import { explainCommand } from '../cli/explain.ts'
import { identitiesCommand } from '../cli/identities.ts'
import { limitsCommand } from '../cli/limits.ts'
import { oktaCommand } from '../cli/okta.ts'
import { exitCodes, Problem } from '../cli/problem.ts'
import { protectCommand } from '../cli/protect.ts'
import { sendCommand } from '../cli/send.ts'
import { templatesCommand } from '../cli/templates.ts'
import type { AccountTools, OktaTools } from '../cli/tools.ts'
import { planRules } from '../config/plan-rules.ts'
import { type Environment, readSettings, type Settings } from '../config/settings.ts'
import type { Secret } from '../core/secret.ts'
import { createCloudAccess } from './cloud-access.ts'
import { keyedDigest, readKeptHashKey } from './hash-key.ts'
import { createOktaAccess } from './okta-access.ts'
import { userName } from './user-name.ts'

/** Every command of `hookline`. What a command needs is loaded when it runs. */
function createProgram(environment: Environment): Command {
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
    .action(async options => (await import('./start.ts')).start(options, environment))
  program
    .command('serve')
    .description('Run the hook server with real settings. No stand-ins.')
    .action(async () => (await import('./serve.ts')).serve(environment))
  const tools = createTools(environment)
  sendCommand(program, tools)
  explainCommand(program, tools)
  templatesCommand(program, tools)
  identitiesCommand(program, tools)
  coverageCommand(program, tools)
  limitsCommand(program, tools)
  deliveriesCommand(program, tools)
  deployCommand(program, tools)
  destroyCommand(program, tools)
  protectCommand(program, tools)
  oktaCommand(program, tools)
  return program
}

function createTools(environment: Environment): AccountTools & OktaTools {
  return {
    openStore: async () => (await import('./open-store.ts')).openStore(settingsOf(environment)),
    planRules: () => planRules(settingsOf(environment)),
    print: text => void process.stdout.write(`${text}\n`),
    cloud: createCloudAccess(environment),
    okta: createOktaAccess(environment),
    readAccount: async wanted => {
      const { readAccountIdentities } = await import('../adapters/aws/account-identities.ts')
      return readAccountIdentities(wanted)
    },
    // The SDK does not know AWS_DEFAULT_REGION, which AWS's own command line does.
    homeRegion: () => environment.AWS_REGION || environment.AWS_DEFAULT_REGION || undefined,
    now: Date.now,
    author: userName,
    pause: setTimeout,
    digest: async text => {
      const { withSecretSettings } = await import('./secret-environment.ts')
      return keyedDigest(hashKeyOf(settingsOf(await withSecretSettings(environment))))(text)
    },
  }
}

function settingsOf(environment: Environment): Settings {
  const read = readSettings(environment)
  if (read.kind === 'settings') return read.settings
  throw new Problem('settings', `Settings:\n${read.problems.map(problem => `  ${problem}`).join('\n')}`)
}

/** The key of the settings, else the one that `start` keeps in the data folder. */
function hashKeyOf(settings: Settings): Secret {
  const key = settings.HOOKLINE_HASH_KEY ?? readKeptHashKey(settings.HOOKLINE_DATA_DIR)
  if (key !== undefined) return key
  throw new Problem(
    'settings',
    'HOOKLINE_HASH_KEY is missing: the key with which `serve` stores numbers and users.',
  )
}

const HELP = `
Settings come from the environment: docs/settings.md.

Exit codes:
  ${exitCodes.done}  done
  ${exitCodes.accident}  an accident: a fault of Hookline or of the machine
  ${exitCodes.usage}  a wrong argument or file; nothing was done
  ${exitCodes.settings}  a wrong or missing setting; nothing was done
  ${exitCodes.notSent}  the code was not sent, or would not be
  ${exitCodes.unreachable}  another program does not answer`

try {
  await createProgram(process.env).parseAsync()
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
