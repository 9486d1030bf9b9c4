import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { ReadSecret } from './secret-settings.ts'

/** Uses AWS's SDK, so that commands find region and credentials in all its ways. */
export function readSecretBySdk(region: string | undefined): ReadSecret {
  return async secretId => {
    const client = new SecretsManagerClient(region === undefined ? {} : { region })
    try {
      return (await client.send(new GetSecretValueCommand({ SecretId: secretId }))).SecretString
    } finally {
      client.destroy()
    }
  }
}
