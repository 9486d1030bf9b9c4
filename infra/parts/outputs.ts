import { type CfnCondition, CfnOutput } from 'aws-cdk-lib'
import type { CfnTable } from 'aws-cdk-lib/aws-dynamodb'
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { outputNames, releaseOutputNames, TABLE_FORM } from '../../src/config/setting.ts'
import type { Base } from '../base.ts'
import type { Carrier } from './carrier.ts'
import type { Front } from './front.ts'
import type { Secrets } from './secrets.ts'

export type Made = {
  readonly front: Front
  readonly hook: CfnFunction
  readonly authorizer: CfnFunction
  readonly receipts: CfnFunction
  readonly events: CfnFunction
  readonly figures: CfnFunction
  readonly canary: CfnFunction
  readonly table: CfnTable
  readonly dashboard: { readonly url: string }
  readonly carrier: Carrier
  readonly secrets: Secrets
}

/** What a person or the commands need next. Of secrets, only their ARNs. */
export function defineOutputs({ stack, when, release, version }: Base, made: Made): void {
  const output = (id: string, value: string, description: string, condition?: CfnCondition): void => {
    // Some outputs have the same name as a parameter. IDs of constructs must be unique, names of outputs need not.
    const defined = new CfnOutput(stack, `Out${id}`, { value, description, ...(condition && { condition }) })
    defined.overrideLogicalId(id)
  }
  output(outputNames.hookUrl, made.front.url, 'URL of the telephony hook, which Okta calls.')
  output('HookFunctionArn', made.hook.attrArn, 'The function that answers Okta.')
  output(
    'AuthorizerFunctionArn',
    made.authorizer.attrArn,
    'The function that authenticates callers.',
    when.authorizer,
  )
  output('ReceiptsFunctionArn', made.receipts.attrArn, 'The function that stores receipts.')
  output('EventsUrl', made.front.eventsUrl, "URL of Okta's event hook.", when.oktaEvents)
  output('EventsFunctionArn', made.events.attrArn, "The function that takes Okta's events.", when.oktaEvents)
  output('FiguresFunctionArn', made.figures.attrArn, 'The function that counts codes.', when.figures)
  output('CanaryFunctionArn', made.canary.attrArn, 'The function that follows canaries.', when.canary)
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
    'The protect configuration, which blocks destinations by country.',
    when.protect,
  )
  output(
    outputNames.hashKeySecret,
    made.secrets.hashKey.ref,
    'The secret with the key of the digests of numbers and users.',
  )
  output(
    outputNames.hookSecret,
    made.secrets.hook.ref,
    'The secret that Okta sends in the secret header. Copy it to Okta from there.',
    when.byHeader,
  )
  output(
    outputNames.eventSecret,
    made.secrets.events.ref,
    "The secret that Okta's event hook sends. Copy it to Okta from there.",
    when.oktaEvents,
  )
  output('ReceiptsTopicArn', made.carrier.receiptsTopic.ref, "The topic of the carrier's receipts.")
  output('Release', release, 'The code that runs: its folder in the bucket.')
  output(releaseOutputNames.version, version, 'The version of Hookline that was deployed.')
  output(
    releaseOutputNames.tableForm,
    String(TABLE_FORM),
    'The form of the table: versions of Hookline with the same form can replace each other.',
  )
}
