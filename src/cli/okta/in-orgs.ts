import type { Command } from 'commander'
import type { OrgEntry, TrustedOrg } from '../../config/orgs.ts'
import { messageOf } from '../../core/values/printable.ts'
import { checkCanAsk, confirm } from '../terminal/confirm.ts'
import type { OktaAccess, OktaContext } from '../terminal/context.ts'
import { type ExitCode, exitCodes, Problem } from '../terminal/problem.ts'
import { wrap, wrappedTable } from '../terminal/table.ts'
import { askingOnce, type CredentialOptions } from './credential.ts'
import { findOrgEntry, keepTrusts, readOrgEntries } from './orgs-file.ts'

/** Works in the org of `--org`, or with `--all` in every org of the file. */
export async function inOrgs<T extends OktaContext, O extends OrgsOptions>(
  context: T,
  options: O,
  effect: Effect,
  work: OrgWork<T, O>,
): Promise<void> {
  const { org, all, orgs: path } = options
  if ((org === undefined) === (all === undefined)) {
    const fault = org === undefined ? 'No org is given' : '--org and --all are both given'
    throw new Problem('usage', `${fault}. Give one of them: --org https://example.okta.com, or --all.`)
  }
  if (effect === 'changes' && !options.dryRun) checkCanAsk(context.okta, options.yes)
  if (org === undefined) {
    checkSharesNothing(options)
    return inEachOrg(context, options, effect, work, await readOrgEntries(path))
  }

  const entry = /^[a-z]+:/i.test(org) ? undefined : await findOrgEntry(path, org)
  const trustedOrgs: TrustedOrg[] = []
  const { okta } = context
  const result = await work({
    context:
      entry === undefined
        ? context
        : {
            ...context,
            okta: {
              ...okta,
              hookSecret: () => okta.orgSecret(entry.name) ?? okta.hookSecret(),
              eventSecret: () => okta.eventSecret(entry.name) ?? okta.eventSecret(),
            },
          },
    options: entry === undefined ? { ...options, org } : optionsOf(options, entry),
    name: entry?.name,
    isPlanShown: false,
    keep: trusted => void trustedOrgs.push(trusted),
  })
  await keepTrusts(context, options, trustedOrgs)
  if (!result.isGood) context.endWith(exitCodes.notSent)
}

export function addOrgs(command: Command): Command {
  return command
    .option(
      '--org <url-or-name>',
      "the org's address, https://example.okta.com, or its name in the orgs file",
    )
    .option('--all', 'every org of the orgs file, a few at a time; values in the file win over options')
    .option('--orgs <file>', 'the orgs file: JSON, an object for each org by its name', 'orgs.json')
}

/** What a command does in one org. */
type OrgWork<T extends OktaContext, O> = (turn: OrgTurn<T, O>) => Promise<TurnResult>

export type OrgTurn<T extends OktaContext, O> = {
  readonly context: T
  readonly options: O & CredentialOptions
  /** In the orgs file; undefined where the org was given by its address. */
  readonly name: string | undefined
  /** With many orgs the plans come first, and then one question about all of them. */
  readonly isPlanShown: boolean
  /** Keeps what the deployment must trust in the orgs file. */
  readonly keep: (org: TrustedOrg) => void
}

/** `text` is a cell of the table that a command for many orgs ends with. */
export type TurnResult = { readonly isGood: boolean; readonly text: string }

export type OrgsOptions = Partial<CredentialOptions> & {
  readonly all?: boolean
  readonly orgs: string
  readonly writeEnv?: string
  readonly dryRun?: boolean
  readonly yes?: boolean
  readonly json?: boolean
}

/** `changes` are planned and confirmed before they are made. */
type Effect = 'changes' | 'reads'

/** Values of the org's own entry win. */
function optionsOf<O extends OrgsOptions>(options: O, entry: OrgEntry): O & CredentialOptions {
  return { ...options, ...entry.options }
}

/** A credential belongs to one org, and is never sent to another. */
function checkSharesNothing(
  options: OrgsOptions & { readonly secretFile?: string; readonly eventSecretFile?: string },
): void {
  const { tokenFile, clientId, keyFile, keyId, secretFile, eventSecretFile } = options
  const credentials = { tokenFile, clientId, keyFile, keyId, secretFile, eventSecretFile }
  const names = Object.entries(credentials).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  if (names.length === 0) return
  const flags = names.map(name => `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`)
  throw new Problem(
    'usage',
    `${flags.join(', ')} would be sent to every org, but belongs to one. With --all, put ${names.join(', ')} into each org's entry of the orgs file.`,
  )
}

