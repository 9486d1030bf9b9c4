import type { AccountIdentities } from '../../advice/account/account-identities.ts'
import type { PlanRules } from '../../core/plan/plan.ts'
import type { NewTemplate } from '../../core/policy/policy-store.ts'
import type { Store } from '../../core/records/store.ts'
import type { Secret } from '../../core/values/secret.ts'
import type { OktaApi } from '../../okta/setup/okta-api.ts'
import type { CloudAccess } from './cloud.ts'
import type { ExitCode } from './problem.ts'

/** What `main` hands to commands: they choose no adapter and read no environment themselves. */
export type Context = {
  /** Opens the store of the settings, with the shipped templates if it was empty. Close it after use. */
  readonly openStore: () => Promise<Store>
  readonly planRules: () => PlanRules
  /** The deployment's region, if the environment names one. */
  readonly homeRegion: () => string | undefined
  /** A line, or several, on standard output. */
  readonly print: (text: string) => void
  /** Progress of long work: a line on standard error, so that output for programs does not contain it. */
  readonly progress: (text: string) => void
  /** The command's exit code at its end. Default: done. */
  readonly endWith: (exitCode: ExitCode) => void
  /** Aborts at Ctrl-C. A command that reads it must end soon after; any other command is ended at once. */
  readonly interruption: () => AbortSignal
  readonly now: () => number
  /** The name of the user, if the operating system gives one. */
  readonly author: () => string | undefined
  readonly pause: (ms: number) => Promise<void>
  /** The environment of a program that a command starts: it contains no settings and no secrets. */
  readonly inheritedEnvironment: () => Readonly<Record<string, string>>
  /** The keyed digest in which a number or user is stored; then the one by the other hash key while the key is rotated. */
  readonly digests: (text: string) => Promise<Digested>
  /** Every language that is shipped, also those that a new store does not have. */
  readonly shippedLanguages: () => Promise<readonly ShippedTemplates[]>
  /** Every item of another DynamoDB table, to import from. Rejects with AWS's own errors. */
  readonly scanTable: (table: string) => Promise<readonly unknown[]>
}

/** At least one. */
type Digested = readonly [string, ...string[]]

/** A shipped language: its names and its templates. */
type ShippedTemplates = {
  readonly locale: string
  readonly language: string
  readonly ownName: string
  /** A new store has it. */
  readonly isOn: boolean
  readonly templates: readonly NewTemplate[]
}

/** With AWS's control plane, for the commands that change the account. */
export type CloudContext = Context & { readonly cloud: CloudAccess }

/** With the origination identities of the account. */
export type AccountContext = CloudContext & {
  /** In the given region, else that of the environment or the profile. Rejects with AWS's own errors. */
  readonly readAccount: (wanted: {
    readonly region: string | undefined
    readonly hasNotify: boolean
  }) => Promise<AccountIdentities>
}

/** With Okta's management API, for the commands that change an org. */
export type OktaContext = Context & { readonly okta: OktaAccess }

/** Okta's management API, as the commands need it: handed in by `main`. */
export type OktaAccess = {
  readonly open: (orgUrl: string, credential: OktaCredential, patience: Patience) => Promise<OktaApi>
  /** From the environment: OKTA_API_TOKEN. */
  readonly token: () => Secret | undefined
  /** From the environment: HOOKLINE_SECRETS, the first of them. */
  readonly hookSecret: () => Secret | undefined
  /** From the environment: HOOKLINE_ORG_SECRETS, the first of this org. */
  readonly orgSecret: (name: string) => Secret | undefined
  /** From the environment: HOOKLINE_EVENT_SECRETS, or of this org HOOKLINE_ORG_EVENT_SECRETS; the first. */
  readonly eventSecret: (org?: string) => Secret | undefined
  /** Whether a question can be answered. */
  readonly isAtTerminal: boolean
  readonly ask: (question: string) => Promise<string>
  /** Without showing what is typed. */
  readonly askHidden: (question: string) => Promise<Secret>
}

export type OktaCredential =
  | { readonly kind: 'token'; readonly token: Secret }
  | {
      readonly kind: 'app'
      readonly clientId: string
      readonly privateKey: Secret
      readonly keyId: string | undefined
      readonly scopes: readonly string[]
    }

type Patience = {
  readonly pause: (ms: number) => Promise<void>
  /** Before each wait for Okta's rate limit. */
  readonly onWait: (seconds: number) => void
}

/** Opens the store for the time of one piece of work. */
export async function withStore<T>(context: Context, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await context.openStore()
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}
