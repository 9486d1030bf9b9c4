import type { Command } from 'commander'
import type { TrustedOrg } from '../../config/orgs.ts'
import { checkCanAsk } from '../terminal/confirm.ts'
import type { OktaContext } from '../terminal/context.ts'
import { exitCodes, Problem } from '../terminal/problem.ts'
import { inEachOrg } from './in-each-org.ts'
import { type Does, type OrgsOptions, type OrgWork, optionsOf } from './org-turn.ts'
import { findOrgEntry, keepTrusts, readOrgEntries } from './orgs-file.ts'

export function addOrgs(command: Command): Command {
  return command
    .option(
      '--org <url-or-name>',
      "the org's address, https://example.okta.com, or its name in the orgs file",
    )
    .option('--all', 'every org of the orgs file, a few at a time; values in the file win over options')
    .option('--orgs <file>', 'the orgs file: JSON, an object for each org by its name', 'orgs.json')
}

/** Works in the org of `--org`, or with `--all` in every org of the file. */
export async function inOrgs<T extends OktaContext, O extends OrgsOptions>(
  context: T,
  options: O,
  does: Does,
  work: OrgWork<T, O>,
): Promise<void> {
  const { org, all, orgs: path } = options
  if ((org === undefined) === (all === undefined)) {
    const given = org === undefined ? 'No org is given' : '--org and --all are both given'
    throw new Problem('usage', `${given}. Give one of them: --org https://example.okta.com, or --all.`)
  }
  if (does === 'changes' && !options.dryRun) checkCanAsk(context.okta, options.yes)
  if (org === undefined) {
    checkSharesNothing(options)
    return inEachOrg(context, options, does, work, await readOrgEntries(path))
  }

  const entry = /^[a-z]+:/i.test(org) ? undefined : await findOrgEntry(path, org)
  const kept: TrustedOrg[] = []
  const { okta } = context
  const end = await work({
    context:
      entry === undefined
        ? context
        : {
            ...context,
            okta: { ...okta, hookSecret: () => okta.orgSecret(entry.name) ?? okta.hookSecret() },
          },
    options: entry === undefined ? { ...options, org } : optionsOf(options, entry),
    name: entry?.name,
    isPlanShown: false,
    keep: trusted => void kept.push(trusted),
  })
  await keepTrusts(context, options, kept)
  if (!end.isGood) context.endWith(exitCodes.notSent)
}

/** A credential is one org's: no other is shown it. */
function checkSharesNothing(options: OrgsOptions & { readonly secretFile?: string }): void {
  const { tokenFile, clientId, keyFile, keyId, secretFile } = options
  const credentials = { tokenFile, clientId, keyFile, keyId, secretFile }
  const given = Object.entries(credentials).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  if (given.length === 0) return
  const flags = given.map(name => `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`)
  throw new Problem(
    'usage',
    `${flags.join(', ')} would be shown to every org, and belongs to one. With --all, put ${given.join(', ')} into each org's entry of the orgs file.`,
  )
}
