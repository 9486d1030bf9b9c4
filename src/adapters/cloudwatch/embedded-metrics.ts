import type { StepEvent } from '../../core/deliver/event.ts'

/**
 * The metrics of one step event in CloudWatch's embedded metric format: fields for its log line, from which CloudWatch
 * creates metrics without a call. Undefined if it has no metrics. A metric is billed for each hour in which it is
 * written. Error metrics are therefore written only on errors, and metrics of an org only if the orgs have names.
 */
export function embeddedMetrics(event: StepEvent, timestamp: number): object | undefined {
  const { step, org } = event
  const metrics = metricsOf(event)
  if (metrics.length === 0) return undefined
  return {
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [
        {
          Namespace: 'Hookline',
          Dimensions: step === 'hook-response' && org !== undefined ? [[], ['org']] : [[]],
          Metrics: metrics.map(([Name, , Unit]) => ({ Name, Unit })),
        },
      ],
    },
    ...Object.fromEntries(metrics.map(([name, value]) => [name, value])),
  }
}

type Metric = readonly [name: string, value: number, unit: 'Count' | 'Milliseconds']

function metricsOf(event: StepEvent): readonly Metric[] {
  const { step, outcome, attempt, kind } = event
  switch (step) {
    case 'event':
      return metricsOfEvent(event)
    case 'feedback':
      return outcome === 'reported' ? [] : [['FeedbackTrouble', 1, 'Count']]
    case 'hook-response': {
      const trouble = TROUBLE[String(kind)]
      return [['Answers', 1, 'Count'], ...(trouble === undefined ? [] : [[trouble, 1, 'Count'] as const])]
    }
    case 'send':
      return Number(attempt) > 1 ? [['FailOvers', 1, 'Count']] : []
    case 'internal-error':
      return [['InternalErrors', 1, 'Count']]
    case 'caller':
      return [['UnauthenticatedCallers', 1, 'Count']]
    case 'fraud':
      if (outcome === 'budget') return [['BudgetSpent', 1, 'Count']]
      return outcome === 'held-wrongly' ? [['HeldWrongly', 1, 'Count']] : []
    case 'canary':
      return [['CanaryPassed', outcome === 'passed' ? 1 : 0, 'Count']]
    case 'admit':
      return [...metricsOfFraud(event), ...troubleOf(outcome)]
    case 'plan':
    case 'settle':
      return troubleOf(outcome)
    default:
      return []
  }
}

function troubleOf(outcome: string): readonly Metric[] {
  return outcome === 'store-unavailable' || outcome === 'dropped' ? [['StoreTrouble', 1, 'Count']] : []
}

/** A code that a group held, or would have held; and one that the fraud rule decided about while it is blind. */
function metricsOfFraud({ heldGroup, isBlind }: StepEvent): readonly Metric[] {
  return [
    ...(heldGroup === undefined ? [] : [['HeldByGroup', 1, 'Count'] as const]),
    ...(isBlind === true ? [['FraudRuleBlind', 1, 'Count'] as const] : []),
  ]
}

/** Only Okta's events about codes: metrics of other factors would cost money and show nothing useful. */
function metricsOfEvent({ outcome, delayMs, afterMs }: StepEvent): readonly Metric[] {
  const delay = delayMs === undefined ? [] : [['EventDelayMs', Number(delayMs), 'Milliseconds'] as const]
  switch (outcome) {
    case 'answered':
      return [['CodeAnsweredMs', Number(afterMs), 'Milliseconds'], ...delay]
    case 'not-joined':
      return [['EventsNotJoined', 1, 'Count'], ...delay]
    case 'not-stored':
      return [['EventsNotStored', 1, 'Count']]
    case 'okta-sent-refused':
      return [['OktaSentRefused', 1, 'Count']]
    default:
      return []
  }
}

const TROUBLE: Readonly<Record<string, string | undefined>> = {
  failed: 'Failed',
  unknown: 'Unknown',
  refused: 'Refused',
}
