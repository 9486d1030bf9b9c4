import { randomUUID } from 'node:crypto'
import { whyNotEncrypted } from '../iam/encryption.ts'
import { mayInvoke, mayUse } from '../iam/resource-policies.ts'
import type { Resource, Stack } from '../template/stack.ts'
import type { Properties } from '../template/template.ts'
import { type DeadLetter, functionOf, type InvokeAsync } from './delivery.ts'
import { matchesPattern } from './event-pattern.ts'

/** An event of the carrier, and the configuration set that its message was sent with. */
export type CarrierEvent = {
  readonly event: Readonly<Record<string, unknown>>
  readonly configurationSet: string | undefined
  /** The same event in EventBridge's format. */
  readonly envelope: object
}

export type SourceOptions = {
  readonly stack: Stack
  readonly invokeAsync: InvokeAsync
  readonly bury: (letter: DeadLetter) => void
  readonly lost: (why: string) => void
  readonly now: () => number
}

/** From the configuration set to its topics, and from each topic to its subscribed functions. */
export async function tellTopics(posted: CarrierEvent, options: SourceOptions): Promise<void> {
  const { stack, lost } = options
  const set = stack.find('AWS::SMSVOICE::ConfigurationSet', posted.configurationSet)
  if (set === undefined) return
  const destinations = (set.properties.EventDestinations ?? []) as readonly EventDestination[]
  for (const { Enabled, MatchingEventTypes, SnsDestination } of destinations) {
    if (String(Enabled) !== 'true' || SnsDestination === undefined) continue
    if (!isListed(String(posted.event.eventType), MatchingEventTypes)) continue
    const topic = stack.find('AWS::SNS::Topic', SnsDestination.TopicArn)
    if (topic === undefined) throw new Error(`${set.logicalId}: there is no topic ${SnsDestination.TopicArn}`)
    const problem = whyNotPublish(stack, topic, set.arn ?? '')
    if (problem !== undefined) lost(problem)
    else await publish(posted, topic, options)
  }
}

/** From the account's default bus to the functions of every matching rule. */
export async function tellRules({ envelope }: CarrierEvent, options: SourceOptions): Promise<void> {
  const { stack } = options
  const rules = stack
    .ofType('AWS::Events::Rule')
    .filter(({ properties }) => (properties.State ?? 'ENABLED') === 'ENABLED')
    .filter(
      ({ properties: { EventPattern } }) =>
        EventPattern !== undefined && matchesPattern(EventPattern, envelope),
    )
  for (const rule of rules) await tellTargets(rule, envelope, options)
}

/** The schedules that the harness knows. */
const SCHEDULES = ['rate(1 minute)', 'rate(1 hour)'] as const
type Schedule = (typeof SCHEDULES)[number]

/** Every rule that has this schedule, as if its time had come. A rule with an unknown schedule is an error. */
export async function tellSchedules(schedule: Schedule, options: SourceOptions): Promise<void> {
  const { stack, now } = options
  for (const rule of stack.ofType('AWS::Events::Rule')) {
    const { ScheduleExpression, State = 'ENABLED' } = rule.properties
    if (ScheduleExpression === undefined || State !== 'ENABLED') continue
    if (!SCHEDULES.some(known => known === ScheduleExpression))
      throw new Error(`${rule.logicalId}: the harness does not know the schedule ${ScheduleExpression}`)
    if (ScheduleExpression !== schedule) continue
    await tellTargets(rule, scheduledEvent(rule, stack, new Date(now())), options)
  }
}

/** EventBridge User Guide, "Events from scheduled rules". */
function scheduledEvent({ arn }: Resource, { account, region }: Stack, time: Date): object {
  return {
    ...{ version: '0', id: randomUUID(), 'detail-type': 'Scheduled Event', source: 'aws.events' },
    ...{ account, time: `${time.toISOString().slice(0, 19)}Z`, region, resources: [arn], detail: {} },
  }
}

async function tellTargets(rule: Resource, envelope: object, options: SourceOptions): Promise<void> {
  const { stack, invokeAsync } = options
  for (const target of (rule.properties.Targets ?? []) as readonly Properties[]) {
    const unknown = Object.keys(target).filter(name => !TARGET_FIELDS.includes(name))
    if (unknown.length > 0) throw new Error(`${rule.logicalId}: the harness does not know ${unknown}`)
    const call = { service: 'events.amazonaws.com', sourceArn: rule.arn ?? '' }
    if (mayInvoke(stack, String(target.Arn), call)) await invokeAsync(String(target.Arn), envelope)
    else buryOrLose(rule, String(target.Arn), Object(target.DeadLetterConfig).Arn, call, envelope, options)
  }
}