/** A few orgs at a time, and one table at the end. A failure in one org does not stop the others. */
async function inEachOrg<T extends OktaContext, O extends OrgsOptions>(
  context: T,
  options: O,
  effect: Effect,
  work: OrgWork<T, O>,
  entries: readonly OrgEntry[],
): Promise<void> {
  const trustedOrgs: TrustedOrg[] = []
  const accessTo = createAccess(context, entries)
  const run = (chosen: readonly OrgEntry[], changed: O, isPlanShown = false): Promise<readonly OrgResult[]> =>
    fewAtATime(chosen, async entry => {
      let json: string | undefined
      const keepJson = (text: string): void => {
        json = text
      }
      const print = options.json ? keepJson : linePrinter(context, entry.name, entries)
      const turn = {
        context: { ...context, print, okta: accessTo(entry.name) },
        options: optionsOf(changed, entry),
        name: entry.name,
        isPlanShown,
        keep: (org: TrustedOrg) => void trustedOrgs.push(org),
      }
      const printProblem = options.json ? () => undefined : print
      const ended = await resultOf(() => checkedWork(work, turn), printProblem)
      return { entry, json, ...ended }
    })

  const results = await runAll()
  await keepTrusts(context, options, trustedOrgs)
  context.print(options.json ? describeAsJson(results) : describe(results))
  const worst = results.find(({ exitCode }) => exitCode !== exitCodes.done)
  if (worst !== undefined) context.endWith(worst.exitCode)

  /** Where changes must be confirmed: all plans first, then one question. */
  async function runAll(): Promise<readonly OrgResult[]> {
    if (effect === 'reads' || options.yes || options.dryRun) return run(entries, options)
    const planned = await run(entries, { ...options, dryRun: true })
    const good = planned.filter(({ result }) => result.isGood)
    if (good.length === 0) return planned
    const question = `Make these changes in ${good.length} of ${entries.length} orgs?`
    if (!(await confirm(context.okta.ask, question))) return planned
    const done = await run(
      good.map(({ entry }) => entry),
      { ...options, yes: true },
      true,
    )
    return planned.map(plan => done.find(({ entry }) => entry === plan.entry) ?? plan)
  }
}

type OrgResult = {
  readonly entry: OrgEntry
  readonly result: TurnResult
  readonly exitCode: ExitCode
  readonly json: string | undefined
}

/** An API token in the environment belongs to one org, and is never sent to another. */
async function checkedWork<T extends OktaContext, O>(
  work: OrgWork<T, O>,
  turn: OrgTurn<T, O>,
): Promise<TurnResult> {
  const { context, options, name } = turn
  if (options.tokenFile === undefined && options.keyFile === undefined && !context.okta.isAtTerminal) {
    throw new Problem(
      'settings',
      `The orgs file has no credential for ${name}: give it a tokenFile, or clientId and keyFile. OKTA_API_TOKEN belongs to one org, and is not sent to others.`,
    )
  }
  return work(turn)
}

async function resultOf(
  turn: () => Promise<TurnResult>,
  printProblem: (text: string) => void,
): Promise<Pick<OrgResult, 'result' | 'exitCode'>> {
  try {
    const result = await turn()
    return { result, exitCode: result.isGood ? exitCodes.done : exitCodes.notSent }
  } catch (error) {
    const text = messageOf(error)
    printProblem(`✗ ${text}`)
    const [first = text] = text.split(/(?<=[.:])\s/)
    const exitCode = error instanceof Problem ? error.exitCode : exitCodes.internalError
    return { result: { isGood: false, text: first }, exitCode }
  }
}

/** Gives each org its own token and secret. Asks one question at a time, and each only once. */
function createAccess(context: OktaContext, entries: readonly OrgEntry[]): (name: string) => OktaAccess {
  let last: Promise<unknown> = Promise.resolve()
  const accessOf = (name: string): OktaAccess => ({
    ...context.okta,
    token: () => undefined,
    hookSecret: () => context.okta.orgSecret(name),
    eventSecret: () => context.okta.eventSecret(name),
    askHidden: question => {
      const answer = last.then(() => context.okta.askHidden(`${name}: ${question}`))
      last = answer.catch(() => undefined)
      return answer
    },
  })
  const existing = new Map(entries.map(({ name }) => [name, askingOnce(accessOf(name))]))
  return name => existing.get(name) ?? accessOf(name)
}

function linePrinter(
  context: OktaContext,
  name: string,
  entries: readonly OrgEntry[],
): (text: string) => void {
  const width = Math.max(...entries.map(entry => entry.name.length))
  return text => {
    const lines = text.split('\n').filter(line => line.trim() !== '')
    context.print(lines.map(line => `${name.padEnd(width)} │ ${line}`).join('\n'))
  }
}

async function fewAtATime<In, Out>(
  items: readonly In[],
  work: (item: In) => Promise<Out>,
): Promise<readonly Out[]> {
  const results: Out[] = []
  const waiting = items.entries()
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, worker))
  return results
}

function describe(results: readonly OrgResult[]): string {
  const rows = results.map(({ entry, result }) => [
    result.isGood ? '✓' : '✗',
    entry.name,
    entry.options.org,
    wrap(result.text, TEXT_WIDTH),
  ])
  const failed = results.filter(({ result }) => !result.isGood).length
  const summary = `${results.length - failed} of ${results.length} orgs succeeded`
  return `\n${wrappedTable(['', 'org', 'address', 'result'], rows)}\n\n${failed === 0 ? '✓' : '✗'} ${summary}.`
}

function describeAsJson(results: readonly OrgResult[]): string {
  const byName = results.map(({ entry, result, json }) => [
    entry.name,
    json === undefined ? { problem: result.text } : JSON.parse(json),
  ])
  return JSON.stringify(Object.fromEntries(byName), undefined, 2)
}

const AT_A_TIME = 3
const TEXT_WIDTH = 60
