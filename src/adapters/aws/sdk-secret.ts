import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { ReadSecret } from './secret-settings.ts'

/** By AWS's SDK: for commands, which find region and credentials wherever it does. */
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