type EventDestination = {
  readonly Enabled: boolean | string
  readonly MatchingEventTypes: readonly string[]
  readonly SnsDestination?: { readonly TopicArn: string }
}

function isListed(eventType: string, listed: readonly string[]): boolean {
  const [channel = ''] = eventType.split('_')
  return ['ALL', `${channel}_ALL`, eventType].some(one => listed.includes(one))
}

/** The topic, and the key of an encrypted topic, must allow the carrier to publish. */
function whyNotPublish(stack: Stack, topic: Resource, sourceArn: string): string | undefined {
  const service = 'sms-voice.amazonaws.com'
  if (!mayUse(stack, topic, { service, action: 'sns:Publish', sourceArn })) {
    return `${service} may not publish to ${topic.logicalId}`
  }
  const why = whyNotEncrypted(stack, topic.properties.KmsMasterKeyId, { service, sourceArn })
  return why && `${topic.logicalId} cannot be published to: ${why}`
}

async function publish({ event }: CarrierEvent, topic: Resource, options: SourceOptions): Promise<void> {
  const { stack, invokeAsync, now } = options
  for (const subscription of stack.ofType('AWS::SNS::Subscription')) {
    const { TopicArn, Protocol, Endpoint, RedrivePolicy } = subscription.properties
    if (TopicArn !== topic.ref || Protocol !== 'lambda') continue
    const functionArn = String(Endpoint)
    const call = { service: 'sns.amazonaws.com', sourceArn: topic.ref }
    const subscriptionArn = `${topic.ref}:${randomUUID()}`
    const records = snsEvent(topic.ref, subscriptionArn, JSON.stringify(event), new Date(now()))
    if (mayInvoke(stack, functionArn, call)) await invokeAsync(functionArn, records)
    else
      buryOrLose(
        subscription,
        functionArn,
        Object(RedrivePolicy).deadLetterTargetArn,
        call,
        JSON.stringify(event),
        options,
      )
  }
}

/** An event that could not be handed to a function goes to the dead-letter queue of the subscription or the rule. */
function buryOrLose(
  from: Resource,
  functionArn: string,
  queueArn: unknown,
  call: { readonly service: string; readonly sourceArn: string },
  event: unknown,
  { stack, bury, lost }: SourceOptions,
): void {
  const error = `${call.service} may not invoke ${functionOf(stack, functionArn).lambda.logicalId}`
  const queue = stack.find('AWS::SQS::Queue', queueArn)
  const why = queue && whyNotQueue(stack, queue, call)
  if (queue === undefined) lost(`${from.logicalId}: ${error}, and there is no dead-letter queue`)
  else if (why !== undefined) lost(`${from.logicalId}: ${error}; ${why}`)
  else bury({ queue: queue.logicalId, event, error })
}

function whyNotQueue(
  stack: Stack,
  queue: Resource,
  call: { readonly service: string; readonly sourceArn: string },
): string | undefined {
  if (!mayUse(stack, queue, { ...call, action: 'sqs:SendMessage' })) {
    return `${call.service} may not send to ${queue.logicalId}`
  }
  const why = whyNotEncrypted(stack, queue.properties.KmsMasterKeyId, call)
  return why && `${queue.logicalId} cannot be sent to: ${why}`
}

/** Lambda developer guide, "Example Amazon SNS event". */
function snsEvent(TopicArn: string, EventSubscriptionArn: string, Message: string, at: Date): object {
  const Sns = {
    SignatureVersion: '1',
    Timestamp: at.toISOString(),
    Signature: 'not-looked-at-by-anybody',
    SigningCertUrl: 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-example.pem',
    MessageId: randomUUID(),
    Message,
    MessageAttributes: {},
    Type: 'Notification',
    UnsubscribeUrl: 'https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe',
    TopicArn,
    Subject: null,
  }
  return { Records: [{ EventVersion: '1.0', EventSubscriptionArn, EventSource: 'aws:sns', Sns }] }
}

const TARGET_FIELDS: readonly string[] = ['Id', 'Arn', 'RetryPolicy', 'DeadLetterConfig']
