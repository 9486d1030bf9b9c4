import cluster from 'node:cluster'
import process from 'node:process'
import type { MetricValues } from '../../adapters/prometheus/metrics.ts'
import type { Clock } from '../../core/deliver/clock.ts'
import type { ProcessState } from '../../core/deliver/process-state.ts'
import { type FromWorker, joinSharedState, type ToWorker } from './shared-state.ts'

/** This process as one of the workers of a server. */
export type Worker = {
  /** From 1 up; a successor has the number of the worker that it replaces. */
  readonly number: number
  /** Whether it does the work of one process for all: removing old records and moving SQLite's log. */
  readonly isFirst: boolean
  /** Joins the other workers: from now on, the primary process counts the limits and can request metrics. */
  readonly join: (
    clock: Pick<Clock, 'pause' | 'steadyNow'>,
    values: () => Promise<MetricValues>,
  ) => ProcessState
}

/** Messages other than those of the shared state: the primary process requests metrics. */
export type MessageToWorker = ToWorker | { readonly kind: 'metrics' }
export type MessageFromWorker = FromWorker | { readonly kind: 'metrics'; readonly values: MetricValues }

/** The variable with the number of a worker. */
export const WORKER_NUMBER = 'NODE_WORKER_NUMBER'

/** Undefined in a process that no other process of this server started. */
export function thisWorker(): Worker | undefined {
  if (!cluster.isWorker) return undefined
  const number = Number(process.env[WORKER_NUMBER])
  return {
    number,
    isFirst: number === 1,
    join: ({ pause, steadyNow }, values) => {
      // If the primary process is gone, this one is about to end.
      const send = (message: MessageFromWorker): void =>
        void process.send?.(message, undefined, undefined, () => undefined)
      const { state, receive } = joinSharedState({ send, pause, now: steadyNow })
      process.on('message', (message: MessageToWorker) => {
        if (message.kind === 'metrics') void values().then(all => send({ kind: 'metrics', values: all }))
        else receive(message)
      })
      return state
    },
  }
}
