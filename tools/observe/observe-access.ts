import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { Environment } from '../../src/config/environment.ts'
import type { Terminal } from '../../src/main/terminal.ts'
import type { ObserveAccess, ObservedServer } from './access.ts'
import type { Observation } from './observation.ts'

/**
 * The server of `serve`, and a person at the terminal. Its log is not printed, because the person uses the terminal.
 */
export function createObserveAccess(
  environment: Environment,
  terminal: Terminal,
  interruption: () => AbortSignal,
): ObserveAccess {
  return {
    version: readVersion,
    start: async observation => {
      const server = await startObserved(environment, observation)
      const noMoreInput = new AbortController()
      const brokenOff = AbortSignal.any([interruption(), noMoreInput.signal])
      return {
        port: server.port,
        brokenOff,
        ask: async question => {
          if (brokenOff.aborted) return undefined
          const answer = await terminal.ask(question)
          if (answer === undefined) noMoreInput.abort()
          return answer
        },
        close: server.close,
      }
    },
  }
}

function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}

/** The hook server with the settings of `serve`, observed. @internal */
export async function startObserved(
  environment: Environment,
  observation: Observation,
  pause: (ms: number) => Promise<void> = setTimeout,
): Promise<Pick<ObservedServer, 'port' | 'close'>> {
  const { readServiceSettings } = await import('../../src/main/server/serve.ts')
  const { startService } = await import('../../src/main/server/service.ts')
  const { observeHook, observeRefusals } = await import('./observed-hook.ts')
  const settings = readServiceSettings(environment, 'npm run observe')
  const service = await startService(settings, observeRefusals(observation), hook =>
    observeHook(hook, observation, { now: Date.now, pause }),
  )
  return { port: new URL(service.url).port, close: service.close }
}
