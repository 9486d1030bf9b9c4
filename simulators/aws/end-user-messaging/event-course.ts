import type { EventsSetting } from './events-setting.ts'
import type { Message } from './message.ts'

/** One event in the life of a message. */
export type Step = {
  readonly eventType: EventType
  readonly isFinal: boolean
  /** Milliseconds from the message's acceptance until this happens. */
  readonly happensAfterMs: number
  /** Milliseconds from the previous event (or the acceptance) until this one is sent. */
  readonly delayMs: number
  /** Milliseconds until it is sent again, if it is sent twice. */
  readonly repeatedAfterMs?: number
}

/** The events of the service model that this stand-in sends, in AWS's spelling. */
export type EventType = `TEXT_${TextStatus}` | `RCS_${RcsStatus}` | `VOICE_${VoiceStatus}`

type TextStatus =
  | (
      | 'PENDING'
      | 'QUEUED'
      | 'SENT'
      | 'SUCCESSFUL'
      | 'DELIVERED'
      | 'INVALID'
      | 'INVALID_MESSAGE'
      | 'UNREACHABLE'
    )
  | (
      | 'CARRIER_UNREACHABLE'
      | 'BLOCKED'
      | 'CARRIER_BLOCKED'
      | 'SPAM'
      | 'UNKNOWN'
      | 'TTL_EXPIRED'
      | 'PROTECT_BLOCKED'
    )
type RcsStatus =
  | ('QUEUED' | 'SENT' | 'DELIVERED' | 'READ')
  | ('FAILED' | 'TTL_EXPIRED' | 'PROTECT_BLOCKED' | 'FALLEN_BACK_TO_SMS')
type VoiceStatus =
  | ('INITIATED' | 'RINGING' | 'ANSWERED' | 'COMPLETED')
  | ('BUSY' | 'NO_ANSWER' | 'FAILED' | 'TTL_EXPIRED')

/**
 * The events of a message, in the order in which they are sent. Out of order, everything happens during the first delay
 * and is then sent in any order: an event is never sent before it happens.
 */
export function courseOf(message: Message, setting: EventsSetting, random: () => number): readonly Step[] {
  const types = eventTypes(message, setting, random)
  const [min, max] = setting.delayMs
  const delay = () => min + Math.floor(random() * (max - min + 1))
  const isDisordered = setting.disorder > 0 && random() < setting.disorder
  const final = setting.outcome === 'none' ? undefined : types.at(-1)
  const firstMs = delay()
  let sinceAcceptedMs = 0

  const steps = types.map((eventType, index): Step => {
    const delayMs = index === 0 ? firstMs : delay()
    sinceAcceptedMs += delayMs
    const isRepeated = setting.duplicates > 0 && random() < setting.duplicates
    return {
      eventType,
      isFinal: eventType === final,
      happensAfterMs: isDisordered ? Math.floor((firstMs * (index + 1)) / types.length) : sinceAcceptedMs,
      delayMs,
      ...(isRepeated && { repeatedAfterMs: delay() }),
    }
  })
  if (!isDisordered) return steps
  const delays = steps.map(step => step.delayMs)
  return shuffled(steps, random).map((step, index) => ({ ...step, delayMs: delays[index] ?? 0 }))
}

function eventTypes(
  message: Message,
  { outcome }: EventsSetting,
  random: () => number,
): readonly EventType[] {
  const isFailing =
    outcome === 'undelivered' || (outcome === 'by-number' && message.simulatorOutcome === 'failure')
  const courses = coursesOf(message)[isFailing ? 'undelivered' : 'delivered']
  const course = courses[Math.floor(random() * courses.length)] ?? []
  return outcome === 'none' ? course.slice(0, -1) : course
}

function coursesOf({ channel, from, rcs }: Message): Courses {
  if (channel === 'voice') return CALLS
  if (rcs !== undefined) return rcs === 'only' ? RCS : RCS_OF_POOLS
  return /^[0-9]{3,8}$/.test(from) ? TEXTS_OF_SHORT_CODES : TEXTS
}

