import type { createAccountServices } from '../../adapters/aws/account-services.ts'
import type { Cloud, CloudAccess } from '../../cli/terminal/cloud.ts'
import { type Environment, textOf } from '../../config/environment.ts'
import { settingTable } from '../../config/setting-table.ts'
import { readBoundedText } from '../../core/values/bounded-text.ts'
import { readRanges } from '../../okta/address-ranges.ts'
import { readPackage } from '../package.ts'
import type { Terminal } from '../terminal.ts'

/** AWS's control plane for the commands: the SDK's own credentials, and the region of the environment or profile. */
export function createCloudAccess(environment: Environment, terminal: Terminal): CloudAccess {
  return {
    open: region => openCloud(region, environment),
    buildTemplate: async () => (await import('./build-template.ts')).buildTemplate(environment),
    version: readPackage().version,
    readOktaRanges: () => readOktaRanges(environment.OKTA_IP_RANGES_URL || OKTA_RANGES),
    isAtTerminal: terminal.isAtTerminal,
    // Ctrl-C and Ctrl-D at a question count as no answer, so that what was prepared can be undone.
    ask: async question => (await terminal.ask(question)) ?? '',
    protectConfiguration: () => textOf(settingTable.aws.protectConfiguration, environment),
  }
}

async function openCloud(asked: string | undefined, environment: Environment): Promise<Cloud> {
  const { createClients } = await import('../../adapters/cloudformation/clients.ts')
  const { createStacks } = await import('../../adapters/cloudformation/stacks.ts')
  const { createCodeBucket } = await import('../../adapters/cloudformation/code-bucket.ts')
  const { createAccount } = await import('../../adapters/aws/account.ts')
  // The SDK ignores AWS_DEFAULT_REGION, which AWS's own command line reads.
  const known = asked ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION
  const clients = await createClients({
    region: known === '' ? undefined : known,
    hasBucketsInPath: environment.AWS_ENDPOINT_URL_S3 !== undefined,
  })
  const { region } = clients
  const account = createAccount(region)
  // Three AWS clients that most commands do not need.
  let opened: ReturnType<typeof createAccountServices> | undefined
  const services = async () => {
    const adapter = await import('../../adapters/aws/account-services.ts')
    opened ??= adapter.createAccountServices(region)
    return opened
  }
  return {
    region,
    whoAmI: clients.whoAmI,
    stacks: createStacks(clients.cloudFormation),
    codeBucket: createCodeBucket(clients.s3),
    account,
    services: {
      hasMessagingRole: async () => (await services()).hasMessagingRole(),
      createMessagingRole: async () => (await services()).createMessagingRole(),
      apiLogRole: async () => (await services()).apiLogRole(),
      functionCode: async (name, alias) => (await services()).functionCode(name, alias),
      runFunction: async (name, alias, event, signal) =>
        (await services()).runFunction(name, alias, event, signal),
    },
    close: () => {
      clients.close()
      account.close()
      opened?.close()
    },
  }
}

async function readOktaRanges(address: string): Promise<readonly string[]> {
  const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(10_000) })
  const text = response.ok ? await readBoundedText(response.body, RANGES_BYTES_MAX) : undefined
  const ranges = text === undefined ? [] : readRanges(JSON.parse(text))
  if (ranges.length > 0) return ranges
  throw new Error(`${address} answered ${response.status}, without a list of ranges`)
}

/** Okta's page on IP address allow listing names it. */
const OKTA_RANGES = 'https://s3.amazonaws.com/okta-ip-ranges/ip_ranges.json'
const RANGES_BYTES_MAX = 1_000_000
