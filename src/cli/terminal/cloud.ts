import type { Channel } from '../../core/values/request.ts'
import type { Secret } from '../../core/values/secret.ts'

/** AWS's control plane in one region, as the commands need it. Calls reject with AWS's own errors: `aws-error.ts`. */
export type Cloud = {
  readonly region: string
  readonly whoAmI: () => Promise<{ readonly account: string; readonly arn: string }>
  readonly stacks: Stacks
  readonly codeBucket: CodeBucket
  readonly account: Account
  readonly services: AccountServices
  readonly close: () => void
}

type Stacks = {
  /** By name or ID; undefined when there is none. One that was deleted is found by its ID only. */
  readonly find: (nameOrId: string) => Promise<Stack | undefined>
  readonly declaredParameters: (templateUrl: string) => Promise<readonly DeclaredParameter[]>
  readonly createChangeSet: (wanted: {
    readonly stack: string
    readonly name: string
    readonly isNew: boolean
    readonly template: { readonly url: string } | { readonly body: string }
    /** Undefined keeps the value of the last deployment. */
    readonly parameters: ReadonlyMap<string, string | undefined>
  }) => Promise<void>
  readonly readChangeSet: (stack: string, name: string) => Promise<ChangeSet>
  /** The errors that CloudFormation found before it began. */
  readonly validationProblems: (stack: string, changeSet: string) => Promise<readonly string[]>
  readonly executeChangeSet: (stack: string, name: string) => Promise<void>
  readonly deleteChangeSet: (stack: string, name: string) => Promise<void>
  readonly deleteStack: (nameOrId: string) => Promise<void>
  /** Its ID; undefined when there is none. */
  readonly newestEvent: (nameOrId: string) => Promise<string | undefined>
  /** Oldest first; all that are known when `last` is undefined. */
  readonly eventsSince: (nameOrId: string, last: string | undefined) => Promise<readonly StackEvent[]>
  readonly resources: (nameOrId: string) => Promise<readonly StackResource[]>
}

export type Stack = {
  readonly id: string
  readonly name: string
  /** As CloudFormation names it, such as `UPDATE_COMPLETE`. */
  readonly status: string
  readonly reason: string | undefined
  readonly parameters: ReadonlyMap<string, string>
  readonly outputs: ReadonlyMap<string, string>
}

export type DeclaredParameter = {
  readonly name: string
  readonly default: string | undefined
  readonly description: string | undefined
}

export type ChangeSet = {
  readonly status: string
  readonly reason: string | undefined
  readonly changes: readonly {
    /** `Add`, `Modify`, `Remove`. */
    readonly action: string
    readonly resource: string
    readonly type: string
    /** `True`, `Conditional`, `False`. */
    readonly replacement: string | undefined
  }[]
}

export type StackEvent = {
  readonly id: string
  readonly at: number
  readonly resource: string
  readonly type: string
  readonly status: string
  readonly reason: string | undefined
  /** Whether the event is about the stack itself. */
  readonly isStack: boolean
}

export type StackResource = {
  readonly resource: string
  readonly physicalId: string
  readonly type: string
  readonly status: string
}

type CodeBucket = {
  readonly look: (name: string, account: string) => Promise<'ours' | 'none' | 'not ours'>
  readonly create: (name: string) => Promise<void>
  readonly isVersioned: (name: string, account: string) => Promise<boolean>
  readonly protect: (name: string, account: string, partition: string) => Promise<void>
  /** Resolves with the ID of the new version. `sha256`: base64; AWS refuses content with another checksum. */
  readonly put: (
    name: string,
    account: string,
    key: string,
    body: Uint8Array,
    sha256: string,
  ) => Promise<string>
  /** The SHA-256 that AWS computed of a version, base64; undefined when there is none. */
  readonly checksumOf: (
    name: string,
    account: string,
    key: string,
    version: string,
  ) => Promise<string | undefined>
  /** Every version of every key, including delete markers. */
  readonly list: (name: string, account: string) => Promise<readonly StoredVersion[]>
  /** Permanently. */
  readonly remove: (name: string, account: string, versions: readonly StoredVersion[]) => Promise<void>
  readonly removeBucket: (name: string, account: string) => Promise<void>
}

type StoredVersion = {
  readonly key: string
  readonly version: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** Whether it is the current version of the key. */
  readonly isCurrent: boolean
}

export type CountryRule = 'ALLOW' | 'BLOCK' | 'MONITOR' | 'FILTER'

type Account = {
  readonly isInSandbox: () => Promise<boolean | undefined>
  /** US dollars a month. */
  readonly spendLimits: () => Promise<
    readonly { readonly channel: Channel; readonly limit: number; readonly max: number }[]
  >
  readonly countryRules: (id: string, channel: Channel) => Promise<ReadonlyMap<string, CountryRule>>
  readonly changeCountryRules: (
    id: string,
    channel: Channel,
    rules: ReadonlyMap<string, CountryRule>,
  ) => Promise<void>
  /** Allows or blocks one number, whatever the rule of its country, until then. */
  readonly putNumberRule: (
    id: string,
    number: Secret,
    rule: 'ALLOW' | 'BLOCK',
    until: number,
  ) => Promise<void>
  /** False if there was none. */
  readonly removeNumberRule: (id: string, number: Secret) => Promise<boolean>
}

/** What the account has in the region outside the stacks. */
type AccountServices = {
  /** Whether AWS End User Messaging may write its metrics: by a service-linked role of the account. */
  readonly hasMessagingRole: () => Promise<boolean>
  readonly createMessagingRole: () => Promise<void>
  /** The role by which API Gateway writes logs, one for the account and region; undefined when there is none. */
  readonly apiLogRole: () => Promise<string | undefined>
  /** The code that a function runs behind an alias, as the SHA-256 of its archive in base64; undefined without that function. */
  readonly functionCode: (
    name: string,
    alias: string | undefined,
  ) => Promise<{ readonly sha256: string } | undefined>
  /** What the function returned. Rejects with AWS's errors, and if the function failed. */
  readonly runFunction: (name: string, alias: string, event: object, signal: AbortSignal) => Promise<unknown>
}

/** The output of `npm run template`. */
export type BuiltTemplate = {
  /** A hash of the archives: their folder in the bucket. */
  readonly release: string
  readonly template: Uint8Array
  /** The template of the stack in the second region; short enough for the request itself. */
  readonly secondRegion: string
  /** File name to content. */
  readonly archives: ReadonlyMap<string, Uint8Array>
}

/** AWS for the commands that change it: handed in by `main`. */
export type CloudAccess = {
  /** In the given region, else that of the environment or the profile. */
  readonly open: (region: string | undefined) => Promise<Cloud>
  readonly buildTemplate: () => Promise<BuiltTemplate>
  /** The version of this Hookline, such as `0.1.0`. */
  readonly version: string
  /** The IPv4 ranges that Okta publishes. Rejects if they cannot be read, or if the list is empty. */
  readonly readOktaRanges: () => Promise<readonly string[]>
  /** Whether a question can be answered. */
  readonly isAtTerminal: boolean
  /** Asks at the terminal; resolves with the line that is typed. */
  readonly ask: (question: string) => Promise<string>
  /** HOOKLINE_PROTECT_CONFIGURATION, if it is set. */
  readonly protectConfiguration: () => string | undefined
}
