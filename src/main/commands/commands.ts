import { userInfo } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import type { Command } from 'commander'
import type { CanaryContext } from '../../cli/canary/canary.ts'
import type { DoctorContext } from '../../cli/doctor/access.ts'
import type { OptOutContext } from '../../cli/routes/optouts.ts'
import type { RoutesContext } from '../../cli/routes/try-routes.ts'
import type { SendContext } from '../../cli/templates/templates-send.ts'
import { type ExitCode, Problem } from '../../cli/terminal/problem.ts'
import type { Environment } from '../../config/environment.ts'
import type { Settings } from '../../config/settings.ts'
import type { Secret } from '../../core/values/secret.ts'
import { inheritedEnvironment } from '../environment.ts'
import { createTerminal, type Streams, say } from '../terminal.ts'

/** The context of every command. */
type FullContext = DoctorContext & RoutesContext & OptOutContext & SendContext & CanaryContext

type CommandEntry = {
  readonly name: string
  readonly description: string
  /** Its options, arguments and action; loaded when it is called. */
  readonly load: () => Promise<(command: Command, context: FullContext) => void>
}

/** Every command except those that run servers, in the order of `--help`. */
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
    description: 'Show, check and change templates.',
    load: async () => (await import('../../cli/templates/templates.ts')).templatesCommand,
  },
  {
    name: 'routes',
    description:
      'Show and change the origination identities that messages are sent from, by country and channel.',
    load: async () => (await import('../../cli/routes/routes.ts')).routesCommand,
  },
  {
    name: 'identities',
    description: 'Propose routes from the origination identities of the AWS account, and check those in use.',
    load: async () => (await import('../../cli/routes/identities.ts')).identitiesCommand,
  },
  {
    name: 'optouts',
    description: 'Show and change the opt-out lists: people who replied STOP and get no texts.',
    load: async () => (await import('../../cli/routes/optouts.ts')).optOutsCommand,
  },
  {
    name: 'coverage',
    description: 'Show what users get by country and by language, and each gap. Sends nothing.',
    load: async () => (await import('../../cli/routes/coverage.ts')).coverageCommand,
  },
  {
    name: 'limits',
    description: 'Show and change how many codes one number or user can get in a time window.',
    load: async () => (await import('../../cli/limits/limits.ts')).limitsCommand,
  },
  {
    name: 'fraud',
    description: 'Show and change the rule against toll fraud, and try it on recorded traffic.',
    load: async () => (await import('../../cli/fraud/fraud.ts')).fraudCommand,
  },
  {
    name: 'deliveries',
    description: 'Show what happened to each code, without the code or the whole number.',
    load: async () => (await import('../../cli/codes/deliveries.ts')).deliveriesCommand,
  },
  {
    name: 'export-person',
    description: 'Print everything that is kept about one person as JSON, without codes or whole numbers.',
    load: async () => (await import('../../cli/codes/export-person.ts')).exportPersonCommand,
  },
  {
    name: 'forget',
    description: 'Erase everything that is kept about one person. Shows what was found, and asks first.',
    load: async () => (await import('../../cli/codes/forget.ts')).forgetCommand,
  },
  {
    name: 'stats',
    description: 'Show how many codes were sent, delivered and entered, after how long, and what they cost.',
    load: async () => (await import('../../cli/codes/stats.ts')).statsCommand,
  },
  {
    name: 'changes',
    description: 'Show who changed what, before and after, and who looked up a person.',
    load: async () => (await import('../../cli/changes/changes.ts')).changesCommand,
  },
  {
    name: 'deploy',
    description: 'Deploy to AWS, or update a deployment. Shows the changes and asks first.',
    load: async () => (await import('../../cli/deploy/deploy.ts')).deployCommand,
  },
  {
    name: 'destroy',
    description: 'Remove the deployment from AWS. Shows what is deleted and what remains, and asks first.',
    load: async () => (await import('../../cli/deploy/destroy.ts')).destroyCommand,
  },
  {
    name: 'protect',
    description:
      'Compare the routes with the protect configuration, which should allow the countries with routes and block the rest.',
    load: async () => (await import('../../cli/routes/protect.ts')).protectCommand,
  },
  {
    name: 'okta',
    description: 'Set up an Okta org for the hook, call the hook from Okta, and remove the set-up.',
    load: async () => (await import('../../cli/okta/okta.ts')).oktaCommand,
  },
  {
    name: 'canary',
    description:
      "Send one code of Hookline's own to AWS's simulator, through everything from the hook's address to the receipt. It is billed.",
    load: async () => (await import('../../cli/canary/canary.ts')).canaryCommand,
  },
  {
    name: 'doctor',
    description:
      "Check everything from Okta to AWS, and show what is wrong and what to do. Changes nothing without --fix. With --org, sends one text to AWS's simulator, or up to three with --fix.",
    load: async () => (await import('../../cli/doctor/doctor.ts')).doctorCommand,
  },
]

/** The context of the commands. Each adapter is loaded when it is used. */
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
    sendOnce: async attempt => {
      const [{ createCarrier }, { carrierOptions }, { serverAws }, { systemClock }] = await Promise.all([
        import('../../adapters/aws/carrier.ts'),
        import('../aws-calls.ts'),
        import('../server/server-aws.ts'),
        import('../../adapters/node/system-clock.ts'),
      ])
      const carrier = carrierOptions(settingsOf(environment), serverAws(), systemClock.monotonic)
      try {
        return await createCarrier(carrier)(attempt, systemClock.abortAfter(SEND_MS))
      } finally {
        carrier.close()
      }
    },
    openCanary: async target => {
      const { openServersCanary, openStacksCanary } = await import('./canary-access.ts')
      if (target.stack !== undefined) {
        const cloud = createCloudAccess(environment, terminal)
        return openStacksCanary(cloud, target.stack, target.region ?? regionOf(environment), target)
      }
      const settings = settingsOf(environment)
      return openServersCanary(settings, await hashKeyOf(settings), target)
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
      const { allLanguages } = await import('../all-languages.ts')
      return allLanguages()
    },
    scanTable: async table => {
      const { scanTable } = await import('../../adapters/dynamodb/scan-table.ts')
      return scanTable(table, regionOf(environment))
    },
    digests: async text => {
      const { withSecretSettings } = await import('../lambda/lambda-process.ts')
      const { secretIds } = await import('../../config/secret-id.ts')
      const { hashKeysOf } = await import('../../config/store-settings.ts')
      const { keyedDigests } = await import('../../adapters/node/hash-key.ts')
      const { readSecretBySdk } = await import('../../adapters/aws/sdk-secret.ts')
      const readSecret = readSecretBySdk(environment.AWS_REGION)
      const settings = settingsOf(await withSecretSettings(environment, readSecret, secretIds))
      return keyedDigests(hashKeysOf(await hashKeyOf(settings), settings.store))(text)
    },
  }
}

/** One message of a person who waits for the answer. */
const SEND_MS = 10_000

/** The SDK ignores AWS_DEFAULT_REGION, which AWS's own command line reads. */
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
    `${settingTable.store.hashKey.name} is missing: the key for the digests of numbers and users. Use the same as for \`serve\`.`,
  )
}

/** The user's name in the operating system. Undefined if there is none, as in some containers. */
function userName(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined
  }
}
