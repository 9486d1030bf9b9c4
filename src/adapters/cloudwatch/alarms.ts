/** One operation of CloudWatch, in its JSON protocol. Rejects as the client of AWS does. */
type Call = (
  operation: string,
  input: object,
  signal?: AbortSignal,
) => Promise<Readonly<Record<string, unknown>>>

/** One alarm of the account, of its state ALARM. */
type OpenAlarm = {
  readonly name: string
  readonly description: string
  /** Milliseconds since 1970; undefined if AWS does not say. */
  readonly since: number | undefined
}

export type Alarms = {
  readonly open: readonly OpenAlarm[]
  /** Open or not. */
  readonly count: number
  /** False if there are more, which were not read. */
  readonly isComplete: boolean
}

/**
 * The alarms on metrics whose name begins with `prefix`, on at most twenty pages: CloudWatch may put fewer on a page than it
 * was asked for. Needs `cloudwatch:DescribeAlarms`.
 */
export async function readAlarms(call: Call, prefix: string, signal?: AbortSignal): Promise<Alarms> {
  const open: OpenAlarm[] = []
  let count = 0
  let next: unknown
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const { MetricAlarms, NextToken } = await call(
      'DescribeAlarms',
      {
        ...{ AlarmNamePrefix: prefix, AlarmTypes: ['MetricAlarm'], MaxRecords: 100 },
        ...(next !== undefined && { NextToken: next }),
      },
      signal,
    )
    const alarms: readonly Members[] = Array.isArray(MetricAlarms) ? MetricAlarms : []
    count += alarms.length
    for (const alarm of alarms) if (alarm.StateValue === 'ALARM') open.push(openAlarm(alarm))
    if (NextToken === undefined || NextToken === null) return { open, count, isComplete: true }
    next = NextToken
  }
  return { open, count, isComplete: false }
}

type Members = Readonly<Record<string, unknown>>

function openAlarm({ AlarmName, AlarmDescription, ...times }: Members): OpenAlarm {
  // The time of the last change between states; the other one also changes with the reason.
  const since = times.StateTransitionedTimestamp ?? times.StateUpdatedTimestamp
  return {
    name: typeof AlarmName === 'string' ? AlarmName : '',
    description: typeof AlarmDescription === 'string' ? AlarmDescription : '',
    since: typeof since === 'number' ? Math.round(since * 1_000) : undefined, // AWS: seconds
  }
}

const PAGES_MAX = 20
