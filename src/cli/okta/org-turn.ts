import type { TrustedOrg } from '../../config/orgs.ts'
import type { OrgEntry } from '../../config/orgs-file.ts'
import type { OktaContext } from '../terminal/context.ts'
import type { CredentialOptions } from './credential.ts'

/** What a command does in one org. */
export type OrgWork<T extends OktaContext, O> = (turn: OrgTurn<T, O>) => Promise<TurnEnd>

export type OrgTurn<T extends OktaContext, O> = {
  readonly context: T
  readonly options: O & CredentialOptions
  /** In the orgs file; undefined where the org was given by its address. */
  readonly name: string | undefined
  /** With many orgs the plans come first, and one question about all of them. */
  readonly isPlanShown: boolean
  /** Keeps what the deployment has to trust in the orgs file. */
  readonly keep: (org: TrustedOrg) => void
}

/** How it went: `text` is a cell of the table that many orgs end with. */
export type TurnEnd = { readonly isGood: boolean; readonly text: string }

export type OrgsOptions = Partial<CredentialOptions> & {
  readonly all?: boolean
  readonly orgs: string
  readonly writeEnv?: string
  readonly dryRun?: boolean
  readonly yes?: boolean
  readonly json?: boolean
}

/** `changes` are planned, and asked about before they are made. */
export type Does = 'changes' | 'looks'

/** What an org has of its own wins. */
export function optionsOf<O extends OrgsOptions>(options: O, entry: OrgEntry): O & CredentialOptions {
  return { ...options, ...entry.options }
}
