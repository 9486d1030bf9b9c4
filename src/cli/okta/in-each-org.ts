import type { TrustedOrg } from '../../config/orgs.ts'
import type { OrgEntry } from '../../config/orgs-file.ts'
import { messageOf } from '../../core/values/message-of.ts'
import { confirm } from '../terminal/confirm.ts'
import type { OktaAccess, OktaContext } from '../terminal/context.ts'
import { type ExitCode, exitCodes, Problem } from '../terminal/problem.ts'
import { wrap, wrappedTable } from '../terminal/table.ts'
import { askingOnce } from './asking-once.ts'
import { type Does, type OrgsOptions, type OrgWork, optionsOf, type TurnEnd } from './org-turn.ts'
import { keepTrusts } from './orgs-file.ts'

/** A few orgs at a time, and at the end one table. What goes wrong in one org keeps no other from its turn. */
export async function inEachOrg<T extends OktaContext, O extends OrgsOptions>(
  context: T,
  options: O,
  does: Does,
  work: OrgWork<T, O>,
  entries: readonly OrgEntry[],
): Promise<void> {
  const kept: TrustedOrg[] = []
  const accessTo = createAccess(context, entries)
  const run = (chosen: readonly OrgEntry[], changed: O, isPlanShown = false): Promise<readonly Ended[]> =>
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
        keep: (org: TrustedOrg) => void kept.push(org),
      }
      const ended = await endOf(() => checkedWork(work, turn), options.json ? () => undefined : print)
      return { entry, json, ...ended }
    })

  const ends = await runAll()
  await keepTrusts(context, options, kept)
  context.print(options.json ? describeAsJson(ends) : describe(ends))
  const worst = ends.find(({ exitCode }) => exitCode !== exitCodes.done)
  if (worst !== undefined) context.endWith(worst.exitCode)

  /** Plans first and one question, where changes are to be asked about. */
  async function runAll(): Promise<readonly Ended[]> {
    if (does === 'looks' || options.yes || options.dryRun) return run(entries, options)
    const planned = await run(entries, { ...options, dryRun: true })
    const good = planned.filter(({ end }) => end.isGood)
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

type Ended = {
  readonly entry: OrgEntry
  readonly end: TurnEnd
  readonly exitCode: ExitCode
  readonly json: string | undefined
}

/** An API token that is in the environment belongs to one org: no other is shown it. */
async function checkedWork<T extends OktaContext, O>(
  work: OrgWork<T, O>,
  turn: Parameters<OrgWork<T, O>>[0],
): Promise<TurnEnd> {
  const { context, options, name } = turn
  if (options.tokenFile === undefined && options.keyFile === undefined && !context.okta.isAtTerminal) {
    throw new Problem(
      'settings',
      `The orgs file says no way into ${name}: give it a tokenFile, or clientId and keyFile. OKTA_API_TOKEN is one org's, and is not shown to others.`,
    )
  }
  return work(turn)
}

async function endOf(
  turn: () => Promise<TurnEnd>,
  tell: (text: string) => void,
): Promise<Pick<Ended, 'end' | 'exitCode'>> {
  try {
    const end = await turn()
    return { end, exitCode: end.isGood ? exitCodes.done : exitCodes.notSent }
  } catch (error) {
    const text = messageOf(error)
    tell(`✗ ${text}`)
    const [first = text] = text.split(/(?<=[.:])\s/)
    const exitCode = error instanceof Problem ? error.exitCode : exitCodes.internalError
    return { end: { isGood: false, text: first }, exitCode }
  }
}

/** Each org's own token and secret; one question at a time, and none twice. */
function createAccess(context: OktaContext, entries: readonly OrgEntry[]): (name: string) => OktaAccess {
  let last: Promise<unknown> = Promise.resolve()
  const accessOf = (name: string): OktaAccess => ({
    ...context.okta,
    token: () => undefined,
    hookSecret: () => context.okta.orgSecret(name),
    askHidden: question => {
      const answer = last.then(() => context.okta.askHidden(`${name}: ${question}`))
      last = answer.catch(() => undefined)
      return answer
    },
  })
  const known = new Map(entries.map(({ name }) => [name, askingOnce(accessOf(name))]))
  return name => known.get(name) ?? accessOf(name)
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

function describe(ends: readonly Ended[]): string {
  const rows = ends.map(({ entry, end }) => [
    end.isGood ? '✓' : '✗',
    entry.name,
    entry.options.org,
    wrap(end.text, TEXT_WIDTH),
  ])
  const bad = ends.filter(({ end }) => !end.isGood).length
  const well = `${ends.length - bad} of ${ends.length} orgs well`
  return `\n${wrappedTable(['', 'org', 'address', 'how it went'], rows)}\n\n${bad === 0 ? '✓' : '✗'} ${well}.`
}

function describeAsJson(ends: readonly Ended[]): string {
  const byName = ends.map(({ entry, end, json }) => [
    entry.name,
    json === undefined ? { problem: end.text } : JSON.parse(json),
  ])
  return JSON.stringify(Object.fromEntries(byName), undefined, 2)
}

const AT_A_TIME = 3
const TEXT_WIDTH = 60
