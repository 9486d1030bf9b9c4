import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DoctorAccess } from '../../cli/doctor/access.ts'
import type { Environment } from '../../config/environment.ts'

/** What only `doctor` reads. It creates neither a folder nor a table. */
export function createDoctorAccess(
  environment: Environment,
  progress: DoctorAccess['progress'],
): DoctorAccess {
  return {
    environment,
    withSecretSettings: async input => {
      const { withSecretSettings } = await import('../lambda/lambda-process.ts')
      const { readSecretBySdk } = await import('../../adapters/aws/sdk-secret.ts')
      const { secretIds } = await import('../../config/secret-id.ts')
      return withSecretSettings(input, readSecretBySdk(input.AWS_REGION), secretIds)
    },
    openStore: async settings => {
      const { table, dataFolder } = settings.store
      if (table === undefined && !existsSync(join(dataFolder, 'hookline.db'))) return undefined
      const { openNamed } = await import('../server/open-store.ts')
      return openNamed(settings)
    },
    readConfigurationSet: async (region, name) => {
      const { readConfigurationSet } = await import('../../adapters/aws/configuration-set.ts')
      return readConfigurationSet(region, name)
    },
    shippedTemplates: async () => {
      const [{ seedTemplates }, { shippedTemplates }] = await Promise.all([
        import('../seed-templates.ts'),
        import('../shipped-templates.ts'),
      ])
      return { count: shippedTemplates.length, putInto: store => seedTemplates(store, Date.now) }
    },
    awsAddress: region =>
      environment.AWS_ENDPOINT_URL_STS ||
      environment.AWS_ENDPOINT_URL ||
      `https://sts.${region}.amazonaws.com/`,
    progress,
  }
}
