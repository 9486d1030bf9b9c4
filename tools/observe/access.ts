import type { OktaContext } from '../../src/cli/terminal/context.ts'
import type { Observation } from './observation.ts'

/** What `observe` needs beyond what other commands of Okta do: handed in by `main`. */
export type ObserveAccess = {
  /** Of Hookline. */
  readonly version: () => string
  /** The hook server of the settings, with everything that calls it observed. Rejects with a problem when it cannot start. */
  readonly start: (observation: Observation) => Promise<ObservedServer>
}

export type ObservedServer = {
  readonly port: string
  /** Aborts at Ctrl-C. */
  readonly brokenOff: AbortSignal
  /** Undefined at Ctrl-C, or at the end of the input. */
  readonly ask: (question: string) => Promise<string | undefined>
  readonly close: () => Promise<void>
}

export type ObserveContext = OktaContext & { readonly observe: ObserveAccess }
