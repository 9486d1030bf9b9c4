import { setTimeout } from 'node:timers/promises'
import type { Command } from 'commander'
import { coverageCommand } from '../cli/coverage.ts'
import { deliveriesCommand } from '../cli/deliveries.ts'
import { deployCommand } from '../cli/deploy.ts'
import { destroyCommand } from '../cli/destroy.ts'
import type { DoctorTools } from '../cli/doctor/access.ts'
import { doctorCommand } from '../cli/doctor.ts'
import { explainCommand } from '../cli/explain.ts'
import { identitiesCommand } from '../cli/identities.ts'
import { limitsCommand } from '../cli/limits.ts'
import type { ObserveTools } from '../cli/observe/access.ts'
import { observeCommand } from '../cli/observe.ts'
import { oktaCommand } from '../cli/okta.ts'
import { Problem } from '../cli/problem.ts'
import { protectCommand } from '../cli/protect.ts'
import { sendCommand } from '../cli/send.ts'
import { templatesCommand } from '../cli/templates.ts'
import { planRules } from '../config/plan-rules.ts'
import { type Environment, readSettings, type Settings } from '../config/settings.ts'
import type { Secret } from '../core/secret.ts'
import { createCloudAccess } from './cloud-access.ts'
import { createDoctorAccess } from './doctor-access.ts'
import { keyedDigest, readKeptHashKey } from './hash-key.ts'
import { createObserveAccess } from './observe-access.ts'
import { createOktaAccess } from './okta-access.ts'
import { userName } from './user-name.ts'

/** Every command but those that run servers. What a command needs besides is loaded when it runs. */
export function addCommands(program: Command, environment: Environment): void {
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
  doctorCommand(program, tools)
  observeCommand(program, tools)
}

function createTools(environment: Environment): DoctorTools & ObserveTools {
  return {
    openStore: async () => (await import('./open-store.ts')).openStore(settingsOf(environment)),
    planRules: () => planRules(settingsOf(environment)),
    print: text => void process.stdout.write(`${text}\n`),
    cloud: createCloudAccess(environment),
    okta: createOktaAccess(environment),
    doctor: createDoctorAccess(environment),
    observe: createObserveAccess(environment),
    readAccount: async wanted => {
      const { readAccountIdentities } = await import('../adapters/aws/account-identities.ts')
      return readAccountIdentities(wanted)
    },
    // The SDK does not know AWS_DEFAULT_REGION, which AWS's own command line does.
    homeRegion: () => environment.AWS_REGION || environment.AWS_DEFAULT_REGION || undefined,
    now: Date.now,
    author: userName,
    pause: setTimeout,
    scanTable: async table => {
      const { scanTable } = await import('../adapters/dynamodb/scan-table.ts')
      return scanTable(table, environment.AWS_REGION || environment.AWS_DEFAULT_REGION || undefined)
    },
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
