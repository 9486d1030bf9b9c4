import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type OrgEntry, readOrgsFile, type TrustedOrg } from '../../config/orgs.ts'
import type { Context } from '../terminal/context.ts'
import { readTextFile, writeOwnFile } from '../terminal/files.ts'
import { Problem } from '../terminal/problem.ts'
import { writeEnv } from './trusts.ts'

/** The orgs of a file. Files that it names are relative to its folder. */
export async function readOrgEntries(path: string): Promise<readonly OrgEntry[]> {
  const orgs = await readIfExisting(path)
  if (orgs !== undefined) return orgs
  throw new Problem(
    'usage',
    `The orgs file ${path} does not exist. Write one, or name another with --orgs:\n${EXAMPLE}`,
  )
}

/** What the deployment must trust: every org of the file. */
export async function readTrustedOrgs(path: string): Promise<readonly TrustedOrg[]> {
  const entries = await readOrgEntries(path)
  const without = entries.filter(({ trusts }) => trusts === undefined).map(({ name }) => name)
  if (without.length === 0) return entries.flatMap(({ trusts }) => trusts ?? [])
  throw new Problem(
    'usage',
    `${path} does not contain yet what the deployment must trust of ${without.join(', ')}. First run: npx hookline okta prepare --all --orgs ${path}`,
  )
}

/** Undefined without an orgs file: then `--org` must be an address. */
export async function findOrgEntry(path: string, name: string): Promise<OrgEntry | undefined> {
  const orgs = await readIfExisting(path)
  const entry = orgs?.find(one => one.name === name)
  if (orgs === undefined || entry !== undefined) return entry
  const names = orgs.map(one => one.name).join(', ')
  throw new Problem(
    'usage',
    `--org is "${name}"; ${path} has ${names}. Give one of them, or an address: https://example.okta.com.`,
  )
}

async function readIfExisting(path: string): Promise<readonly OrgEntry[] | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new Problem('usage', `The orgs file ${path} cannot be read: ${error.message}`)
  })
  if (text === undefined) return undefined
  const read = readOrgsFile(text)
  if (read.kind === 'orgs')
    return read.orgs.map(entry => ({ ...entry, options: relativeToFile(path, entry.options) }))
  const list = read.problems.map(problem => `  ${problem}`).join('\n')
  throw new Problem('usage', `The orgs file ${path} has errors:\n${list}\nExpected:\n${EXAMPLE}`)
}

/** Writes what the deployment must trust into the orgs file, which is otherwise unchanged, and into `writeEnv`. */
export async function keepTrusts(
  context: Context,
  { orgs: path, writeEnv: envFile }: { readonly orgs: string; readonly writeEnv?: string },
  trusts: readonly TrustedOrg[],
): Promise<void> {
  if (trusts.length === 0) return
  const before = await readTextFile(path)
  const json = JSON.parse(before) as Record<string, object>
  for (const org of trusts) json[org.name] = { ...json[org.name], trusts: proofOf(org) }
  const after = `${JSON.stringify(json, undefined, 2)}\n`
  if (after !== before) {
    await writeOwnFile(path, after)
    context.print(
      `✓ written       ${path}: what the deployment must trust. Next: npx hookline deploy --orgs ${path}`,
    )
  }
  if (envFile === undefined) return
  const all = (await readOrgEntries(path)).flatMap(entry => entry.trusts ?? [])
  await writeEnv(envFile, { HOOKLINE_ORGS: writeTrusts(all) })
  context.print(`✓ written       ${envFile}, for \`hookline serve\``)
}

/** As `HOOKLINE_ORGS` takes it. */
export function writeTrusts(trusts: readonly TrustedOrg[]): string {
  return JSON.stringify(Object.fromEntries(trusts.map(org => [org.name, proofOf(org)])))
}

function proofOf({ kind: _, name: __, ...proof }: TrustedOrg): object {
  return proof
}

function relativeToFile(path: string, options: OrgEntry['options']): OrgEntry['options'] {
  const resolved = Object.entries(options).map(([name, value]) => [
    name,
    name.endsWith('File') ? resolve(dirname(path), value) : value,
  ])
  return { ...options, ...Object.fromEntries(resolved) }
}

const EXAMPLE = `  {
    "acme": { "org": "https://acme.okta.com", "tokenFile": "acme.token" },
    "globex": { "org": "https://globex.okta.com", "tokenFile": "globex.token" }
  }`
