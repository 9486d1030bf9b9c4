import { type CfnCondition, CfnOutput } from 'aws-cdk-lib'
import type { CfnTable } from 'aws-cdk-lib/aws-dynamodb'
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { outputNames } from '../../src/config/setting.ts'
import type { Base } from '../base.ts'
import type { Carrier } from './carrier.ts'
import type { Front } from './front.ts'
import type { Secrets } from './secrets.ts'

export type Made = {
  readonly front: Front
  readonly hook: CfnFunction
  readonly authorizer: CfnFunction
  readonly receipts: CfnFunction
  readonly table: CfnTable
  readonly dashboard: { readonly url: string }
  readonly carrier: Carrier
  readonly secrets: Secrets
}

/** What a person or the command line needs next. Of secrets, only where they are. */
export function defineOutputs({ stack, when, release }: Base, made: Made): void {
  const output = (id: string, value: string, description: string, condition?: CfnCondition): void => {
    // Several are called like the parameters that switch them on: IDs are unique, output names are their own.
    const defined = new CfnOutput(stack, `Out${id}`, { value, description, ...(condition && { condition }) })
    defined.overrideLogicalId(id)
  }
  output('HookUrl', made.front.url, 'Where Okta calls: the URL of the telephony hook.')
  output('HookFunctionArn', made.hook.attrArn, 'The function that answers Okta.')
  output('AuthorizerFunctionArn', made.authorizer.attrArn, 'The function that checks who calls.')
  output('ReceiptsFunctionArn', made.receipts.attrArn, 'The function that takes receipts.')
  output(outputNames.table, made.table.ref, 'The table: deliveries, limits, templates and routes.')
  output('DashboardUrl', made.dashboard.url, 'The dashboard in CloudWatch.', when.dashboard)
  output(
    outputNames.configurationSet,
    made.carrier.configurationSet.ref,
    'The configuration set that every message is sent with.',
  )
  output(
    outputNames.protectConfiguration,
    made.carrier.protectConfiguration.ref,
    'The protect configuration: blocks destinations by country.',
    when.protect,
  )
  output(
    outputNames.hashKeySecret,
    made.secrets.hashKey.ref,
    'Where the key of the digests of numbers and users is kept.',
  )
  output(
    outputNames.hookSecret,
    made.secrets.hook.ref,
    'Where the secret is kept that Okta sends in the secret header: give it to Okta from there.',
    when.byHeader,
  )
  output('ReceiptsTopicArn', made.carrier.receiptsTopic.ref, "The topic of the carrier's receipts.")
  output('Release', release, 'The release whose code runs: its folder in the bucket.')
}
