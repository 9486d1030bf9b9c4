import { Aws } from 'aws-cdk-lib'
import type { CfnTable } from 'aws-cdk-lib/aws-dynamodb'
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { arn, type Base, eitherText, only, onlyText } from '../base.ts'
import { settingsOf } from '../parameters/parameters.ts'
import type { Carrier } from './carrier.ts'
import { allow, defineFunction } from './function.ts'
import type { OwnKey } from './key.ts'
import type { Secrets } from './secrets.ts'

/** The function that answers Okta. With `OneFunction`, it also authenticates callers. */
export function defineHook(
  base: Base,
  key: OwnKey,
  table: CfnTable,
  secrets: Secrets,
  carrier: Carrier,
): CfnFunction {
  const { parameters, when, release } = base
  return defineFunction(base, key, {
    id: 'Hook',
    functionName: parameters.LambdaAPITriggerFunctionName.valueAsString,
    archive: eitherText(when.oneFunction, 'one-function', 'hook'),
    codeVersion: eitherText(
      when.oneFunction,
      onlyText(when.pinsOneFunctionCode, parameters.OneFunctionCodeVersion.valueAsString),
      onlyText(when.pinsHookCode, parameters.HookCodeVersion.valueAsString),
    ),
    description: "Hookline: answers Okta's telephony hook",
    memoryMB: 512,
    timeoutSeconds: 5,
    environment: {
      // Lambda publishes a new version only if the function changed: these two change with every deploy.
      RELEASE: release,
      REVISION: parameters.SettingsRevision.valueAsString,
      ...settingsOf('hook', parameters, {
        table: table.ref,
        hashKeySecret: secrets.hashKey.ref,
        configurationSet: carrier.configurationSet.ref,
        protectConfiguration: eitherText(when.protect, carrier.protectConfiguration.ref, ''),
      }),
      ...authenticationSettings(base, secrets),
    },
    statements: [
      allow(
        ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
        [table.attrArn],
      ),
      allow(['secretsmanager:GetSecretValue'], [secrets.hashKey.ref]),
      only(when.oneFunctionByHeader, allow(['secretsmanager:GetSecretValue'], [secrets.hook.ref])),
      ...sending(base, carrier),
    ],
  })
}

/** The settings of the authorizer, if its work is done here. */
function authenticationSettings(
  { parameters, when }: Base,
  secrets: Secrets,
): Readonly<Record<string, string>> {
  const hookSecret = eitherText(when.byHeader, secrets.hook.ref, '')
  const settings = Object.entries(settingsOf('authorizer', parameters, { hookSecret }))
  return Object.fromEntries(settings.map(([name, value]) => [name, onlyText(when.oneFunction, value)]))
}

/** Permissions for each resource that a message names: its identity, configuration set and protect configuration. */
function sending({ parameters, when }: Base, { configurationSet }: Carrier): readonly object[] {
  const second = parameters.SecondRegion.valueAsString
  // Routes name identities, and change without a deploy. All identities belong to this account.
  const textIn = (region: string, ...others: readonly string[]) =>
    allow(
      ['sms-voice:SendTextMessage'],
      [
        ...['phone-number/*', 'pool/*', 'sender-id/*', 'rcs-agent/*', ...others].map(resource =>
          arn('sms-voice', resource, region),
        ),
        setIn(region),
      ],
    )
  // Notify configurations are identities as well.
  const notifyIn = (region: string) =>
    allow(
      ['sms-voice:SendNotifyTextMessage', 'sms-voice:SendNotifyVoiceMessage'],
      [arn('sms-voice', 'notify-configuration/*', region), setIn(region)],
    )
  // The second region has a configuration set of the same name.
  const setIn = (region: string) => arn('sms-voice', `configuration-set/${configurationSet.ref}`, region)
  return [
    // The account's default protect configuration may apply. Messages name one of this region only.
    textIn(Aws.REGION, 'protect-configuration/*'),
    only(when.secondRegion, textIn(second)),
    // AWS defines no resource for this action: the region is the narrowest limit.
    allow(['sms-voice:SendVoiceMessage'], ['*'], {
      StringEquals: { 'aws:RequestedRegion': [Aws.REGION, only(when.secondRegion, second)] },
    }),
    only(when.notify, notifyIn(Aws.REGION)),
    only(when.notify, only(when.secondRegion, notifyIn(second))),
  ]
}
