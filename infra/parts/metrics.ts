import { Aws } from 'aws-cdk-lib'
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs'
import type { Base } from '../base.ts'
import type { RefusedMetric } from './access-log.ts'
import type { Firewall } from './firewall.ts'

export type Metric = {
  readonly namespace: string
  readonly metricName: string
  readonly dimensions?: { readonly name: string; readonly value: string }[]
}

export type Watched = {
  readonly hook: CfnFunction
  readonly queue: CfnQueue
  readonly firewall: Firewall
}

/** Metrics that the functions write in their logs (embedded metric format). Error metrics are written only on errors. */
export function hooklineMetric(metricName: HooklineMetric | RefusedMetric): Metric {
  return { namespace: 'Hookline', metricName }
}

type HooklineMetric =
  | 'Answers'
  | 'Failed'
  | 'Unknown'
  | 'Refused'
  | 'FailOvers'
  | 'InternalErrors'
  | 'StoreTrouble'
  | 'UnauthenticatedCallers'
  | 'CodeAnsweredMs'
  | 'EventsNotJoined'
  | 'EventsNotStored'
  | 'EventDelayMs'
  | 'HeldByGroup'
  | 'HeldWrongly'
  | 'OktaSentRefused'
  | 'BudgetSpent'
  | 'FraudRuleBlind'
  | 'CanaryPassed'

/** AWS End User Messaging writes them once its service-linked role exists and a message was sent. */
export function carrierMetric(metricName: 'TextMessageMonthlySpend' | 'VoiceMessageMonthlySpend'): Metric {
  return { namespace: 'AWS/SMSVoice', metricName }
}

/** AWS's metrics of this stack's resources, all free. */
export function metricsOf({ parameters }: Base, { queue, firewall }: Omit<Watched, 'hook'>) {
  const metric = (
    namespace: string,
    metricName: string,
    dimensions: Readonly<Record<string, string>>,
  ): Metric => ({
    namespace,
    metricName,
    dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })),
  })
  return {
    api: (name: string) =>
      metric('AWS/ApiGateway', name, {
        ApiName: parameters.ApiGatewayName.valueAsString,
        Stage: parameters.ApiStage.valueAsString,
      }),
    lambda: (FunctionName: string, name: string) => metric('AWS/Lambda', name, { FunctionName }),
    queue: (name: string) => metric('AWS/SQS', name, { QueueName: queue.attrQueueName }),
    firewall: (name: string, rule = 'ALL') =>
      metric('AWS/WAFV2', name, { WebACL: firewall.metricName, Region: Aws.REGION, Rule: rule }),
  }
}
