import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** The stand-in's token, which no other org accepts. */
export const TOKEN_OF_STAND_IN = 'token-of-the-stand-in'

/** The hook trusts this client ID from the start; `okta setup` creates the app with it. */
export const CLIENT_TO_BE = 'hookline-telephony'

export type EmptyOrg = {
  readonly dataFolder: string
  readonly orgUrl: string
  readonly carrierUrl: string
  readonly hookUrl: string
}

/** Writes the settings of the stand-ins to a file, and prints what to do with the org. */
export function handOrg(
  settings: Readonly<Record<string, string | undefined>>,
  { dataFolder, orgUrl, carrierUrl, hookUrl }: EmptyOrg,
): string {
  const file = keepEnvironment(dataFolder, { OKTA_API_TOKEN: TOKEN_OF_STAND_IN, ...settings })
  return `The org is empty: users cannot sign in by phone yet. In a second terminal, in this folder:

  set -a; . ${file}; set +a
  npx hookline okta setup --org ${orgUrl} --url ${hookUrl} --app-client-id ${CLIENT_TO_BE}
  npx hookline doctor --org ${orgUrl} --url ${hookUrl}
  npx hookline okta preview --org ${orgUrl}
  npx hookline send --okta ${orgUrl} --carrier ${carrierUrl} --to +12065550111
  npx hookline okta teardown --org ${orgUrl}

What the org has, before and after: ${orgUrl}/org/export

Ctrl-C ends everything.`
}

/** Writes variables for a second terminal to a file of its owner; returns its path as it is typed. */
export function keepEnvironment(
  dataFolder: string,
  variables: Readonly<Record<string, string | undefined>>,
): string {
  const file = join(dataFolder, 'stand-ins.env')
  const lines = Object.entries(variables).map(([name, value]) => `${name}='${value}'`)
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 })
  return quotedPath(file)
}

function quotedPath(file: string): string {
  const short = relative(process.cwd(), file)
  const path = short.startsWith('..') ? file : `./${short}`
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
