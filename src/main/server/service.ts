import { createCarrier } from '../../adapters/aws/carrier.ts'
import { reportFeedback } from '../../adapters/aws/message-feedback.ts'
import { createSnsReader } from '../../adapters/aws/sns-receipts.ts'
import { createCanaryCredential } from '../../adapters/node/canary-credential.ts'
import { keyedDigests } from '../../adapters/node/hash-key.ts'
import { httpsGet } from '../../adapters/node/https-get.ts'
import { startClock, systemClock } from '../../adapters/node/system-clock.ts'
import { createMetrics } from '../../adapters/prometheus/metrics.ts'
import { isLoopback } from '../../config/caller-problems.ts'
import { settingTable } from '../../config/setting-table.ts'
import type { Settings } from '../../config/settings.ts'
import { hashKeysOf } from '../../config/store-settings.ts'
import { untilAborted } from '../../core/deliver/deadline.ts'
import type { StepEvent } from '../../core/deliver/event.ts'
import { keepPolicy } from '../../core/deliver/live-policy.ts'
import { createSettleLater, type SettleLater } from '../../core/deliver/settle-later.ts'
import type { PolicyStore } from '../../core/policy/policy-store.ts'
import type { DeliveryStore } from '../../core/records/delivery-store.ts'
import { readBoundedText } from '../../core/values/bounded-text.ts'
import { Secret } from '../../core/values/secret.ts'
import { createApp } from '../../http/app.ts'
import { createEvents } from '../../http/events.ts'
import { createHook, type Hook, type HookParts } from '../../http/hook.ts'
import { createMessageFeedback } from '../../http/message-feedback.ts'
import { createReadiness, type ReadinessCheck } from '../../http/readiness.ts'
import { createReceipts } from '../../http/receipts.ts'
import { type AuthenticationMethods, identifyCaller } from '../../okta/caller.ts'
import { canaryCaller } from '../../okta/canary-caller.ts'
import { authenticationMethods } from '../authentication-methods.ts'
import type { AwsAccess } from '../aws-calls.ts'
import { carrierOptions } from '../aws-calls.ts'
import { eventOrgs } from '../event-orgs.ts'
import { type Around, hookParts, POLICY_MAX_AGE_MS } from '../hook-parts.ts'
import { followRoutes } from './follow-routes.ts'
import { ownUrl } from './healthz.ts'
import { listen } from './listen.ts'
import { serveMetrics } from './metrics-server.ts'
import { openServerStore } from './open-store.ts'
import { readinessChecks } from './readiness-checks.ts'
import { keepRetention } from './retention.ts'
import { serverAws } from './server-aws.ts'
import { watchEpisodes } from './watch-episodes.ts'
import type { Worker } from './worker.ts'

export type Service = {
  readonly url: string
  readonly metricsUrl: string | undefined
  /** Resolves with the reason if this process should end because a new process could recover. */
  readonly hopeless: Promise<string>
  readonly close: () => Promise<void>
}

/**
 * The hook server: real store, real carrier, one port, and one for metrics. Resolves when it answers. `log.isRead`:
 * false while lines are dropped, which metrics and `/readyz` report. `around`: wraps every call of the hook. `worker`:
 * the role of this process among several. Default: it is the only one.
 */
export async function startService(
  settings: Settings,
  log: ((event: StepEvent) => void) & { readonly isRead?: () => boolean },
  around: (hook: Hook) => Hook = hook => hook,
  worker?: Worker,
): Promise<Service> {
  const metrics = createMetrics()
  const record = (event: StepEvent): void => {
    if (log.isRead?.() === false) metrics.record({ step: 'log', outcome: 'dropped' })
    log(event)
    metrics.record(event)
  }
  // Closed in reverse order, at the end or if the start fails.
  await using opened = new AsyncDisposableStack()
  const hopeless = Promise.withResolvers<string>()
  const aws = serverAws()
  const isFirst = worker === undefined || worker.isFirst
  const { store: opening, policy } = await openServerStore(settings, aws, record, hopeless.resolve, isFirst)
  opened.defer(opening.close)
  const later = createSettleLater(opening.settle, record)
  const store = { ...opening, settle: later.settle }
  opened.defer(keepWriting(later, record))
  const clock = startClock(record)
  const carrier = carrierOptions(settings, aws, clock.steadyNow)
  opened.defer(carrier.close)
  const ofHook = { ...store, readPolicy: policy.readPolicy }
  const { methods, parts } = serverParts(settings, {
    store: ofHook,
    send: createCarrier(carrier),
    clock,
    record,
    state: worker?.join(clock, metrics.values),
  })
  await parts.ports.policy(systemClock.abortAfter(FIRST_POLICY_MS)) // before the first request, and before old rows are removed
  const jobs = untilStopped(record)
  if (isFirst) opened.defer(keepRetention(store, jobs.record).stop)
  if (isFirst) opened.defer(watchEpisodes({ store, now: systemClock.now, record: jobs.record }).stop)
  if (isFirst) opened.defer(followRoutes({ store: opening, now: systemClock.now, record: jobs.record }).stop)
  opened.defer(jobs.stop)
  await Promise.race([warmUp(aws, methods), systemClock.pause(WARM_UP_MS)])

  const app = createApp({
    path: settings.server.path,
    hook: around(createHook(parts)),
    receipts: receipts(settings, store, record),
    events: createEvents({
      orgs: eventOrgs(settings),
      digests: keyedDigests(hashKeysOf(settings.store.hashKey ?? new Secret(''), settings.store)),
      store,
      feedback: settings.aws.messageFeedback
        ? createMessageFeedback({
            report: reportFeedback(carrier),
            store: opening,
            now: systemClock.now,
            record,
          })
        : undefined,
      clock: systemClock,
      record,
    }),
    readiness: createReadiness(
      [...readinessChecks(settings, methods, store), logCheck(log)],
      systemClock,
      record,
    ),
  })
  const { host, port } = settings.server
  const metricsServer = worker === undefined ? await serveMetrics(metrics, settings) : undefined
  if (metricsServer !== undefined) opened.defer(metricsServer.close)
  const server = await listen(app, host, port, settingTable.server.port.name)
  opened.defer(server.close) // first: requests in progress are answered, and no new ones are accepted

  const { country } = settings.canary
  if (isFirst && country !== 'off') {
    const url =
      settings.canary.url ?? `${ownUrl(host, Number(new URL(server.url).port))}${settings.server.path}`
    const { keepCanary } = await import('./keep-canary.ts')
    opened.defer(keepCanary(settings, { country, url, store: opening, record }).stop)
  }

  const closing = opened.move()
  const { promise } = hopeless
  return {
    url: server.url,
    metricsUrl: metricsServer?.url,
    hopeless: promise,
    close: () => closing.disposeAsync(),
  }
}

