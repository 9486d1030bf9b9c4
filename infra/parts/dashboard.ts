import { Aws, CfnMapping } from 'aws-cdk-lib'
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch'
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import type { Base } from '../base.ts'
import { carrierMetric, hooklineMetric, type Metric, metricsOf, type Watched } from './metrics.ts'

type Functions = { readonly receipts: CfnFunction }

/** One page: whether it works, how fast it is, and what it costs. */
export function defineDashboard(base: Base, watched: Watched & Functions): { readonly url: string } {
  const { stack, when } = base
  // Not all of them exist in every deployment.
  const { LambdaAuthorizerFunctionName, EventsFunctionName } = base.parameters
  const { api, lambda, queue, firewall } = metricsOf(base, watched)
  const functions = [
    watched.hook.ref,
    LambdaAuthorizerFunctionName.valueAsString,
    watched.receipts.ref,
    EventsFunctionName.valueAsString,
  ]
  const rows: readonly (readonly Graph[])[] = [
    [
      graph('Answers by outcome', 'Sum', OUTCOMES.map(hooklineMetric)),
      graph('Time to answer (ms)', 'p99', [api('Latency')], {
        more: [line(api('Latency'), 'p50')],
        limit: 2_000,
      }),
      graph('Fail-overs and errors', 'Sum', ERRORS.map(hooklineMetric)),
    ],
    [
      graph("Codes that people entered, by Okta's events", 'Sum', EVENTS.map(hooklineMetric), {
        more: [line(hooklineMetric('CodeAnsweredMs'), 'SampleCount')],
      }),
      graph('Time until a code was entered (ms)', 'p50', [hooklineMetric('CodeAnsweredMs')], {
        more: [line(hooklineMetric('CodeAnsweredMs'), 'p95')],
      }),
      graph("Delay of Okta's events (ms)", 'p50', [hooklineMetric('EventDelayMs')], {
        more: [line(hooklineMetric('EventDelayMs'), 'p95')],
      }),
    ],
    [
      graph('Spent this month (US dollars, whole account)', 'Maximum', [
        carrierMetric('TextMessageMonthlySpend'),
        carrierMetric('VoiceMessageMonthlySpend'),
      ]),
      graph(
        'Firewall',
        'Sum',
        ['BlockedRequests', 'CountedRequests', 'AllowedRequests'].map(name => firewall(name)),
      ),
      graph('Receipts waiting in the queue', 'Maximum', [queue('ApproximateNumberOfMessagesVisible')]),
    ],
    [
      graph('Requests and errors at the API', 'Sum', ['Count', '4XXError', '5XXError'].map(api)),
      graph(
        'Throttles',
        'Sum',
        functions.map(it => lambda(it, 'Throttles')),
      ),
      graph(
        'Errors of the functions',
        'Sum',
        functions.map(it => lambda(it, 'Errors')),
      ),
    ],
  ]
  const dashboard = new CfnDashboard(stack, 'Board', {
    dashboardBody: stack.toJsonString({ widgets: rows.flatMap(placeRow) }),
  })
  dashboard.cfnOptions.condition = when.dashboard

  const console = new CfnMapping(stack, 'Console', { mapping: CONSOLES, lazy: false })
  const host = console.findInMap(Aws.PARTITION, 'host')
  return {
    url: `https://${Aws.REGION}.${host}/cloudwatch/home?region=${Aws.REGION}#dashboards/dashboard/${dashboard.ref}`,
  }
}

const OUTCOMES = ['Answers', 'Failed', 'Unknown', 'Refused'] as const
const EVENTS = ['EventsNotJoined', 'EventsNotStored'] as const
const ERRORS = ['FailOvers', 'InternalErrors', 'StoreTrouble', 'UnauthenticatedCallers', 'Throttled'] as const

const CONSOLES = {
  aws: { host: 'console.aws.amazon.com' },
  'aws-cn': { host: 'console.amazonaws.cn' },
  'aws-us-gov': { host: 'console.amazonaws-us-gov.com' },
  'aws-eusc': { host: 'console.amazonaws-eusc.eu' },
}

type Graph = { readonly title: string; readonly [property: string]: unknown }

function graph(
  title: string,
  stat: string,
  metrics: readonly Metric[],
  { more = [], limit }: { readonly more?: readonly unknown[]; readonly limit?: number } = {},
): Graph {
  return {
    title,
    region: Aws.REGION,
    view: 'timeSeries',
    period: 300,
    metrics: [...metrics.map(metric => line(metric, stat)), ...more],
    ...(limit !== undefined && { annotations: { horizontal: [{ label: 'too slow', value: limit }] } }),
  }
}

function line({ namespace, metricName, dimensions = [] }: Metric, stat: string): readonly unknown[] {
  const label = stat.startsWith('p') ? { label: `${metricName} ${stat}` } : {}
  return [
    namespace,
    metricName,
    ...dimensions.flatMap(({ name, value }) => [name, value]),
    { stat, ...label },
  ]
}

/** CloudWatch's grid is 24 wide. */
function placeRow(graphs: readonly Graph[], row: number): readonly object[] {
  const width = 24 / graphs.length
  return graphs.map((properties, column) => ({
    type: 'metric',
    x: column * width,
    y: row * 6,
    width,
    height: 6,
    properties,
  }))
}
