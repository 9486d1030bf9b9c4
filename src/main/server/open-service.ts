import { Problem } from '../../cli/terminal/problem.ts'
import { type Environment, missingForService, readSettings, type Settings } from '../../config/settings.ts'
import { type Service, startService } from './service.ts'

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
