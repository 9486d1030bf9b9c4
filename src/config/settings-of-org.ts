import type { TrustedOrg } from './orgs.ts'
import type { Settings } from './settings.ts'

/** Which org is meant: by its name, else by its address. Neither: the only one there is. */
export type MeantOrg = { readonly name: string | undefined; readonly url: string | undefined }

/** The settings as if the deployment trusted this org alone; undefined where it does not trust it. */
export function settingsOfOrg(settings: Settings, meant: MeantOrg): Settings | undefined {
  const { HOOKLINE_ORGS: orgs, HOOKLINE_ORG_SECRETS: secrets, ...alone } = settings
  if (orgs === undefined) return settings
  const rest: Settings = { ...alone, HOOKLINE_ORGS: undefined, HOOKLINE_ORG_SECRETS: undefined }
  const hasOwn = rest.HOOKLINE_OKTA_ISSUER !== undefined || rest.HOOKLINE_SECRET_HEADER !== undefined
  const org = findOrg(orgs, meant, hasOwn)
  if (org === undefined) return hasOwn ? rest : undefined
  const isByToken = org.kind === 'access token'
  return {
    ...rest,
    HOOKLINE_OKTA_ISSUER: isByToken ? org.issuer : undefined,
    HOOKLINE_OKTA_AUDIENCE: isByToken ? org.audience : undefined,
    HOOKLINE_OKTA_CLIENT_ID: isByToken ? org.clientId : undefined,
    HOOKLINE_OKTA_SCOPE: isByToken ? org.scope : undefined,
    HOOKLINE_SECRET_HEADER: isByToken ? undefined : org.secretHeader,
    HOOKLINE_SECRETS: isByToken ? undefined : secrets?.get(org.name),
  }
}

function findOrg(
  orgs: readonly TrustedOrg[],
  { name, url }: MeantOrg,
  hasOwn: boolean,
): TrustedOrg | undefined {
  if (name !== undefined) return orgs.find(org => org.name === name)
  if (url !== undefined)
    return orgs.find(org => org.kind === 'access token' && originOf(org.issuer) === originOf(url))
  return orgs.length === 1 && !hasOwn ? orgs[0] : undefined
}

function originOf(url: string): string | undefined {
  return URL.parse(url)?.origin
}
