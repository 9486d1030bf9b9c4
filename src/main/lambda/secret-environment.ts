import type { Environment } from '../../config/field.ts'

/** The environment with what its secret of AWS Secrets Manager holds, where HOOKLINE_SECRET_ID names one. */
export async function withSecretSettings(environment: Environment): Promise<Environment> {
  const secretId = environment.HOOKLINE_SECRET_ID?.trim()
  if (secretId === undefined || secretId === '') return environment
  const { readSecretSettings } = await import('../../adapters/aws/secret-settings.ts')
  return { ...environment, ...(await readSecretSettings(secretId, environment.AWS_REGION)) }
}
