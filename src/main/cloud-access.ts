import type { Cloud, CloudAccess } from '../cli/cloud.ts'
import type { Environment } from '../config/settings.ts'
import type { Terminal } from './terminal.ts'

/** AWS's control plane for the commands: the SDK's own credentials, and the region of the environment or profile. */
export function createCloudAccess(environment: Environment, terminal: Terminal): CloudAccess {
  return {
    open: region => openCloud(region, environment),
    buildTemplate: async () => (await import('./build-template.ts')).buildTemplate(),
    isAtTerminal: terminal.isAtTerminal,
    // Ctrl-C and Ctrl-D at a question are no answer, so that what was prepared can be taken back.
    ask: async question => (await terminal.ask(question)) ?? '',
    protectConfiguration: () => environment.HOOKLINE_PROTECT_CONFIGURATION || undefined,
  }
}

async function openCloud(asked: string | undefined, environment: Environment): Promise<Cloud> {
  const { createClients } = await import('../adapters/cloudformation/clients.ts')
  const { createStacks } = await import('../adapters/cloudformation/stacks.ts')
  const { createCodeBucket } = await import('../adapters/cloudformation/code-bucket.ts')
  const { createAccount } = await import('../adapters/aws/account.ts')
  // The SDK does not know AWS_DEFAULT_REGION, which AWS's own command line does.
  const known = asked ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION
  const clients = await createClients({
    region: known === '' ? undefined : known,
    hasBucketsInPath: environment.AWS_ENDPOINT_URL_S3 !== undefined,
  })
  const { region } = clients
  const account = createAccount(region)
  return {
    region,
    whoAmI: clients.whoAmI,
    stacks: createStacks(clients.cloudFormation),
    codeBucket: createCodeBucket(clients.s3),
    account,
    close: () => {
      clients.close()
      account.close()
    },
  }
}
