import { once } from 'node:events'
import { Problem } from '../../cli/terminal/problem.ts'
import type { Environment } from '../../config/environment.ts'
import { missingForService, readSettings, type Settings } from '../../config/settings.ts'
import { openRotation } from '../../config/store-settings.ts'
import type { StepEvent } from '../../core/deliver/event.ts'
import { serveConsole } from '../console/serve-console.ts'
import { createLog } from '../log.ts'
import type { Streams } from '../terminal.ts'
import { dataFolderProblem } from './open-store.ts'
import { thisWorker } from './worker.ts'

/**
 * `hookline serve`: the hook server with settings from the environment, until its signal aborts. With several workers this
 * process starts them, and each of them comes here too.
 */
export async function serve(environment: Environment, streams: Streams): Promise<void> {
  const { stdout, signal, sendReady } = streams
  const settings = readServiceSettings(environment, 'hookline serve')
  const { server, store } = settings

  const worker = thisWorker()
  if (worker === undefined && server.workers > 1) {
    const { serveWithWorkers } = await import('./serve-workers.ts')
    return serveWithWorkers(settings, environment, streams)
  }
  const { startService } = await import('./service.ts')
  const log = createLog(stdout, setImmediate, worker && { worker: worker.number })
  const service = await startService(settings, log, app => app, worker)
  const console = worker === undefined ? await serveConsole(settings, environment, log) : undefined
  const url = `${service.url}${server.path}`
  if (worker === undefined)
    log({
      step: 'serve',
      outcome: 'listening',
      url,
      metrics: service.metricsUrl,
      console: console?.addressFile,
    })
  const isFirst = worker === undefined || worker.isFirst
  if (isFirst) for (const event of warningsOf(store)) log(event)
  sendReady({ ready: service.url, metrics: service.metricsUrl, console: console?.address() })

  const why = await Promise.race([
    service.hopeless,
    ...(signal.aborted ? [undefined] : [once(signal, 'abort')]),
  ])
  const isHopeless = typeof why === 'string'
  log({ step: 'serve', outcome: 'stopping', detail: isHopeless ? why : signal.reason })
  await Promise.all([console?.close(), service.close()])
  if (isHopeless) throw new Error(why) // an exit code that makes a supervisor start a new process
}

/** What somebody should know or change, although the server runs. */
export function warningsOf({
  dataFolder,
  table,
  otherHashKey,
}: Pick<Settings['store'], 'dataFolder' | 'table' | 'otherHashKey'>): readonly StepEvent[] {
  const folder = table === undefined ? dataFolderProblem(dataFolder) : undefined
  const { meaning, end } = openRotation
  return [
    ...(folder === undefined ? [] : [{ step: 'serve', outcome: 'folder-open', detail: folder } as const]),
    ...(otherHashKey === undefined
      ? []
      : [{ step: 'serve', outcome: 'rotation-open', detail: `${meaning} ${end}` } as const]),
  ]
}

/** The settings of a hook server. Throws one problem with everything that is wrong or missing. */
export function readServiceSettings(environment: Environment, command: string): Settings {
  const read = readSettings(environment)
  const problems = read.kind === 'problems' ? read.problems : missingForService(read.settings)
  if (read.kind === 'settings' && problems.length === 0) return read.settings
  const lines = problems.map(problem => `  ${problem}`).join('\n')
  throw new Problem(
    'settings',
    `${command} cannot start:\n${lines}\nEvery setting is explained in docs/settings.md.`,
  )
}