/**
 * Finds credentials and fetches keys, for which the first requests would otherwise wait. Those requests report a
 * failure.
 */
async function warmUp(aws: AwsAccess, { tokens }: AuthenticationMethods): Promise<void> {
  const keys = tokens.map(method => method.keys.warm(systemClock.abortAfter(WARM_UP_MS)))
  await Promise.allSettled([(async () => aws.credentials())(), ...keys])
}

/** The hook of a server. It authenticates callers itself, and reads the policy again before a request if it is too old. */
export function serverParts(
  settings: Settings,
  around: Omit<Around, 'identify' | 'policy' | 'store'> & {
    readonly store: DeliveryStore & Pick<PolicyStore, 'readPolicy'>
  },
): { readonly methods: AuthenticationMethods; readonly parts: HookParts } {
  const { store, clock } = around
  const methods = authenticationMethods(settings.callers, clock.steadyNow, httpsGet)
  const credential = createCanaryCredential(
    hashKeysOf(settings.store.hashKey ?? new Secret(''), settings.store),
  )
  const parts = hookParts(settings, {
    ...around,
    identify: async (call, at, signal) =>
      credential.isValid(call.header('authorization'), at)
        ? canaryCaller
        : identifyCaller(call.header, methods, at, signal),
    policy: keepPolicy(store, clock.steadyNow, POLICY_MAX_AGE_MS),
  })
  return { methods, parts }
}

/** Requests continue if the log is not read, so the server stays ready. */
function logCheck({ isRead }: { readonly isRead?: () => boolean }): ReadinessCheck {
  const check = async (): Promise<void> => {
    if (isRead?.() === false) throw new Error('The log is not being read.')
  }
  return { name: 'log', check, isOptional: true, freshMs: 0 }
}

/**
 * For jobs of the store: once they are stopped, what they still record is dropped, because a job in progress then fails
 * for no other reason than that the store closes. @internal
 */
export function untilStopped(record: (event: StepEvent) => void): {
  readonly record: (event: StepEvent) => void
  readonly stop: () => void
} {
  let isStopped = false
  return {
    record: event => {
      if (!isStopped) record(event)
    },
    stop: () => {
      isStopped = true
    },
  }
}

/** Writes pending records as soon as the store accepts them, also without requests, and a last time at the end. */
function keepWriting(later: SettleLater, record: (event: StepEvent) => void): () => Promise<void> {
  const timer = setInterval(() => void later.writeKept(), WRITE_KEPT_EVERY_MS)
  return async () => {
    clearInterval(timer)
    await untilAborted(later.writeKept(), systemClock.abortAfter(WRITE_KEPT_MAX_MS)).catch(() => undefined)
    const left = later.waitingCount()
    if (left > 0)
      record({ step: 'settle', outcome: 'dropped', detail: `${left} records could not be stored.` })
  }
}

function receipts(settings: Settings, store: DeliveryStore, record: (event: StepEvent) => void) {
  const { receiptTopics: topicArns, endpoint } = settings.aws
  if (topicArns === undefined) return undefined
  // A carrier on this machine is a stand-in: it signs its receipts itself.
  const isOnThisMachine = endpoint !== undefined && isLoopback(new URL(endpoint))
  const standIn = isOnThisMachine ? new URL(endpoint).origin : undefined
  const read = createSnsReader({ topicArns, standIn }, fetchText, systemClock)
  return createReceipts(read, store, systemClock, record)
}

/** A certificate, or SNS's answer to a confirmation. */
async function fetchText(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal, redirect: 'error' })
  if (!response.ok) throw new Error(`${new URL(url).host} answered HTTP ${response.status}`)
  return readBoundedText(response.body, SNS_MAX_BYTES)
}

const SNS_MAX_BYTES = 100_000
const FIRST_POLICY_MS = 6_000
const WARM_UP_MS = 1_000
const WRITE_KEPT_EVERY_MS = 1_000
const WRITE_KEPT_MAX_MS = 500
