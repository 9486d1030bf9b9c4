import type { Environment } from '../../config/environment.ts'
import type { Settings } from '../../config/settings.ts'
import type { Store } from '../../core/records/store.ts'
import type { AccountContext, OktaContext } from '../terminal/context.ts'
import type { ConfigurationSet } from './facts.ts'

/** What `main` gives `doctor` in addition to what every command has. */
export type DoctorAccess = {
  readonly environment: Environment
  /** Adds the settings from the secret that HOOKLINE_SECRET_ID names. Rejects with AWS's errors. */
  readonly withSecretSettings: (environment: Environment) => Promise<Environment>
  /** Creates nothing: undefined if there is no store yet. */
  readonly openStore: (settings: Settings) => Promise<Store | undefined>
  /** Undefined if AWS has none of this name. */
  readonly readConfigurationSet: (
    region: string,
    name: string,
  ) => Promise<ConfigurationSet['destinations'] | undefined>
  /** An address of AWS whose answers have a `Date`. */
  readonly awsAddress: (region: string) => string
  readonly shippedTemplates: () => Promise<ShippedTemplates>
  /** Reports what takes long; not part of the output. */
  readonly progress: (text: string) => void
}

/** The templates that come with Hookline. */
type ShippedTemplates = {
  readonly count: number
  /** Adds them to a store without templates; changes no other. */
  readonly putInto: (store: Store) => Promise<void>
}

export type DoctorContext = AccountContext & OktaContext & { readonly doctor: DoctorAccess }
