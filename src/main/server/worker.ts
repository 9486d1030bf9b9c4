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
  /** Whether it does what one process does for all: it removes old records and moves SQLite's log. */
  readonly isFirst: boolean
  /** Joins the other workers: from now on, the primary process is asked and gets the metrics that it asks for. */
  readonly join: (
    clock: Pick<Clock, 'pause' | 'steadyNow'>,
    values: () => Promise<MetricValues>,
  ) => ProcessState
}

/** What the primary process says and hears beside the shared state: it asks for metrics. */
export type Asked = ToWorker | { readonly kind: 'metrics' }
export type Told = FromWorker | { readonly kind: 'metrics'; readonly values: MetricValues }

/** The variable by which a worker gets its number. */
export const WORKER_NUMBER = 'NODE_WORKER_NUMBER'

/** Undefined in a process that no other process of this server started. */
export function thisWorker(): Worker | undefined {
  if (!cluster.isWorker) return undefined
  const number = Number(process.env[WORKER_NUMBER])
  return {
    number,
    isFirst: number === 1,
    join: ({ pause, steadyNow }, values) => {
      // Without a primary process this one is about to end.
      const send = (message: Told): void =>
        void process.send?.(message, undefined, undefined, () => undefined)
      const { state, hear } = joinSharedState({ send, pause, now: steadyNow })
      process.on('message', (message: Asked) => {
        if (message.kind === 'metrics') void values().then(all => send({ kind: 'metrics', values: all }))
        else hear(message)
      })
      return state
    },
  }
}
