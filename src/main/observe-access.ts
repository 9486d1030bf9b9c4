import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { setTimeout } from 'node:timers/promises'
import type { ObserveAccess, ObservedServer } from '../cli/observe/access.ts'
import type { Environment } from '../config/settings.ts'
import type { Observation } from '../okta/observe/observation.ts'

/** The server of `serve`, and a person at the terminal. Its log is not printed: the terminal is the person's. */
export function createObserveAccess(environment: Environment): ObserveAccess {
  return {
    version: readVersion,
    start: async observation => {
      const server = await startObserved(environment, observation)
      const ending = new AbortController()
      const end = (): void => ending.abort()
      process.once('SIGINT', end)
      return {
        port: server.port,
        brokenOff: ending.signal,
        ask: question => ask(question, ending),
        close: async () => {
          process.off('SIGINT', end)
          await server.close()
        },
      }
    },
  }
}

function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}

/** The hook server with the settings of `serve`, observed. */
export async function startObserved(
  environment: Environment,
  observation: Observation,
  pause: (ms: number) => Promise<void> = setTimeout,
): Promise<Pick<ObservedServer, 'port' | 'close'>> {
  const { readServiceSettings, openService } = await import('./open-service.ts')
  const { createObservedHook } = await import('../http/observed-hook.ts')
  const settings = readServiceSettings(environment, 'hookline observe')
  const service = await openService(
    settings,
    () => undefined,
    parts => createObservedHook(parts, observation, pause),
  )
  return { port: new URL(service.url).port, close: service.close }
}

async function ask(question: string, ending: AbortController): Promise<string | undefined> {
  if (ending.signal.aborted) return undefined
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const closed = new Promise<undefined>(resolve => terminal.once('close', () => resolve(undefined)))
  terminal.once('SIGINT', () => {
    process.stdout.write('\n')
    terminal.close()
  })
  try {
    const answer = await Promise.race([terminal.question(question), closed])
    if (answer === undefined) ending.abort()
    return answer
  } finally {
    terminal.close()
  }
}
