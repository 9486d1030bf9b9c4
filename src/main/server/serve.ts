import { once } from 'node:events'
import { Problem } from '../../cli/terminal/problem.ts'
import type { Environment } from '../../config/environment.ts'
import { missingForService, readSettings, type Settings } from '../../config/settings.ts'
import { createLog } from '../log.ts'
import type { Streams } from '../terminal.ts'
import { dataFolderProblem } from './open-store.ts'
import { type Service, startService } from './service.ts'

/** `hookline serve`: the hook server with settings from the environment, until its signal aborts. */
export async function serve(
  environment: Environment,
  { stdout, signal, sendReady }: Pick<Streams, 'stdout' | 'signal' | 'sendReady'>,
): Promise<void> {
  const settings = readServiceSettings(environment, 'hookline serve')
  const { server, store } = settings

  // A full disk, or a reader of the log that has gone, does not stop a login.
  stdout.on('error', () => undefined)
  const log = createLog(stdout, setImmediate)
  const service = await openService(settings, log)
  const url = `${service.url}${server.path}`
  log({ step: 'serve', outcome: 'listening', url, metrics: service.metricsUrl })
  const detail = store.table === undefined ? dataFolderProblem(store.dataFolder) : undefined
  if (detail !== undefined) log({ step: 'serve', outcome: 'folder-open', detail })
  sendReady({ ready: service.url, metrics: service.metricsUrl })

  const why = await Promise.race([
    service.hopeless,
    ...(signal.aborted ? [undefined] : [once(signal, 'abort')]),
  ])
  const isHopeless = typeof why === 'string'
  log({ step: 'serve', outcome: 'stopping', detail: isHopeless ? why : signal.reason })
  await service.close()
  if (isHopeless) throw new Error(why) // an exit code by which a supervisor knows that it is to start another
}

/** The settings of a hook server; a problem lists all that is wrong or missing. */
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

/** Starts the hook server; a problem names the port that is taken. */
export function openService(...args: Parameters<typeof startService>): Promise<Service> {
  return startService(...args).catch(
    (error: NodeJS.ErrnoException & { readonly setting?: string; readonly port?: number }) => {
      const { code, setting, port } = error
      if (code !== 'EADDRINUSE') throw error
      throw new Problem(
        'settings',
        `${setting} ${port} is in use: end the program that uses it, or choose another, such as ${setting}=8090.`,
      )
    },
  )
}
