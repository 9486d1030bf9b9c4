import {
  type CandidateHealth,
  createCandidateHealth,
  type PaceUse,
} from '../../core/deliver/candidate-health.ts'
import { createRecentOutcomes } from '../../core/deliver/duplicates.ts'
import {
  type Counted,
  type CountedDelivery,
  createLimitFloor,
  type LimitFloor,
  once,
} from '../../core/deliver/limit-floor.ts'
import type { ProcessState } from '../../core/deliver/process-state.ts'
import type { Limits } from '../../core/policy/limits.ts'

/** Messages of a worker about the state that the workers of one server share. */
export type FromWorker =
  | {
      readonly kind: 'count'
      readonly id: number
      readonly delivery: CountedDelivery
      readonly limits: Limits
    }
  | { readonly kind: 'take-back'; readonly delivery: CountedDelivery; readonly countedAt: number }
  | ({ readonly kind: 'used' } & PaceUse)

/** Messages of the primary process to a worker about it. */
export type ToWorker =
  | { readonly kind: 'counted'; readonly id: number; readonly result: CountResult }
  | { readonly kind: 'used'; readonly uses: readonly (PaceUse & { readonly agoMs: number })[] }

/** `Counted`, in the form of a message. */
type CountResult =
  | Extract<Counted, { readonly kind: 'limited' }>
  | (Pick<Extract<Counted, { readonly kind: 'counted' }>, 'kind' | 'exceeded'> & {
      readonly countedAt: number
    })

export type SharedState = {
  /** Handles a message of a worker. `answer` replies to it; `sendToOthers` sends to every other worker. */
  readonly receive: (
    message: FromWorker,
    answer: (message: ToWorker) => void,
    sendToOthers: (message: ToWorker) => void,
  ) => void
  /** What a new worker needs to know. */
  readonly forNewWorker: () => ToWorker
}

/**
 * The state in the primary process: the limits of the whole server, counted in one place, and the recent uses of paces.
 * If a worker dies, nothing is lost, and its successor counts nothing twice. `now`: milliseconds on a clock that is
 * never set back.
 */
export function createSharedState(now: () => number): SharedState {
  const floor = createLimitFloor()
  let uses: (PaceUse & { readonly at: number })[] = []
  return {
    receive: (message, answer, sendToOthers) => {
      switch (message.kind) {
        case 'count': {
          const { id, delivery, limits } = message
          const countedAt = now()
          const counted = floor.count(delivery, limits, countedAt)
          const { exceeded } = counted.kind === 'counted' ? counted : { exceeded: undefined }
          const result = counted.kind === 'limited' ? counted : { kind: counted.kind, exceeded, countedAt }
          return answer({ kind: 'counted', id, result })
        }
        case 'take-back':
          return floor.takeBack(message.delivery, message.countedAt)
        case 'used': {
          const { paces, parts } = message
          uses.push({ paces, parts, at: now() })
          if (uses.length > USES_MAX) uses = recent(uses, now()).slice(-USES_MAX / 2)
          return sendToOthers({ kind: 'used', uses: [{ paces, parts, agoMs: 0 }] })
        }
      }
    },
    forNewWorker: () => {
      uses = recent(uses, now())
      return {
        kind: 'used',
        uses: uses.map(({ paces, parts, at }) => ({ paces, parts, agoMs: now() - at })),
      }
    },
  }
}

/** The uses inside the window of a pace. */
function recent<Use extends PaceUse & { readonly at: number }>(uses: readonly Use[], now: number): Use[] {
  return uses.filter(({ paces, at }) => paces.some(({ windowSeconds }) => at > now - windowSeconds * 1_000))
}

export type Primary = {
  readonly send: (message: FromWorker) => void
  /** Resolves after this many milliseconds. */
  readonly pause: (ms: number) => Promise<unknown>
  /** Milliseconds on a clock that is never set back. */
  readonly now: () => number
}

/**
 * The state of a worker. The primary process counts the limits. Only if it does not answer within a tenth of a second,
 * this worker counts alone. Health and recent requests are kept by each worker.
 */
export function joinSharedState({ send, pause, now }: Primary): {
  readonly state: ProcessState
  readonly receive: (message: ToWorker) => void
} {
  const alone = createLimitFloor()
  const waiting = new Map<number, (result: CountResult) => void>()
  let lastId = 0
  const floor: LimitFloor = {
    count: async (delivery, limits, at): Promise<Counted> => {
      lastId += 1
      const id = lastId
      const { numberDigest, userDigest, channel } = delivery
      const counted = { numberDigest, userDigest, channel } // and no other field of the delivery
      const answered = new Promise<CountResult>(resolve => waiting.set(id, resolve))
      send({ kind: 'count', id, delivery: counted, limits })
      const result = await Promise.race([answered, pause(ANSWER_MS).then(() => undefined)])
      waiting.delete(id)
      if (result === undefined) return alone.count(delivery, limits, at)
      if (result.kind === 'limited') return result
      const { kind, exceeded, countedAt } = result
      return {
        kind,
        exceeded,
        takeBack: once(() => send({ kind: 'take-back', delivery: counted, countedAt })),
      }
    },
  }
  const health: CandidateHealth = createCandidateHealth(use => send({ kind: 'used', ...use }))
  return {
    state: { floor, health, recent: createRecentOutcomes() },
    receive: message => {
      if (message.kind === 'counted') waiting.get(message.id)?.(message.result)
      else for (const { agoMs, ...use } of message.uses) health.usedElsewhere(use, now() - agoMs)
    },
  }
}

const USES_MAX = 10_000
const ANSWER_MS = 100
