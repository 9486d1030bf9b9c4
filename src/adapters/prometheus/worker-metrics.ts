import { AggregatorRegistry, type Registry } from 'prom-client'
import type { MetricsPage, MetricValues } from './metrics.ts'

/** The metrics of a server with workers. */
export type WorkerMetrics = {
  /** Sets the metrics that a worker sent. */
  readonly setLast: (worker: number, values: MetricValues) => void
  /** A worker has ended: its counters stay in the sums, its gauges do not. */
  readonly ended: (worker: number) => void
  /** The page of all workers and of `own`, the primary process. */
  readonly page: (own: MetricValues) => Promise<MetricsPage>
}

/**
 * Adds with prom-client's aggregators. A sum never decreases: for a worker that ended, or did not answer in time, its
 * last values are added. Otherwise Prometheus would treat the decrease as a restart, and count the rest twice.
 */
export function createWorkerMetrics(): WorkerMetrics {
  const last = new Map<number, MetricValues>()
  let ofEnded: MetricValues = []
  return {
    setLast: (worker, values) => void last.set(worker, values),
    ended: worker => {
      const counted = last.get(worker)?.filter(({ type }) => COUNTED.includes(String(type))) ?? []
      last.delete(worker)
      ofEnded = addUp([ofEnded, counted]).getMetricsAsArray() as MetricValues // an aggregated metric has its values
    },
    page: async own => {
      const all = addUp([own, ...last.values(), ofEnded])
      return { contentType: all.contentType, text: await all.metrics() }
    },
  }
}

function addUp(values: readonly MetricValues[]): Registry {
  return AggregatorRegistry.aggregate([...values])
}

const COUNTED: readonly string[] = ['counter', 'histogram']
