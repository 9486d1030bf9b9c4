import { Problem } from '../cli/problem.ts'
import { type Environment, missingForService, readSettings } from '../config/settings.ts'
import { log } from './log.ts'
import { startService } from './service.ts'

/** `hookline serve`: the hook server with settings from the environment, until SIGINT or SIGTERM. */
export async function serve(environment: Environment): Promise<void> {
  const read = readSettings(environment)
  const problems = read.kind === 'problems' ? read.problems : missingForService(read.settings)
  if (read.kind === 'problems' || problems.length > 0) {
    const lines = problems.map(problem => `  ${problem}`).join('\n')
    throw new Problem(
      'settings',
      `hookline serve cannot start:\n${lines}\nEvery setting is explained in docs/settings.md.`,
    )
  }

  // A full disk, or a reader of the log that has gone, does not stop a login.
  process.stdout.on('error', () => undefined)
  const service = await startService(read.settings, log).catch(
    (error: NodeJS.ErrnoException & { readonly setting?: string; readonly port?: number }) => {
      const { code, setting, port } = error
      if (code !== 'EADDRINUSE') throw error
      throw new Problem(
        'settings',
        `${setting} ${port} is in use: end the program that uses it, or choose another, such as ${setting}=8090.`,
      )
    },
  )
  const url = `${service.url}${read.settings.HOOKLINE_PATH}`
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
