import { readFile, writeFile } from 'node:fs/promises'
import { choose } from '../okta/setup/choose.ts'
import type { Org } from '../okta/setup/org.ts'
import type { Wanted } from '../okta/setup/wanted.ts'
import { Problem } from './problem.ts'

/** What the deployment has to know, by the name of its setting. Undefined until the org has it all. */
export function resultsOf(org: Org, wanted: Wanted): Readonly<Record<string, string>> | undefined {
  if (wanted.way.kind === 'secret-header') return { HOOKLINE_SECRET_HEADER: wanted.way.name }
  const { app } = choose(org, wanted)
  if (org.server === undefined || app === undefined) return undefined
  return {
    HOOKLINE_OKTA_ISSUER: org.server.issuer,
    HOOKLINE_OKTA_AUDIENCE: org.server.audience,
    HOOKLINE_OKTA_CLIENT_ID: app.clientId,
    HOOKLINE_OKTA_SCOPE: wanted.way.scope,
  }
}

export function describeResults(results: Readonly<Record<string, string>>): string {
  const header = results.HOOKLINE_SECRET_HEADER
  const lines = Object.entries(results).map(([name, value]) => `  ${WORDS[name] ?? name}  ${value}`)
  const options = Object.entries(results).map(([name, value]) => `${OPTIONS[name] ?? name} ${quoted(value)}`)
  const deploy =
    header === undefined
      ? `npx hookline deploy ${options.join(' ')}`
      : `npx hookline deploy --set SecretHeaderName=${header}`
  return `What the deployment has to know:\n\n${lines.join('\n')}\n\nOn AWS:\n\n  ${deploy}\n`
}

/** Writes the settings into a file of `NAME=value` lines, as `serve` takes them; other lines stay. */
export async function writeEnv(path: string, results: Readonly<Record<string, string>>): Promise<void> {
  try {
    const lines = (await readOld(path)).split('\n').filter(line => line !== '')
    const others = lines.filter(line => !Object.hasOwn(results, nameOf(line)))
    const ours = Object.entries(results).map(([name, value]) => `${name}=${value}`)
    await writeFile(path, `${[...others, ...ours].join('\n')}\n`)
  } catch (error) {
    throw new Problem('usage', `${path} cannot be written: ${error instanceof Error ? error.message : error}`)
  }
}

async function readOld(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
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

const WORDS: Readonly<Record<string, string | undefined>> = {
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