type Course = readonly EventType[]
type Courses = Readonly<Record<'delivered' | 'undelivered', readonly Course[]>>

const FAILURES: readonly EventType[] = [
  ...(['TEXT_UNREACHABLE', 'TEXT_CARRIER_UNREACHABLE', 'TEXT_CARRIER_BLOCKED', 'TEXT_BLOCKED'] as const),
  ...(['TEXT_INVALID', 'TEXT_INVALID_MESSAGE', 'TEXT_SPAM', 'TEXT_UNKNOWN', 'TEXT_TTL_EXPIRED'] as const),
  'TEXT_PROTECT_BLOCKED',
]

/** SUCCESSFUL is final in some countries, and for short codes; elsewhere the phone's carrier sends a later event. */
const ENDINGS = {
  delivered: [['TEXT_SUCCESSFUL'], ['TEXT_DELIVERED'], ['TEXT_SUCCESSFUL', 'TEXT_DELIVERED']],
  undelivered: FAILURES.flatMap((failure): readonly Course[] => [[failure], ['TEXT_SUCCESSFUL', failure]]),
} as const satisfies Courses

const texts = (endings: readonly Course[]): readonly Course[] =>
  endings.flatMap((ending): readonly Course[] => [
    ['TEXT_QUEUED', 'TEXT_SENT', ...ending],
    ['TEXT_PENDING', 'TEXT_QUEUED', 'TEXT_SENT', ...ending],
  ])

const TEXTS: Courses = { delivered: texts(ENDINGS.delivered), undelivered: texts(ENDINGS.undelivered) }
const TEXTS_OF_SHORT_CODES: Courses = {
  delivered: texts([['TEXT_SUCCESSFUL']]),
  undelivered: texts(FAILURES.map(failure => [failure])),
}

/** Directly from an agent: no fallback. */
const RCS: Courses = {
  delivered: [
    ['RCS_QUEUED', 'RCS_SENT', 'RCS_DELIVERED'],
    ['RCS_QUEUED', 'RCS_SENT', 'RCS_DELIVERED', 'RCS_READ'],
  ],
  undelivered: [
    ['RCS_QUEUED', 'RCS_FAILED'],
    ['RCS_QUEUED', 'RCS_SENT', 'RCS_TTL_EXPIRED'],
    ['RCS_PROTECT_BLOCKED'],
  ],
}

const fallenBack = (endings: readonly Course[]): readonly Course[] =>
  endings.flatMap((ending): readonly Course[] => [
    ['RCS_QUEUED', 'RCS_FAILED', 'RCS_FALLEN_BACK_TO_SMS', 'TEXT_SENT', ...ending],
    ['RCS_QUEUED', 'RCS_SENT', 'RCS_TTL_EXPIRED', 'RCS_FALLEN_BACK_TO_SMS', ...ending],
  ])

/** From a pool that has an agent and numbers: what RCS cannot deliver is sent by SMS. */
const RCS_OF_POOLS: Courses = {
  delivered: [...RCS.delivered, ...fallenBack(ENDINGS.delivered)],
  undelivered: fallenBack(ENDINGS.undelivered),
}

const CALLS: Courses = {
  delivered: [['VOICE_INITIATED', 'VOICE_RINGING', 'VOICE_ANSWERED', 'VOICE_COMPLETED']],
  undelivered: [
    ['VOICE_INITIATED', 'VOICE_BUSY'],
    ['VOICE_INITIATED', 'VOICE_RINGING', 'VOICE_NO_ANSWER'],
    ['VOICE_INITIATED', 'VOICE_FAILED'],
    ['VOICE_INITIATED', 'VOICE_RINGING', 'VOICE_ANSWERED', 'VOICE_FAILED'],
    ['VOICE_INITIATED', 'VOICE_TTL_EXPIRED'],
  ],
}

function shuffled<Item>(items: readonly Item[], random: () => number): readonly Item[] {
  return items
    .map(item => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)
}
