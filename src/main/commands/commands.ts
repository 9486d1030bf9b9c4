import { userInfo } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import type { Command } from 'commander'
import type { DoctorContext } from '../../cli/doctor/access.ts'
import type { OptOutContext } from '../../cli/routes/optouts.ts'
import type { RoutesContext } from '../../cli/routes/try-routes.ts'
import { type ExitCode, Problem } from '../../cli/terminal/problem.ts'
import type { Environment } from '../../config/environment.ts'
import type { Settings } from '../../config/settings.ts'
import type { Secret } from '../../core/values/secret.ts'
import { inheritedEnvironment } from '../environment.ts'
import { createTerminal, type Streams, say } from '../terminal.ts'

/** All that any command is handed. */
type FullContext = DoctorContext & RoutesContext & OptOutContext

type CommandEntry = {
  readonly name: string
  readonly description: string
  /** Its options, arguments and action; loaded when it is called. */
  readonly load: () => Promise<(command: Command, context: FullContext) => void>
}

/** Every command but those that run servers, in the order of `--help`. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'send',
    description: 'Act as Okta: send a code through the hook that `start` runs.',
    load: async () => (await import('../../cli/codes/send.ts')).sendCommand,
  },
  {
    name: 'explain',
    description: 'Show what would be sent, and why. Sends nothing.',
    load: async () => (await import('../../cli/codes/explain.ts')).explainCommand,
  },
  {
    name: 'templates',
    description: 'Templates, by channel, locale and purpose.',
    load: async () => (await import('../../cli/templates/templates.ts')).templatesCommand,
  },
  {
    name: 'routes',
    description: 'Which origination identities messages are sent from, by country and channel.',
    load: async () => (await import('../../cli/routes/routes.ts')).routesCommand,
  },
  {
    name: 'identities',
    description:
      'Origination identities that the AWS account has: propose routes from them, check those in use.',
    load: async () => (await import('../../cli/routes/identities.ts')).identitiesCommand,
  },
  {
    name: 'optouts',
    description: 'People who answered STOP, and get no texts.',
    load: async () => (await import('../../cli/routes/optouts.ts')).optOutsCommand,
  },
  {
    name: 'coverage',
    description: 'Show what users get by country and by language, and each gap. Sends nothing.',
    load: async () => (await import('../../cli/routes/coverage.ts')).coverageCommand,
  },
  {
    name: 'limits',
    description: 'How many codes may go out to one number, or one user, in a window of time.',
    load: async () => (await import('../../cli/limits/limits.ts')).limitsCommand,
  },
  {
    name: 'deliveries',
    description: "What happened to people's codes: never the code, never the whole number.",
    load: async () => (await import('../../cli/codes/deliveries.ts')).deliveriesCommand,
  },
  {
    name: 'deploy',
    description: 'Deploy to AWS, or bring a deployment up to date. Shows what changes, and asks first.',
    load: async () => (await import('../../cli/deploy/deploy.ts')).deployCommand,
  },
  {
    name: 'destroy',
    description: 'Take the deployment out of AWS. Says what goes and what stays, and asks first.',
    load: async () => (await import('../../cli/deploy/destroy.ts')).destroyCommand,
  },
  {
    name: 'protect',
    description:
      'Compare the routes with the protect configuration: countries served are allowed, all others blocked.',
    load: async () => (await import('../../cli/routes/protect.ts')).protectCommand,
  },
  {
    name: 'okta',
    description: 'Set an Okta org up for the hook, try the hook from its side, and take it out again.',
    load: async () => (await import('../../cli/okta/okta.ts')).oktaCommand,
  },
  {
    name: 'doctor',
    description:
      "Check the whole set-up, from Okta to AWS: what is wrong, and what to do. Changes nothing without --fix; with --org, one text goes to AWS's simulator, up to three with --fix.",
    load: async () => (await import('../../cli/doctor/doctor.ts')).doctorCommand,
  },
]

/** What the command of this name needs, and the adapters that it chooses. Each adapter is loaded when it is used. */
export async function createContext(
  environment: Environment,
  streams: Streams,
  endWith: (exitCode: ExitCode) => void,
): Promise<FullContext> {
  const [{ createCloudAccess }, { createDoctorAccess }, { createOktaAccess }] = await Promise.all([
    import('./cloud-access.ts'),
    import('./doctor-access.ts'),
    import('./okta-access.ts'),
  ])
  const { readSettings } = await import('../../config/settings.ts')
  const { planRules } = await import('../../config/sending-settings.ts')
  const settingsOf = (input: Environment): Settings => {
    const read = readSettings(input)
    if (read.kind === 'settings') return read.settings
    throw new Problem('settings', `Settings:\n${read.problems.map(problem => `  ${problem}`).join('\n')}`)
  }
  const terminal = createTerminal(streams)
  const interruption = (): AbortSignal => streams.signal
  return {
    openStore: async () => (await import('../server/open-store.ts')).openStore(settingsOf(environment)),
    planRules: () => planRules(settingsOf(environment)),
    print: text => say(streams.stdout, `${text}\n`),
    progress: text => say(streams.stderr, `${text}\n`),
    endWith,
    interruption,
    cloud: createCloudAccess(environment, terminal),
    okta: createOktaAccess(environment, terminal),
    doctor: createDoctorAccess(environment, text => say(streams.stderr, `${text}\n`)),
    readAccount: async wanted => {
      const { readAccountIdentities } = await import('../../adapters/aws/account-identities.ts')
      return readAccountIdentities(wanted)
    },
    openDryRuns: async region => {
      const { createDryRuns } = await import('../../adapters/aws/dry-run.ts')
      const settings = settingsOf(environment)
      return createDryRuns({
        region: region ?? regionOf(environment),
        configurationSet: settings.aws.configurationSet,
        protectConfiguration: settings.aws.protectConfiguration,
      })
    },
    openOptOuts: async region => {
      const { openOptOuts } = await import('../../adapters/aws/opt-outs.ts')
      return openOptOuts(region ?? regionOf(environment))
    },
    homeRegion: () => regionOf(environment),
    now: Date.now,
    author: userName,
    pause: setTimeout,
    inheritedEnvironment: () => inheritedEnvironment(environment),
    shippedLanguages: async () => {
      const { allLanguages } = await import('../shipped-templates.ts')
      return allLanguages()
    },
    scanTable: async table => {
      const { scanTable } = await import('../../adapters/dynamodb/scan-table.ts')
      return scanTable(table, regionOf(environment))
    },
    digest: async text => {
      const { withSecretSettings } = await import('../lambda/lambda-process.ts')
      const { keyedDigest } = await import('../../adapters/node/hash-key.ts')
      const { readSecretBySdk } = await import('../../adapters/aws/sdk-secret.ts')
      const readSecret = readSecretBySdk(environment.AWS_REGION)
      return keyedDigest(await hashKeyOf(settingsOf(await withSecretSettings(environment, readSecret))))(text)
    },
  }
}

/** The SDK does not know AWS_DEFAULT_REGION, which AWS's own command line does. */
function regionOf(environment: Environment): string | undefined {
  return environment.AWS_REGION || environment.AWS_DEFAULT_REGION || undefined
}

/** The key of the settings, else the one that `start` keeps in the data folder. */
async function hashKeyOf(settings: Settings): Promise<Secret> {
  const { settingTable } = await import('../../config/setting-table.ts')
  const { readKeptHashKey } = await import('../../adapters/node/hash-key.ts')
  const key = settings.store.hashKey ?? readKeptHashKey(settings.store.dataFolder)
  if (key !== undefined) return key
  throw new Problem(
    'settings',
    `${settingTable.store.hashKey.name} is missing: the key with which \`serve\` stores numbers and users.`,
  )
}

/** Whom the operating system runs this for; undefined where it has no name for them, as in some containers. */
function userName(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined
  }
}
