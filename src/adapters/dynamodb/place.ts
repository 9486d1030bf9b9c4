import { nameOfTemplate } from '../../core/policy/policy-store.ts'
import type { Delivery } from '../../core/records/delivery.ts'
import type { DeliveryFilter } from '../../core/records/delivery-filter.ts'
import { dimensions, labelsOf } from '../../core/records/stats.ts'

/**
 * Where a delivery is in the index by day. `entry`: its own. `before`: that of the one before it to the same number, if it
 * is known. `labels`: once it ended, by what a filter may look for it.
 */
export type Place = {
  readonly entry: string
  readonly before?: string | undefined
  readonly labels?: string | undefined
}

export function placeOf({ entry, before, labels }: Place): string {
  return `${entry}${before === undefined ? '' : `<${before}`}${labels === undefined ? '' : `!${labels}`}`
}

export function readPlace(at: string): Place {
  const [, entry = at, before, labels] = PLACE.exec(at) ?? []
  return { entry, before, labels }
}

/**
 * A few characters of a hash for each label, so that a filter of a whole day reads only the index and the deliveries that
 * match. Undefined for a delivery that has not ended: it may match every filter.
 */
export function labelsIn(delivery: Delivery): string | undefined {
  if (delivery.end.state === 'sending') return undefined
  return LABELS.map(({ length, of }) => hash(of(delivery), length)).join('')
}

/** Tells by labels whether a delivery may match. If it says no, the delivery does not; without labels it may. */
export function labelsMatching(filter: DeliveryFilter): (labels: string | undefined) => boolean {
  let end = 0
  const checks = LABELS.flatMap(({ length, wanted }) => {
    const start = end
    end += length
    const hashes = wanted(filter)?.map(text => hash(text, length))
    return hashes === undefined
      ? []
      : [(labels: string) => hashes.includes(labels.slice(start, start + length))]
  })
  return labels => labels === undefined || checks.every(check => check(labels))
}

/** Characters of a request ID: of 16 million others, one has the same. */
const LONG = 4
/** Of 4,096 other texts, one has the same. */
const SHORT = 2

type Label = {
  readonly length: number
  readonly of: (delivery: Delivery) => string | undefined
  /** One of these texts, if the filter asks for this label. */
  readonly wanted: (filter: DeliveryFilter) => readonly string[] | undefined
}

const LABELS: readonly Label[] = [
  { length: LONG, of: one => one.oktaRequestId, wanted: ({ oktaRequestId }) => only(oktaRequestId) },
  ...dimensions.map(name => ({
    length: SHORT,
    of: (one: Delivery) => labelsOf({ ...one, progress: undefined })[name],
    wanted: (filter: DeliveryFilter) => only(filter[name]),
  })),
  {
    length: SHORT,
    of: ({ end }) => ('code' in end ? end.code : undefined),
    wanted: ({ reason }) => only(reason),
  },
  {
    length: SHORT,
    of: ({ channel, templateUsed }) =>
      templateUsed?.source === 'template' ? nameOfTemplate({ channel, ...templateUsed }) : undefined,
    wanted: ({ template }) => only(template?.replace(/@\d+$/, '')),
  },
  {
    length: 1,
    of: ({ credit }) => (credit?.hold === undefined ? undefined : 'held'),
    wanted: ({ held }) => only(held && 'held'),
  },
  { length: 1, of: ({ end }) => end.state, wanted: statesOf },
]

function only(text: string | undefined): readonly string[] | undefined {
  return text === undefined ? undefined : [text]
}

/** A receipt shows a state of its own, and that the carrier accepted the code, whatever our process recorded. */
function statesOf({ status, sent, answered }: DeliveryFilter): readonly string[] | undefined {
  const own = status === 'refused' || status === 'failed' || status === 'sending' ? [status] : ENDS
  return own.filter(
    state =>
      (sent !== false || state !== 'accepted') &&
      (answered !== true || state === 'accepted' || state === 'unknown'),
  )
}

/** FNV-1a with the last steps of MurmurHash3. Not cryptographic: a wrong match is read, and left out. */
function hash(text = '', length: number): string {
  let bits = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1)
    bits = Math.imul(bits ^ text.charCodeAt(index), 0x01000193)
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(bits ^ (bits >>> 16))
  return bytes.toString('base64url').slice(0, length)
}

const ENDS = ['accepted', 'refused', 'failed', 'unknown'] as const
const LENGTH = LABELS.reduce((sum, { length }) => sum + length, 0)
/** `<` is in no entry. */
const PLACE = new RegExp(`^([^<]*?)(?:<(.*?))?(?:!([\\w-]{${LENGTH}}))?$`, 's')
