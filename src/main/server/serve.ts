import { once } from 'node:events'
import type { Environment } from '../../config/settings.ts'
import { dataFolderProblem } from '../data-folder.ts'
import { createLog } from '../log.ts'
import type { Streams } from '../terminal.ts'
import { openService, readServiceSettings } from './open-service.ts'

/** `hookline serve`: the hook server with settings from the environment, until its signal aborts. */
export async function serve(
  environment: Environment,
  { stdout, signal, sendReady }: Pick<Streams, 'stdout' | 'signal' | 'sendReady'>,
): Promise<void> {
  const settings = readServiceSettings(environment, 'hookline serve')

  // A full disk, or a reader of the log that has gone, does not stop a login.
  stdout.on('error', () => undefined)
  const log = createLog(stdout)
  const service = await openService(settings, log)
  const url = `${service.url}${settings.HOOKLINE_PATH}`
  log({ step: 'serve', outcome: 'listening', url, metrics: service.metricsUrl })
  const detail =
    settings.HOOKLINE_TABLE === undefined ? dataFolderProblem(settings.HOOKLINE_DATA_DIR) : undefined
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
