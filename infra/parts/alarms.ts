import { Aws } from 'aws-cdk-lib'
import { CfnAlarm, type CfnAlarmProps } from 'aws-cdk-lib/aws-cloudwatch'
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns'
import { arn, type Base, onlyText } from '../base.ts'
import { denyWithoutTls } from './carrier.ts'
import type { Firewall } from './firewall.ts'
import { carrierMetric, hooklineMetric, type Metric, metricsOf, type Watched } from './metrics.ts'

/**
 * What an operator must act on, each with what to do. CloudWatch bills $0.10 a month for each metric. Returns
 * the alarms by which a rollout judges a new version of the hook.
 */
export function defineAlarms(
  base: Base,
  watched: Watched & { readonly firewall: Firewall; readonly figures: CfnFunction },
): readonly CfnAlarm[] {
  const { stack, parameters, when } = base
  const { api, lambda, firewall, queue } = metricsOf(base, watched)
  const actions = [onlyText(when.alarmEmail, defineTopic(base).ref)]
  const define = (id: string, description: string, props: Rest): CfnAlarm => {
    const alarm = new CfnAlarm(stack, `Alarm${id}`, {
      alarmDescription: description,
      // Most metrics have no data while nothing happens.
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
    'One in a hundred answers took more than 2 seconds; Okta gives up after 3. The dashboard shows which step is slow. Consider instances kept warm (ProvisionedConcurrency).',
    above(2_000, 300, { metric: api('Latency'), extendedStatistic: 'p99' }, { of: 3, atLeast: 2 }),
  )
  const errors = define(
    'Errors',
    'Okta got no usable answer five times in 5 minutes: the hook, the authorizer or the events function failed, timed out, or did not start. Read their logs, newest line first. If the last change was a deploy, deploy the previous release.',
    above(4, 300, { metric: api('5XXError'), statistic: 'Sum' }),
  )
  const failures = define(
    'Failures',
    'More than one in ten codes could not be sent in 5 minutes, and at least five. Okta sends them with its own provider, if the org has one. The log of the hook has the reasons; docs/errors.md says who must act. No data until a code fails.',
    shareAbove(10, 300, { part: hooklineMetric('Failed'), atLeast: 5, whole: hooklineMetric('Answers') }),
  )
  define(
    'StoreTrouble',
    'Codes were sent without the table five times in 5 minutes: limits and duplicates were counted less strictly, and the deliveries may be missing from the records. Read the log of the hook (outcome store-unavailable), and check the AWS Health page for DynamoDB in this region. No data until it happens for the first time.',
    above(4, 300, { metric: hooklineMetric('StoreTrouble'), statistic: 'Sum' }),
  )
  const internal = define(
    'InternalErrors',
    'Hookline had an internal error, and Okta got an error as the answer. Read the log of the hook (outcome INTERNAL_ERROR). If the last change was a deploy, deploy the previous release, and report the error. No data until it happens for the first time.',
    above(0, 300, { metric: hooklineMetric('InternalErrors'), statistic: 'Sum' }),
  )
  define(
    'TooManyRequests',
    'API Gateway refused calls with 429, because there were more than ThrottlingRate and ThrottlingBurst allow. Okta sends those codes with its own provider, if the org has one. The access log shows who calls. If it is Okta, raise both: docs/operating.md. No data until it happens for the first time.',
    above(0, 300, { metric: hooklineMetric('Throttled'), statistic: 'Sum' }),
  )
  define(
    'UnauthenticatedCalls',
    'More than 20 calls in 5 minutes had an invalid credential, in two of three periods. If the calls are from Okta, its credential no longer matches the settings and the hook sends no codes: run hookline doctor. Otherwise, someone is trying to get in: the access log has the addresses; set Firewall to block. No data until it happens for the first time.',
    above(20, 300, { metric: hooklineMetric('Unauthenticated'), statistic: 'Sum' }, { of: 3, atLeast: 2 }),
  )
  define(
    'UnknownOutcomes',
    'It was unknown three times in 15 minutes whether the carrier accepted a message. Users may have received two codes, or none. Check the AWS Health page for AWS End User Messaging in this region. No data until it happens for the first time.',
    above(2, 900, { metric: hooklineMetric('Unknown'), statistic: 'Sum' }),
  )
  define(
    'FailOvers',
    'The first candidate of a route could not send, and a later one was tried, five times in 15 minutes. Check the first one with `hookline identities check`; the log of the hook has the reasons. No data until it happens for the first time.',
    above(4, 900, { metric: hooklineMetric('FailOvers'), statistic: 'Sum' }),
  )
  for (const [channel, metric] of [
    ['Texts', carrierMetric('TextMessageMonthlySpend')],
    ['Calls', carrierMetric('VoiceMessageMonthlySpend')],
  ] as const) {
    define(
      `SpendOn${channel}`,
      `${channel} of this account cost more than SpendAlarm this month in this region. Look for numbers or countries with too many deliveries with \`hookline deliveries\`, then lower the limits or raise SpendAlarm. No data until the account has the service-linked role of AWS End User Messaging and has sent a message.`,
      above(parameters.SpendAlarm.valueAsNumber, 3_600, { metric, statistic: 'Maximum' }),
    )
  }
  const blocks = define(
    'FirewallBlocks',
    "The firewall blocked more than 50 requests in 5 minutes that had a credential of the right shape. The firewall's log names the rule and the address. If the requests were from Okta, set Firewall to count. No data until it blocks a request for the first time.",
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
    'AWS did not run the hook, because too many functions of the account ran at once. Okta sends those codes with its own provider, if the org has one. Ask AWS for a higher quota of concurrent executions.',
    above(0, 300, { metric: lambda(watched.hook.ref, 'Throttles'), statistic: 'Sum' }),
  )
  define(
    'DeadLetters',
    "The carrier's receipts could not be stored, and wait in the queue for up to two weeks. Read the log of the receipts function, fix the cause, then replay them: docs/operating.md.",
    above(0, 300, { metric: queue('ApproximateNumberOfMessagesVisible'), statistic: 'Maximum' }),
  )
  const notStored = define(
    'EventsNotStored',
    "Okta's events about codes that people entered could not be stored five times in 15 minutes. Okta sends each a second time only, so some codes will look as if they were never entered. Codes still go out. Read the log of the events function (outcome not-stored), and check the AWS Health page for DynamoDB in this region. No data until it happens for the first time.",
    above(4, 900, { metric: hooklineMetric('EventsNotStored'), statistic: 'Sum' }),
  )
  const episode = define(
    'FraudEpisode',
    'The fraud rule holds new numbers of a block, country or network, or would hold them in mode observe. An attack begins, or the rule is wrong. Run hookline fraud status: it says which and what to do. This alarm ends two hours after the last held code; hookline fraud episodes then has counts and money. No data until it happens for the first time.',
    above(0, 300, { metric: hooklineMetric('HeldByGroup'), statistic: 'Sum' }, { of: 24, atLeast: 1 }),
  )
  const wrongly = define(
    'FraudHeldWrongly',
    'A person entered a code that the fraud rule held, or would have held in mode observe: it was wrong, or Okta sent the code itself. Run hookline fraud episodes, and allow those who are held wrongly: hookline fraud allow --help. No data until it happens for the first time.',
    above(0, 300, { metric: hooklineMetric('HeldWrongly'), statistic: 'Sum' }),
  )
  const oktaSent = define(
    'OktaSentRefused',
    'Okta sent a code with its own provider that Hookline had refused: by a limit, a rule of a country or the fraud rule. The log of the events function (outcome okta-sent-refused) has the reason. Let Hookline answer silent (BlockedAnswer, OverLimitAnswer), or deactivate the other provider in Okta: docs/fraud.md. No data until it happens for the first time.',
    above(0, 300, { metric: hooklineMetric('OktaSentRefused'), statistic: 'Sum' }),
  )
  const blind = define(
    'FraudRuleBlind',
    'For 15 minutes the fraud rule could not judge: codes to phones that usually answer were not answered, so the events of Okta are late, or a carrier is down. In countries where phones have answered it holds no one. Check the event hook with hookline doctor, and the AWS Health page for AWS End User Messaging. No data until it happens for the first time.',
    above(0, 300, { metric: hooklineMetric('FraudRuleBlind'), statistic: 'Sum' }, { of: 3, atLeast: 3 }),
  )
  const budget = define(
    'FraudBudget',
    'Half of a daily budget for codes to new numbers is spent, or all of it. The log of the hook (step fraud, outcome budget) says which. Check who requests codes: hookline stats and hookline fraud status. In mode enforce, new numbers are held once all is spent, until midnight UTC. No data until it happens for the first time.',
    above(0, 300, { metric: hooklineMetric('BudgetSpent'), statistic: 'Sum' }),
  )
  for (const alarm of [notStored, episode, wrongly, oktaSent, blind, budget])
    alarm.cfnOptions.condition = when.eventAlarms
  const figuresLate = define(
    'FiguresLate',
    'The function for figures failed more than ten times in 15 minutes, or is more than 15 minutes late: `hookline stats` does not show the last codes. Codes still go out. Read the log of the function; it catches up once it works again.',
    above(10, 900, { metric: lambda(watched.figures.ref, 'Errors'), statistic: 'Sum' }),
  )
  figuresLate.cfnOptions.condition = when.figureAlarms
  const canary = define(
    'Canary',
    'For two hours no canary has passed: each failed, or none ran. Codes may not go out. The log of the canary function names the step that failed and what to do; `hookline canary --stack` sends one now. If there is no line, read the log of the hook, and check the rule that calls both functions.',
    {
      ...hooklineMetric('CanaryPassed'),
      statistic: 'Maximum',
      period: 3_600,
      threshold: 1,
      comparisonOperator: 'LessThanThreshold',
      evaluationPeriods: 2,
      datapointsToAlarm: 2,
      treatMissingData: 'breaching',
    },
  )
  canary.cfnOptions.condition = when.canary
  return [slow, errors, failures, internal]
}

/** Alarms on lost codes or money. The others are early warnings of these. */
const ESSENTIAL: ReadonlySet<string> = new Set([
  ...['Errors', 'Failures', 'StoreTrouble', 'InternalErrors', 'TooManyRequests', 'UnauthenticatedCalls'],
  ...['SpendOnTexts', 'SpendOnCalls', 'FirewallBlocks', 'DeadLetters'],
])

type Rest = Omit<CfnAlarmProps, 'alarmDescription' | 'alarmActions' | 'okActions'>

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

/** Counts as 0% below `atLeast`: of few requests, a single one soon exceeds the percentage. */
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
 * Where alarms go. Not encrypted with the stack's key: alarms contain no personal data, and CloudWatch silently drops
 * an alarm that it cannot encrypt.
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
