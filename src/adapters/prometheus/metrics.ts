import { type Aggregator, Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { StepEvent } from '../../core/deliver/event.ts'

export type Metrics = {
  readonly record: (event: StepEvent) => void
  readonly page: () => Promise<MetricsPage>
  /** The same as data, for the primary process of a server with workers. */
  readonly values: () => Promise<MetricValues>
}

/** Prometheus text format. */
export type MetricsPage = { readonly contentType: string; readonly text: string }

/** The metrics of a process as data. */
export type MetricValues = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

/** The step events as Prometheus metrics. Labels are closed sets: steps, outcomes, origination identities, countries, orgs. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: PREFIX })
  for (const [name, aggregator] of Object.entries(gauges))
    Object.assign(registry.getSingleMetric(`${PREFIX}${name}`) ?? {}, { aggregator })
  const registers = [registry]
  const steps = new Counter({
    name: 'hookline_steps_total',
    help: 'Steps by step and outcome. Outcomes are explained in docs/operating.md.',
    labelNames: ['step', 'outcome'],
    registers,
  })
  const answers = new Histogram({
    name: 'hookline_answer_seconds',
    help: 'From the arrival of a request to its answer.',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 2.5],
    registers,
  })
  const answersOfOrgs = new Counter({
    name: 'hookline_org_answers_total',
    help: 'Answers by org and kind, where the orgs have names (HOOKLINE_ORGS).',
    labelNames: ['org', 'kind'],
    registers,
  })
  const attempts = new Histogram({
    name: 'hookline_attempt_seconds',
    help: 'One attempt with the carrier, by origination identity and result.',
    labelNames: ['identity', 'result'],
    buckets: [0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2],
    registers,
  })
  const failures = new Counter({
    name: 'hookline_attempt_failures_total',
    help: 'Attempts that the carrier refused, by origination identity, country, channel and what the refusal is about.',
    labelNames: ['identity', 'country', 'channel', 'about'],
    registers,
  })
  const events = new Counter({
    name: 'hookline_okta_events_total',
    help: "Events of Okta's event hook by type and outcome; other is every type that says nothing about codes.",
    labelNames: ['type', 'outcome'],
    registers,
  })
  const unjoined = new Counter({
    name: 'hookline_okta_events_not_joined_total',
    help: 'Events that could not be joined to a delivery, by reason. The reasons are explained in docs/operating.md.',
    labelNames: ['reason'],
    registers,
  })
  const eventDelay = new Histogram({
    name: 'hookline_okta_event_delay_seconds',
    help: 'From the time of an event in Okta to its arrival.',
    buckets: [1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400],
    registers,
  })
  const codeAnswered = new Histogram({
    name: 'hookline_code_answered_seconds',
    help: 'From the arrival of a request to the moment when the person entered the code, by channel.',
    labelNames: ['channel'],
    buckets: [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300],
    registers,
  })
  const held = new Counter({
    name: 'hookline_fraud_held_total',
    help: 'Codes that the fraud rule held, or would have held in mode observe, by what is held and whether it was sent.',
    labelNames: ['what', 'sent'],
    registers,
  })
  const blind = new Counter({
    name: 'hookline_fraud_blind_total',
    help: 'Codes that the fraud rule decided about while it could not tell silence from late events.',
    registers,
  })
  const storeTrouble = new Counter({
    name: 'hookline_store_trouble_total',
    help: 'Requests that went on without the store, by step.',
    labelNames: ['step'],
    registers,
  })
  // Alert rules detect an increase, and a counter that first appears with the value one has none.
  for (const step of ['admit', 'settle', 'retention']) storeTrouble.inc({ step }, 0)
  for (const what of ['group', 'person']) for (const sent of ['no', 'yes']) held.inc({ what, sent }, 0)
  for (const [step, outcome] of WATCHED) steps.inc({ step, outcome }, 0)
  const recordEvent = ({ outcome, type, reason, delayMs, afterMs, channel }: StepEvent): void => {
    if (type === undefined) return
    events.inc({ type: String(type), outcome })
    if (reason !== undefined) unjoined.inc({ reason: String(reason) })
    if (delayMs !== undefined) eventDelay.observe(Number(delayMs) / 1_000)
    if (afterMs !== undefined) codeAnswered.observe({ channel: String(channel) }, Number(afterMs) / 1_000)
  }
  return {
    record: event => {
      const { step, outcome, durationMs, identity, country, channel, about, org, kind, heldAs } = event
      steps.inc({ step, outcome })
      if (step === 'event') recordEvent(event)
      if (heldAs !== undefined)
        held.inc({
          what: event.heldGroup === undefined ? 'person' : 'group',
          sent: outcome === 'held' ? 'no' : 'yes',
        })
      if (event.isBlind === true) blind.inc()
      if (outcome === 'store-unavailable') storeTrouble.inc({ step })
      if (step === 'hook-response' && org !== undefined)
        answersOfOrgs.inc({ org: String(org), kind: String(kind) })
      if (about !== undefined)
        failures.inc({
          identity: String(identity),
          country: String(country),
          channel: String(channel),
          about: String(about),
        })
      if (durationMs === undefined) return
      if (step === 'hook-response') answers.observe(durationMs / 1_000)
      if (step === 'send')
        attempts.observe({ identity: String(identity), result: outcome }, durationMs / 1_000)
    },
    page: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
    values: () => registry.getMetricsAsJSON(),
  }
}

const PREFIX = 'hookline_'

/**
 * How gauges of several workers are combined; counters and histograms are added. Some gauges exist only on Linux.
 * @internal
 */
export const gauges: Readonly<Record<string, Aggregator>> = {
  process_start_time_seconds: 'min', // of the server: the value of its first process
  process_resident_memory_bytes: 'sum',
  process_virtual_memory_bytes: 'sum',
  process_heap_bytes: 'sum',
  process_open_fds: 'sum',
  process_max_fds: 'min', // of each process
  nodejs_eventloop_lag_seconds: 'max', // of the slowest
  nodejs_eventloop_lag_min_seconds: 'min',
  nodejs_eventloop_lag_max_seconds: 'max',
  nodejs_eventloop_lag_mean_seconds: 'average',
  nodejs_eventloop_lag_stddev_seconds: 'max',
  nodejs_eventloop_lag_p50_seconds: 'max',
  nodejs_eventloop_lag_p90_seconds: 'max',
  nodejs_eventloop_lag_p99_seconds: 'max',
  nodejs_active_resources: 'sum',
  nodejs_active_resources_total: 'sum',
  nodejs_active_handles: 'sum',
  nodejs_active_handles_total: 'sum',
  nodejs_active_requests: 'sum',
  nodejs_active_requests_total: 'sum',
  nodejs_heap_size_total_bytes: 'sum',
  nodejs_heap_size_used_bytes: 'sum',
  nodejs_external_memory_bytes: 'sum',
  nodejs_heap_space_size_total_bytes: 'sum',
  nodejs_heap_space_size_used_bytes: 'sum',
  nodejs_heap_space_size_available_bytes: 'sum',
  nodejs_version_info: 'first',
}

/** The metrics of the alert rules that may never have been counted before. */
const WATCHED = [
  ['internal-error', 'INTERNAL_ERROR'],
  ['readiness', 'failing'],
  ['settle', 'dropped'],
  ['log', 'dropped'],
  ['event', 'not-stored'],
  ['event', 'okta-sent-refused'],
  ['fraud', 'held-wrongly'],
  ['fraud', 'budget'],
  ['clock', 'set-back'],
  ['clock', 'set-forward'],
  ['serve', 'worker-ended'],
  ['send', 'accepted'],
  ['send', 'failure'],
  ['send', 'unknown'],
  ['canary', 'on'],
  ['canary', 'passed'],
  ['canary', 'failed'],
] as const satisfies readonly (readonly [StepEvent['step'], string])[]
