import type { Secret } from '../core/values/secret.ts'
import type { OrgSecrets, TrustedOrg } from './orgs.ts'

type Asking = {
  readonly HOOKLINE_OKTA_ISSUER?: string | undefined
  readonly HOOKLINE_OKTA_CLIENT_ID?: string | undefined
  readonly HOOKLINE_SECRET_HEADER?: string | undefined
  readonly HOOKLINE_SECRETS?: readonly Secret[] | undefined
  readonly HOOKLINE_ORGS?: readonly TrustedOrg[] | undefined
  readonly HOOKLINE_ORG_SECRETS?: OrgSecrets | undefined
}

/**
 * Orgs without their secrets, and orgs that nobody could tell apart. A secret without its org is fine: it is put in place
 * before the org is trusted.
 */
export function orgProblems(settings: Asking): readonly string[] {
  const { HOOKLINE_ORGS: orgs = [], HOOKLINE_ORG_SECRETS: secrets = new Map() } = settings
  const without = orgs.filter(org => org.kind === 'secret header' && !secrets.has(org.name))
  return [
    ...without.map(({ name }) => `HOOKLINE_ORG_SECRETS has no secret for the org ${name}: ${name}=<secret>.`),
    ...alike(clientsOf(settings)).map(
      names =>
        `${names} are the same client of the same issuer: nobody could tell who is asking. Keep one of them.`,
    ),
    ...alike(secretsOf(settings)).map(
      names => `${names} have the same secret: nobody could tell who is asking. Give each its own.`,
    ),
  ]
}

type Marked = { readonly name: string; readonly mark: string }

function clientsOf({
  HOOKLINE_OKTA_ISSUER: issuer,
  HOOKLINE_OKTA_CLIENT_ID: clientId,
  HOOKLINE_ORGS: orgs = [],
}: Asking): readonly Marked[] {
  const own = { name: 'HOOKLINE_OKTA_CLIENT_ID', mark: JSON.stringify([issuer, clientId]) }
  const others = orgs.flatMap(org =>
    org.kind === 'access token' ? [{ name: org.name, mark: JSON.stringify([org.issuer, org.clientId]) }] : [],
  )
  return issuer === undefined ? others : [own, ...others]
}

function secretsOf({
  HOOKLINE_SECRETS: own = [],
  HOOKLINE_ORG_SECRETS: secrets = new Map(),
}: Asking): readonly Marked[] {
  const all = [['HOOKLINE_SECRETS', own] as const, ...secrets]
  return all.flatMap(([name, some]) => some.map((secret: Secret) => ({ name, mark: secret.reveal() })))
}

/** Names that share a mark, as text. */
function alike(marked: readonly Marked[]): readonly string[] {
  const names = Map.groupBy(marked, ({ mark }) => mark)
  return [...names.values()]
    .filter(some => new Set(some.map(({ name }) => name)).size > 1)
    .map(some => some.map(({ name }) => name).join(' and '))
}
