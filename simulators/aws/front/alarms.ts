import type { Stack } from '../template/stack.ts'

/** CloudWatch's alarms on metrics: those of a stack, and others of the same account. */
export type Alarms = {
  /** CloudWatch decided at this time, in milliseconds since 1970. The alarms of a stack are named by their logical ID. */
  readonly decide: (logicalId: string, state: AlarmState, at: number) => void
  /** The next question gets this error. */
  readonly failNext: (name: string) => void
  readonly describe: (input: Readonly<Record<string, unknown>>) => Described
}

type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'

export type Described =
  | { readonly kind: 'page'; readonly page: object }
  | { readonly kind: 'error'; readonly name: string; readonly message: string }

/**
 * DescribeAlarms, as CloudWatch's API reference has it. A page may have fewer alarms than were asked for, or none: here it
 * has at most four, and the first one none.
 */
export function createAlarms(stack: Stack): Alarms {
  const own = stack.ofType('AWS::CloudWatch::Alarm').map(
    ({ logicalId, ref, arn, properties }): Alarm => ({
      logicalId,
      name: ref,
      state: 'INSUFFICIENT_DATA',
      at: 0,
      facts: { AlarmArn: arn, AlarmDescription: properties.AlarmDescription, ActionsEnabled: true },
    }),
  )
  const others = [`${stack.name}-staging-AlarmErrors-1`, 'Alarm', `x${stack.name}-AlarmErrors-1`].map(
    (name): Alarm => ({ logicalId: '', name, state: 'ALARM', at: 0, facts: {} }),
  )
  let alarms = [...others, ...own].toSorted((one, other) => (one.name < other.name ? -1 : 1))
  let failure: string | undefined
  return {
    decide: (logicalId, state, at) => {
      if (!own.some(alarm => alarm.logicalId === logicalId)) throw new Error(`${logicalId} is not an alarm`)
      alarms = alarms.map(alarm => (alarm.logicalId === logicalId ? { ...alarm, state, at } : alarm))
    },
    failNext: name => {
      failure = name
    },
    describe: input => {
      const name = failure
      failure = undefined
      if (name !== undefined) return { kind: 'error', name, message: 'Rate exceeded' }
      const problem = problemIn(input)
      if (problem !== undefined) return { kind: 'error', name: 'ValidationError', message: problem }
      const { AlarmNamePrefix: prefix = '', NextToken: token, StateValue: state, MaxRecords = 50 } = input
      const start = token === undefined ? undefined : /^page-(\d+)$/.exec(String(token))?.[1]
      if (token !== undefined && start === undefined)
        return { kind: 'error', name: 'InvalidNextToken', message: 'The next token specified is invalid.' }
      const found = alarms.filter(
        alarm => alarm.name.startsWith(String(prefix)) && (state === undefined || alarm.state === state),
      )
      const from = Number(start ?? 0)
      const to = start === undefined ? 0 : Math.min(from + Math.min(PAGE, Number(MaxRecords)), found.length)
      const page = {
        CompositeAlarms: [],
        MetricAlarms: found.slice(from, to).map(metricAlarm),
        ...(to < found.length && { NextToken: `page-${to}` }),
      }
      return { kind: 'page', page }
    },
  }
}

type Alarm = {
  readonly logicalId: string
  readonly name: string
  readonly state: AlarmState
  readonly at: number
  readonly facts: object
}

/** Times are seconds in the JSON protocol. The reason is updated later than the state changed. */
function metricAlarm({ name, state, at, facts }: Alarm): object {
  return {
    ...{ AlarmName: name, ...facts, StateValue: state, StateReason: 'Threshold Crossed' },
    ...{ StateUpdatedTimestamp: at / 1_000 + 30, StateTransitionedTimestamp: at / 1_000 },
  }
}

/** The constraints of the reference's request parameters. Members that it does not list are refused here. */
function problemIn(input: Readonly<Record<string, unknown>>): string | undefined {
  const { AlarmNames, AlarmNamePrefix: prefix, AlarmTypes: types, MaxRecords: max, StateValue: state } = input
  const unknown = Object.keys(input).find(name => !MEMBERS.includes(name))
  if (unknown !== undefined) return `${unknown} is not a parameter`
  if (AlarmNames !== undefined && prefix !== undefined)
    return 'AlarmNames and AlarmNamePrefix are mutually exclusive'
  if (AlarmNames !== undefined) return 'The harness does not know AlarmNames'
  if (prefix !== undefined && (typeof prefix !== 'string' || prefix.length < 1 || prefix.length > 255))
    return 'AlarmNamePrefix: 1 to 255 characters'
  if (max !== undefined && (!Number.isInteger(max) || Number(max) < 1 || Number(max) > 100))
    return 'MaxRecords: 1 to 100'
  if (state !== undefined && !STATES.includes(String(state)))
    return 'StateValue: OK, ALARM, INSUFFICIENT_DATA'
  if (types !== undefined && !(Array.isArray(types) && types.join() === 'MetricAlarm'))
    return 'The harness has alarms on metrics only'
  return undefined
}

const MEMBERS = ['AlarmNames', 'AlarmNamePrefix', 'AlarmTypes', 'MaxRecords', 'NextToken', 'StateValue']
const STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA']
const PAGE = 4
