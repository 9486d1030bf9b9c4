import cluster, { type Worker as ClusterWorker } from 'node:cluster'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startClock, systemClock } from '../../adapters/node/system-clock.ts'
import { createMetrics, type MetricsPage } from '../../adapters/prometheus/metrics.ts'
import { createWorkerMetrics, type WorkerMetrics } from '../../adapters/prometheus/worker-metrics.ts'
import { exitCodes, Problem } from '../../cli/terminal/problem.ts'
import type { Environment } from '../../config/environment.ts'
import type { Settings } from '../../config/settings.ts'
import type { StepEvent } from '../../core/deliver/event.ts'
import { serveConsole } from '../console/serve-console.ts'
import { createLog } from '../log.ts'
import type { Streams } from '../terminal.ts'
import { copyLines } from './copy-lines.ts'
import { keepWorkers, type StartedWorker } from './keep-workers.ts'
import { serveMetrics } from './metrics-server.ts'
import { createSharedState, type SharedState } from './shared-state.ts'
import { type MessageFromWorker, type MessageToWorker, WORKER_NUMBER } from './worker.ts'

/**
 * The primary process of a server with workers, until its signal aborts. It answers no requests. It starts and replaces
 * the workers, counts limits and paces for all of them, serves the metrics, and passes on their log, line by line.
 */
export async function serveWithWorkers(
  settings: Settings,
  environment: Environment,
  streams: Streams,
): Promise<void> {
  const { stdout, signal, sendReady } = streams
  const { workers: count, path } = settings.server
  const log = createLog(stdout, setImmediate)
  stdout.setMaxListeners(0) // each worker waits for it
  const metrics = createMetrics()
  const record = (event: StepEvent): void => {
    log(event)
    metrics.record(event)
  }
  const { steadyNow } = startClock(record)
  const server: Server = {
    state: createSharedState(steadyNow),
    metrics: createWorkerMetrics(),
    processes: new Map(),
  }
  const page = async (): Promise<MetricsPage> => {
    await Promise.race([askForMetrics(server), systemClock.pause(METRICS_MS)])
    return server.metrics.page(await metrics.values())
  }
  const metricsServer = await serveMetrics({ page }, settings)
  const console = await serveConsole(settings, environment, log)
  // The program itself, whichever file started it.
  cluster.setupPrimary({ exec: fileURLToPath(new URL('../hookline.ts', import.meta.url)), args: ['serve'] })
  cluster.setupPrimary({ stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  const workers = keepWorkers({
    count,
    start: number => startWorker(number, server, stdout),
    onEvent: event => {
      if (event.kind === 'ready')
        return log({ step: 'serve', outcome: 'worker-ready', worker: event.number, pid: event.pid })
      const { number, how, againAfterMs } = event
      const next = againAfterMs === undefined ? '' : ` Another one starts in ${againAfterMs / 1_000} s.`
      const detail = `It ended with ${how}.${next}`
      record({ step: 'serve', outcome: 'worker-ended', worker: number, detail })
    },
    pause: systemClock.pause,
    monotonic: systemClock.monotonic,
  })
  const aborted = signal.aborted ? Promise.resolve() : once(signal, 'abort')
  void workers.ready.then(url => {
    log({
      step: 'serve',
      outcome: 'listening',
      url: `${url}${path}`,
      metrics: metricsServer?.url,
      console: console?.addressFile,
      workers: count,
    })
    sendReady({ ready: url, metrics: metricsServer?.url, console: console?.address() })
  })
  const failure = await Promise.race([workers.failed, aborted.then(() => undefined)])
  log({ step: 'serve', outcome: 'stopping', detail: failure?.why ?? signal.reason })
  await workers.stop()
  await console?.close()
  await metricsServer?.close()
  if (failure === undefined) return
  const why = `${failure.why} The server ends.`
  throw failure.exitCode === exitCodes.settings ? new Problem('settings', why) : new Error(why)
}

/** What the primary process knows about its workers. */
type Server = {
  readonly state: SharedState
  readonly metrics: WorkerMetrics
  readonly processes: Map<
    number,
    { readonly send: (message: MessageToWorker) => void; readonly answered: (() => void)[] }
  >
}

function startWorker(number: number, server: Server, log: Streams['stdout']): StartedWorker {
  const worker = cluster.fork({ [WORKER_NUMBER]: String(number) })
  const send = senderTo(worker)
  const answered: (() => void)[] = []
  const read = worker.process.stdout === null ? Promise.resolve() : copyLines(worker.process.stdout, log)
  const ready = Promise.withResolvers<{ readonly ready: string }>()
  const answer = (): void => {
    for (const done of answered.splice(0)) done()
  }
  worker.on('error', () => undefined) // the message was too late; the worker is ending
  worker.on('message', (message: MessageFromWorker | { readonly ready: string }) => {
    if (worker.isDead()) return
    if ('ready' in message) {
      send(server.state.forNewWorker())
      server.processes.set(number, { send, answered })
      ready.resolve(message)
    } else if (message.kind === 'metrics') {
      server.metrics.setLast(number, message.values)
      answer()
    } else {
      server.state.receive(message, send, toOthers => {
        for (const [other, process] of server.processes) if (other !== number) process.send(toOthers)
      })
    }
  })
  const exited = new Promise<string | number>(resolve => {
    worker.once('exit', (code, signal) => resolve(signal ?? code))
  })
  return {
    pid: worker.process.pid,
    ready: ready.promise,
    ended: exited.then(async how => {
      server.processes.delete(number)
      server.metrics.ended(number)
      answer()
      await Promise.race([read, systemClock.pause(READ_MS)])
      return how
    }),
    stop: () => void worker.process.kill('SIGTERM'),
    kill: () => void worker.process.kill('SIGKILL'),
  }
}

function senderTo(worker: ClusterWorker): (message: MessageToWorker) => void {
  return message => {
    if (worker.isConnected()) worker.send(message, () => undefined)
  }
}

async function askForMetrics({ processes }: Server): Promise<void> {
  await Promise.all(
    [...processes.values()].map(
      ({ send, answered }) =>
        new Promise<void>(resolve => {
          answered.push(resolve)
          send({ kind: 'metrics' })
        }),
    ),
  )
}

const METRICS_MS = 1_000
const READ_MS = 500
