import type { OktaContext } from '../../src/cli/terminal/context.ts'
import type { Observation } from './observation.ts'

/** What `main` gives `observe` in addition to what every command for Okta has. */
export type ObserveAccess = {
  /** Version of Hookline. */
  readonly version: () => string
  /** Starts the hook server of the settings and observes its calls. Rejects with a problem if it cannot start. */
  readonly start: (observation: Observation) => Promise<ObservedServer>
}

export type ObservedServer = {
  readonly port: string
  /** Aborts at Ctrl-C. */
  readonly brokenOff: AbortSignal
  /** Undefined at Ctrl-C or at the end of the input. */
  readonly ask: (question: string) => Promise<string | undefined>
  readonly close: () => Promise<void>
}

export type ObserveContext = OktaContext & { readonly observe: ObserveAccess }
