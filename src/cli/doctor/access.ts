import type { Environment } from '../../config/environment.ts'
import type { Settings } from '../../config/settings.ts'
import type { Store } from '../../core/records/store.ts'
import type { AccountContext, OktaContext } from '../terminal/context.ts'
import type { ConfigurationSet } from './facts.ts'

/** What `doctor` is handed by `main`, beyond what other commands have. */
export type DoctorAccess = {
  readonly environment: Environment
  /** With what the secret holds that HOOKLINE_SECRET_ID names. Rejects with AWS's own errors. */
  readonly withSecretSettings: (environment: Environment) => Promise<Environment>
  /** Makes nothing: undefined where there is no store yet. */
  readonly openStore: (settings: Settings) => Promise<Store | undefined>
  /** Undefined when AWS has none of this name. */
  readonly readConfigurationSet: (
    region: string,
    name: string,
  ) => Promise<ConfigurationSet['destinations'] | undefined>
  /** An address of AWS that tells the time: any answer will do. */
  readonly awsAddress: (region: string) => string
  readonly shippedTemplates: () => Promise<ShippedTemplates>
  /** What takes long, for whoever waits; not part of the output. */
  readonly progress: (text: string) => void
}

/** The templates that Hookline comes with. */
type ShippedTemplates = {
  readonly count: number
  /** Into a store that has none; any other keeps what it has. */
  readonly putInto: (store: Store) => Promise<void>
}

export type DoctorContext = AccountContext & OktaContext & { readonly doctor: DoctorAccess }
