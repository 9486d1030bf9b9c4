import { stat } from 'node:fs/promises'
import type { TrustedOrg } from '../../config/orgs.ts'
import { choose } from '../../okta/setup/choose.ts'
import type { Org } from '../../okta/setup/org.ts'
import type { TargetState } from '../../okta/setup/target.ts'
import { readTextFile, writeOwnFile } from '../terminal/files.ts'

/** What the deployment must trust. Undefined until the org has all of it. */
export function trustsOf(org: Org, target: TargetState): Trusts | undefined {
  if (target.method.kind === 'secret-header')
    return { kind: 'secret header', secretHeader: target.method.name }
  const { app } = choose(org, target)
  if (org.server === undefined || app === undefined) return undefined
  const { issuer, audience } = org.server
  return { kind: 'access token', issuer, audience, clientId: app.clientId, scope: target.method.scope }
}

/** A trusted org, before it has a name. */
export type Trusts = DistributiveOmit<TrustedOrg, 'name'>
type DistributiveOmit<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never

/** The values by the names of their settings. */
export function settingsOf(trusts: Trusts): Readonly<Record<string, string>> {
  if (trusts.kind === 'secret header') return { HOOKLINE_SECRET_HEADER: trusts.secretHeader }
  return {
    HOOKLINE_OKTA_ISSUER: trusts.issuer,
    HOOKLINE_OKTA_AUDIENCE: trusts.audience,
    HOOKLINE_OKTA_CLIENT_ID: trusts.clientId,
    HOOKLINE_OKTA_SCOPE: trusts.scope,
  }
}

export function describeTrusts(trusts: Trusts): string {
  const settings = Object.entries(settingsOf(trusts))
  const lines = settings.map(([name, value]) => `  ${LABELS[name] ?? name}  ${value}`)
  return `What the deployment must know:\n\n${lines.join('\n')}\n`
}

export function describeDeploying(trusts: Trusts): string {
  const options = Object.entries(settingsOf(trusts)).map(
    ([name, value]) => `${OPTIONS[name] ?? name} ${quoted(value)}`,
  )
  const deploy =
    trusts.kind === 'access token'
      ? `npx hookline deploy ${options.join(' ')}`
      : `npx hookline deploy --set SecretHeaderName=${trusts.secretHeader}`
  return `On AWS:\n\n  ${deploy}\n`
}

/** Writes the settings into a file of `NAME=value` lines, as `serve` reads them; other lines are kept. */
export async function writeEnv(path: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const lines = (await readExisting(path)).split('\n').filter(line => line !== '')
  const others = lines.filter(line => !Object.hasOwn(settings, nameOf(line)))
  const ours = Object.entries(settings).map(
    ([name, value]) => `${name}=${value.startsWith('{') ? `'${value}'` : value}`,
  )
  await writeOwnFile(path, `${[...others, ...ours].join('\n')}\n`)
}

async function readExisting(path: string): Promise<string> {
  const isFile = (await stat(path).catch(() => undefined))?.isFile() === true
  return isFile ? readTextFile(path) : '' // a pipe would wait for its writer
}

function nameOf(line: string): string {
  return (
    line
      .split('=')[0]
      ?.replace(/^export\s+/, '')
      .trim() ?? ''
  )
}

/** For a POSIX shell. */
export function quoted(value: string): string {
  return /^[\w./:@%+=,-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
}

const LABELS: Readonly<Record<string, string | undefined>> = {
  HOOKLINE_OKTA_ISSUER: 'issuer       ',
  HOOKLINE_OKTA_AUDIENCE: 'audience     ',
  HOOKLINE_OKTA_CLIENT_ID: 'client ID    ',
  HOOKLINE_OKTA_SCOPE: 'scope        ',
  HOOKLINE_SECRET_HEADER: 'secret header',
}
const OPTIONS: Readonly<Record<string, string | undefined>> = {
  HOOKLINE_OKTA_ISSUER: '--issuer',
  HOOKLINE_OKTA_AUDIENCE: '--audience',
  HOOKLINE_OKTA_CLIENT_ID: '--client-id',
  HOOKLINE_OKTA_SCOPE: '--scope',
}
