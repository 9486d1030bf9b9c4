import type { Command } from 'commander'
import type { Override } from '../../core/policy/fraud-policy.ts'
import { changeFraudPolicy, type Editor } from '../../core/policy/policy-store.ts'
import { type Erased, type KeptAbout, overridesAbout, type Person } from '../../core/records/person.ts'
import type { Store } from '../../core/records/store.ts'
import { messageOf } from '../../core/values/printable.ts'
import { checkCanAsk, confirm } from '../terminal/confirm.ts'
import { type OktaContext, withStore } from '../terminal/context.ts'
import { AUTHOR_OPTION, BECAUSE_OPTION, type EditorOptions, editorOf } from '../terminal/editor.ts'
import { exitCodes, Problem } from '../terminal/problem.ts'
import { addPersonOptions, type PersonOptions, readPersonOptions } from './person-options.ts'

type Options = PersonOptions & EditorOptions & { readonly yes?: boolean; readonly json?: boolean }

/** `hookline forget`: erases everything that is kept about one person. */
export function forgetCommand(command: Command, context: OktaContext): void {
  addPersonOptions(command)
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON, for programs')
    .option(...AUTHOR_OPTION)
    .option(...BECAUSE_OPTION)
    .action(async (options: Options) => {
      const { yes, json } = options
      checkCanAsk(context.okta, yes, 'Add --yes to erase without a question.')
      const by = editorOf(options, context)
      const named = await readPersonOptions(options, context)
      await withStore(context, async store => {
        const kept = await store.readPerson(named)
        const { overrides } = (await readFraud(store)) ?? { overrides: [] }
        const about = overridesAbout(overrides, kept.person)
        if (!yes) {
          context.progress(describeFound(kept, about))
          if (!(await confirm(context.okta.ask, 'Erase all of this?'))) {
            context.print('Nothing was erased.')
            return
          }
        }
        const removed = await removeOverrides(store, kept.person, by)
        const erased = await store.erasePerson(kept.person)
        await log(store, erased, removed.length, by)
        const result = { ...erased, overrides: removed.length }
        context.print(json ? JSON.stringify(result, undefined, 2) : describeErased(result))
        if (erased.underWay.length > 0 || erased.leftInFile !== undefined) context.endWith(exitCodes.notSent)
      })
    })
}

async function readFraud(store: Store) {
  return (await store.readPolicy())?.fraud
}

/** Before the erasure, which also blanks the entry of this change in the log. */
async function removeOverrides(store: Store, person: Person, by: Editor): Promise<readonly Override[]> {
  let removed = overridesAbout((await readFraud(store))?.overrides ?? [], person)
  if (removed.length === 0) return []
  const changed = await changeFraudPolicy(store, by, ({ version: _, ...policy }) => {
    removed = overridesAbout(policy.overrides, person)
    return { ...policy, overrides: policy.overrides.filter(override => !removed.includes(override)) }
  })
  if (changed.kind === 'saved') return removed
  throw new Problem(
    'unreachable',
    'Others changed the policy at the same moment. Nothing was erased: try again.',
  )
}

async function log(store: Store, erased: Erased, overrides: number, by: Editor): Promise<void> {
  const { deliveries, records } = erased
  try {
    await store.logEvent(
      { what: 'erasures', differences: [{ name: 'person', before: { deliveries, records, overrides } }] },
      by,
    )
  } catch (error) {
    throw new Problem(
      'unreachable',
      `The person was erased, but this could not be written to the log of changes: ${messageOf(error)}`,
    )
  }
}

function describeFound({ deliveries, records }: KeptAbout, overrides: readonly Override[]): string {
  return [
    `Kept about this person: ${count(deliveries.length, 'delivery', 'deliveries')}, ${count(records.length, 'record')} of the fraud rule.`,
    ...overrides.map(
      ({ what, author, because }) =>
        `An override of the fraud rule is about this person and ends with the erasure: ${what}, by ${author}: ${because}`,
    ),
  ].join('\n')
}

function describeErased(erased: Erased & { readonly overrides: number }): string {
  const { deliveries, records, otherRecords, changes, overrides, underWay, leftInFile } = erased
  return [
    `Erased: ${count(deliveries, 'delivery', 'deliveries')} with receipts and answers, and their places in limits; ${count(records, 'record')} of the fraud rule; ${count(overrides, 'override')}.`,
    `The person was removed from: ${count(otherRecords, 'record')} of other users and networks; ${count(changes, 'entry', 'entries')} of the log of changes.`,
    ...(underWay.length === 0
      ? []
      : [
          `Not erased yet, because they have not ended: ${underWay.join(', ')}. Run the same command again in three minutes.`,
        ]),
    ...(leftInFile === undefined
      ? []
      : [`The file may still contain parts of it: ${leftInFile}. Run the same command again.`]),
    'What stays: counts of codes, which name nobody; logs, which name deliveries and not people; backups and exports that you made; and what Okta, AWS and carriers keep themselves.',
  ].join('\n')
}

function count(value: number, one: string, many = `${one}s`): string {
  return `${value} ${value === 1 ? one : many}`
}
