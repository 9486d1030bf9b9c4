import { Aws } from 'aws-cdk-lib'
import { CfnAlarm, type CfnAlarmProps } from 'aws-cdk-lib/aws-cloudwatch'
import { CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns'
import { arn, type Base, onlyText } from '../base.ts'
import { denyWithoutTls } from './carrier.ts'
import type { Firewall } from './firewall.ts'
import { carrierMetric, hooklineMetric, type Metric, metricsOf, type Watched } from './metrics.ts'

/**
 * What somebody must know about, each with what to do. CloudWatch takes $0.10 a month for each metric. Returns
 * those that say whether a new version of the hook is good.
 */
export function defineAlarms(
  base: Base,
  watched: Watched & { readonly firewall: Firewall },
): readonly CfnAlarm[] {
  const { stack, parameters, when } = base
  const { api, lambda, firewall, queue } = metricsOf(base, watched)
  const actions = [onlyText(when.alarmEmail, defineTopic(base).ref)]
  const define = (id: string, description: string, props: Rest): CfnAlarm => {
    const alarm = new CfnAlarm(stack, `Alarm${id}`, {
      alarmDescription: description,
      // Nothing is counted where nothing happens.
      treatMissingData: 'notBreaching',
      alarmActions: actions,
      okActions: actions,
      ...props,
    })
    if (!ESSENTIAL.has(id)) alarm.cfnOptions.condition = when.allAlarms
    return alarm
  }

  const slow = define(
    'SlowAnswers',
    'One in a hundred answers took more than 2 seconds; Okta gives up after 3. See the dashboard for which step is slow, and think of instances kept warm (ProvisionedConcurrency).',
    above(2_000, 300, { metric: api('Latency'), extendedStatistic: 'p99' }, { of: 3, atLeast: 2 }),
  )
  const errors = define(
    'Errors',
    'Five times in 5 minutes Okta got no usable answer: the hook or the authorizer failed, ran out of time, or did not start. See their logs, beginning with the newest line; if a deploy was the last change, deploy the release before it.',
    above(4, 300, { metric: api('5XXError'), statistic: 'Sum' }),
  )
  const failures = define(
    'Failures',
    'More than one in ten codes could not be sent, and at least five in 5 minutes: Okta sends those by its own provider, if it may. See the log of the hook for the reasons; docs/errors.md says who must act. No data until one fails.',
    shareAbove(10, 300, { part: hooklineMetric('Failed'), atLeast: 5, whole: hooklineMetric('Answers') }),
  )
  define(
    'StoreTrouble',
    'Five times in 5 minutes a code went on without the table: limits and duplicates counted less, and the delivery may be missing from the records. See the log of the hook (outcome store-unavailable), and the health page of DynamoDB in this region. No data until it happens for the first time.',
    above(4, 300, { metric: hooklineMetric('StoreTrouble'), statistic: 'Sum' }),
  )
  const internal = define(
    'InternalErrors',
    'Hookline made a mistake of its own, and Okta got an answer that does not help. See the log of the hook (outcome INTERNAL_ERROR); if a deploy was the last change, deploy the release before it, and report the error. No data until it happens for the first time.',
    above(0, 300, { metric: hooklineMetric('InternalErrors'), statistic: 'Sum' }),
  )
  define(
    'TooManyRequests',
    'API Gateway refused calls with 429, because more came than ThrottlingRate and ThrottlingBurst allow; Okta sends those codes by its own provider, if it may. See the access log for who calls; when it is Okta, raise both: docs/operating.md. No data until it happens for the first time.',
    above(0, 300, { metric: hooklineMetric('Throttled'), statistic: 'Sum' }),
  )
  define(
    'UnauthenticatedCalls',
    'More than 20 calls in 5 minutes had a credential that is not good, again and again. When they come from Okta, its credentials no longer fit and no code goes out by the hook: run hookline doctor. Else somebody tries: see the access log for the addresses, and set Firewall to block. No data until it happens for the first time.',
    above(20, 300, { metric: hooklineMetric('Unauthenticated'), statistic: 'Sum' }, { of: 3, atLeast: 2 }),
  )
  define(
    'UnknownOutcomes',
    'Three times in 15 minutes it was unknown whether the carrier took a message. Users may have got two codes, or none. See the health page of AWS End User Messaging in this region. No data until it happens for the first time.',
    above(2, 900, { metric: hooklineMetric('Unknown'), statistic: 'Sum' }),
  )
  define(
    'FailOvers',
    'Five times in 15 minutes a message was tried with the second choice of its route, or a later one. The carrier refused the first: see its state with `hookline identities check`, and the reasons in the log. No data until it happens for the first time.',
    above(4, 900, { metric: hooklineMetric('FailOvers'), statistic: 'Sum' }),
  )
  for (const [channel, metric] of [
    ['Texts', carrierMetric('TextMessageMonthlySpend')],
    ['Calls', carrierMetric('VoiceMessageMonthlySpend')],
  ] as const) {
    define(
      `SpendOn${channel}`,
      `${channel} of this account cost more this month, in this region, than SpendAlarm says. Look for numbers or countries that ask too often with \`hookline deliveries\`, tighten the limits, or raise SpendAlarm. No data until the account has the service-linked role of AWS End User Messaging and has sent.`,
      above(parameters.SpendAlarm.valueAsNumber, 3_600, { metric, statistic: 'Maximum' }),
    )
  }
  const blocks = define(
    'FirewallBlocks',
    "The firewall blocked more than 50 requests in 5 minutes that had the shape of a credential. If they came from Okta, set Firewall to count; the firewall's log names the rule and the address. No data until it blocks for the first time.",
    {
      metrics: [
        { id: 'judged', expression: 'FILL(all, 0) - FILL(shapeless, 0)', returnData: true },
        sumOf('all', firewall('BlockedRequests'), 300),
        sumOf('shapeless', firewall('BlockedRequests', watched.firewall.noCredential), 300),
      ],
      threshold: 50,
      comparisonOperator: 'GreaterThanThreshold',
      evaluationPeriods: 1,
    },
  )
  blocks.cfnOptions.condition = when.firewallBlocks
  define(
    'Throttles',
    'AWS did not run the hook, because too many functions of the account ran at once: Okta sends those codes by its own provider. Ask AWS for a higher quota of concurrent executions.',
    above(0, 300, { metric: lambda(watched.hook, 'Throttles'), statistic: 'Sum' }),
  )
  define(
    'DeadLetters',
    'Receipts of the carrier could not be noted and wait in the queue, for two weeks at most. See the log of the receipts function for the reason, fix it, then replay them: docs/operating.md.',
    above(0, 300, { metric: queue('ApproximateNumberOfMessagesVisible'), statistic: 'Maximum' }),
  )
  return [slow, errors, failures, internal]
}

/** Those whose trouble loses codes or money. The rest says early what these say late. */
const ESSENTIAL: ReadonlySet<string> = new Set([
  ...['Errors', 'Failures', 'StoreTrouble', 'InternalErrors', 'TooManyRequests', 'UnauthenticatedCalls'],
  ...['SpendOnTexts', 'SpendOnCalls', 'FirewallBlocks', 'DeadLetters'],
])

type Rest = Omit<CfnAlarmProps, 'alarmDescription' | 'treatMissingData' | 'alarmActions' | 'okActions'>

function above(
  threshold: number,
  period: number,
  {
    metric,
    ...statistic
  }: { readonly metric: Metric; readonly statistic?: string; readonly extendedStatistic?: string },
  periods = { of: 1, atLeast: 1 },
): Rest {
  return {
    ...metric,
    ...statistic,
    period,
    threshold,
    comparisonOperator: 'GreaterThanThreshold',
    evaluationPeriods: periods.of,
    datapointsToAlarm: periods.atLeast,
  }
}

type Share = { readonly part: Metric; readonly atLeast: number; readonly whole: Metric }

/** Of few, one is soon a tenth: below `atLeast`, it is none. */
function shareAbove(percent: number, period: number, { part, atLeast, whole }: Share): Rest {
  return {
    metrics: [
      { id: 'share', expression: `IF(part >= ${atLeast}, 100 * part / whole, 0)`, returnData: true },
      sumOf('part', part, period),
      sumOf('whole', whole, period),
    ],
    threshold: percent,
    comparisonOperator: 'GreaterThanThreshold',
    evaluationPeriods: 1,
  }
}

/** One metric of an expression. */
function sumOf(id: string, metric: Metric, period: number) {
  return { id, metricStat: { metric, stat: 'Sum', period }, returnData: false }
}

/**
 * Where alarms go. Not encrypted by our key: alarms hold nothing personal, and an alarm that CloudWatch cannot
 * encrypt is lost without a word.
 */
function defineTopic({ stack, parameters, when }: Base): CfnTopic {
  const topic = new CfnTopic(stack, 'AlarmTopic', {
    displayName: 'Alarms of Hookline',
    subscription: [{ protocol: 'email', endpoint: parameters.AlarmEmail.valueAsString }],
  })
  const policy = new CfnTopicPolicy(stack, 'AlarmTopicPolicy', {
    topics: [topic.ref],
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'AlarmsOfThisAccount',
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: 'sns:Publish',
          Resource: topic.ref,
          Condition: {
            ArnLike: { 'aws:SourceArn': arn('cloudwatch', 'alarm:*') },
            StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          },
        },
        denyWithoutTls('sns:Publish', topic.ref),
      ],
    },
  })
  topic.cfnOptions.condition = when.alarmEmail
  policy.cfnOptions.condition = when.alarmEmail
  return topic
}
