import { nameOfTemplate } from '../policy/policy-store.ts'
import { type FollowedDelivery, isOfUser, type Status, statusOf } from './delivery.ts'
import { type Dimension, dimensions, labelsOf, wasSent } from './stats.ts'

/** By keyed digests, which the store finds without reading others. */
export type Whose =
  | { readonly kind: 'number'; readonly digests: readonly string[] }
  | { readonly kind: 'user'; readonly digests: readonly string[] }
  | { readonly kind: 'event'; readonly eventId: string }

/** All of these must match. The values of dimensions are the labels of the figures. */
export type DeliveryFilter = Partial<Readonly<Record<Dimension, string>>> & {
  readonly status?: Status
  /** A reason code. */
  readonly reason?: string
  /** `sms/es/any`, or with its version `sms/es/any@3`. */
  readonly template?: string
  /** Whether the carrier is known to have accepted it, as the figures count it. */
  readonly sent?: boolean
  readonly answered?: boolean
  readonly oktaRequestId?: string
  /** Only those that the fraud rule held, or would have held. */
  readonly held?: true
}

export function matchesFilter(delivery: FollowedDelivery, filter: DeliveryFilter): boolean {
  const { status, reason, template, sent, answered, oktaRequestId, held } = filter
  const { end } = delivery
  const labels = labelsOf(delivery)
  return (
    (status === undefined || statusOf(delivery) === status) &&
    (reason === undefined || ('code' in end && end.code === reason)) &&
    (template === undefined || templatesOf(delivery).includes(template)) &&
    (sent === undefined || wasSent(delivery) === sent) &&
    (answered === undefined || (delivery.answered !== undefined) === answered) &&
    (held === undefined || delivery.credit?.hold !== undefined) &&
    (oktaRequestId === undefined || delivery.oktaRequestId === oktaRequestId) &&
    dimensions.every(name => filter[name] === undefined || labels[name] === filter[name])
  )
}

export function isWhose(delivery: FollowedDelivery, whose: Whose): boolean {
  switch (whose.kind) {
    case 'number':
      return whose.digests.includes(delivery.numberDigest)
    case 'user':
      return isOfUser(delivery, whose.digests)
    case 'event':
      return delivery.eventId === whose.eventId
  }
}

function templatesOf({ channel, templateUsed }: FollowedDelivery): readonly string[] {
  if (templateUsed?.source !== 'template') return []
  const name = nameOfTemplate({ channel, ...templateUsed })
  return [name, `${name}@${templateUsed.version}`]
}
