import type { Environment } from '../config/settings.ts'
import { log } from './log.ts'
import { openService, readServiceSettings } from './open-service.ts'

/** `hookline serve`: the hook server with settings from the environment, until SIGINT or SIGTERM. */
export async function serve(environment: Environment): Promise<void> {
  const settings = readServiceSettings(environment, 'hookline serve')

  // A full disk, or a reader of the log that has gone, does not stop a login.
  process.stdout.on('error', () => undefined)
  const service = await openService(settings, log)
  const url = `${service.url}${settings.HOOKLINE_PATH}`
  log({ step: 'serve', outcome: 'listening', url, metrics: service.metricsUrl })
  process.send?.({ ready: service.url, metrics: service.metricsUrl })

  let isStopping = false
  const stop = async (why: string): Promise<void> => {
    if (isStopping) return
    isStopping = true
    log({ step: 'serve', outcome: 'stopping', detail: why })
    await service.close()
    if (process.connected) process.disconnect()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal))
  process.once('disconnect', () => void stop('the program that started it has gone'))
}
