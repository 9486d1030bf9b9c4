import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager'
import { settingTable } from '../../src/config/setting-table.ts'
import { type Base, onlyText } from '../base.ts'
import type { OwnKey } from './key.ts'

export type Secrets = { readonly hashKey: CfnSecret; readonly hook: CfnSecret }

/** Made by AWS in the account: no secret is ever a parameter, an output, or in the template. */
export function defineSecrets({ stack, when }: Base, key: OwnKey): Secrets {
  const define = (id: string, setting: string, description: string): CfnSecret =>
    new CfnSecret(stack, id, {
      description,
      kmsKeyId: onlyText(when.ownKey, key.arn),
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: setting,
        passwordLength: 64,
        excludePunctuation: true,
      },
    })
  const hashKey = define(
    'HashKeySecret',
    settingTable.store.hashKey.name,
    'Key of the digests in which Hookline stores phone numbers and users. With another key, old records are not found again.',
  )
  const hook = define(
    'HookSecret',
    settingTable.callers.secrets.name,
    `What Okta sends in the hook's secret header. To change it: add a second one after a comma, give it to Okta, then remove the first. Orgs with names: ${settingTable.callers.orgSecrets.name} beside it, name=secret.`,
  )
  hook.cfnOptions.condition = when.byHeader
  return { hashKey, hook }
}
