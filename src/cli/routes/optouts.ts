import type { Command } from 'commander'
import type { ChangeLog } from '../../core/policy/change-log.ts'
import type { Editor, PolicyStore } from '../../core/policy/policy-store.ts'
import { readPhoneNumber } from '../../core/values/phone-number.ts'
import { messageOf, minuteOf } from '../../core/values/printable.ts'
import { isRefusal, reasons } from '../../core/values/reasons.ts'
import { Secret } from '../../core/values/secret.ts'
import { explainAwsError } from '../terminal/aws-error.ts'
import { confirm } from '../terminal/confirm.ts'
import { type CloudContext, type Context, withStore } from '../terminal/context.ts'
import { AUTHOR_OPTION, BECAUSE_OPTION, type EditorOptions, editorOf } from '../terminal/editor.ts'
import { logLookUp } from '../terminal/look-up.ts'
import { readRegions } from '../terminal/option-values.ts'
import { Problem } from '../terminal/problem.ts'
import { withProgress } from '../terminal/progress.ts'
import { table } from '../terminal/table.ts'

/** One entry of a number on one list. */
export type OptOut = {
  readonly list: string
  /** `recipient`: by a reply such as STOP. `account`: someone with access to the AWS account. */
  readonly by: 'recipient' | 'account'
  /** Milliseconds since 1970; undefined where AWS does not say. */
  readonly at: number | undefined
}

/** The opt-out lists of one region. Rejects with AWS's own errors. */
export type OptOuts = {
  readonly region: string
  readonly find: (number: Secret) => Promise<readonly OptOut[]>
  readonly remove: (list: string, number: Secret) => Promise<void>
  readonly close: () => void
}

export type OptOutContext = CloudContext & {
  /** In the given region, else that of the environment or the profile. */
  readonly openOptOuts: (region: string | undefined) => Promise<OptOuts>
}

type Options = { readonly phone: string; readonly region?: string; readonly json?: boolean }
type RemoveOptions = Options & EditorOptions & { readonly yes?: boolean }
type Found = OptOut & { readonly region: string }

/** `hookline optouts`: for the help desk, when a person replied STOP and gets no codes. */
export function optOutsCommand(optOuts: Command, context: OptOutContext): void {
  addOptions(
    optOuts.command('show').description('Show which lists a number is on, since when, and who added it.'),
  ).action(async (options: Options) => {
    const number = readPhone(options.phone, context)
    const found = await withStore(context, async store => {
      await logLookUp(store, { name: 'number', digests: [await digestOf(number, context)] }, context)
      return inRegions(options, store, context, async lists =>
        (await find(lists, number, context)).map(one => ({ ...one, region: lists.region })),
      )
    })
    context.print(
      options.json
        ? JSON.stringify({ lastDigits: lastDigitsOf(number), optedOut: found.map(asJson) }, undefined, 2)
        : describe(number, found),
    )
  })
  addOptions(
    optOuts
      .command('remove')
      .description(
        'Remove a number from every list, so that texts reach it again. Do this only if the person asked for it. AWS allows it once in 30 days.',
      )
      .option('--yes', 'do not ask, for pipelines')
      .option(...AUTHOR_OPTION)
      .option(...BECAUSE_OPTION),
  ).action(async (options: RemoveOptions) => {
    const number = readPhone(options.phone, context)
    const by = editorOf(options, context)
    const removed = await withStore(context, store =>
      removeOptOuts(number, by, store, context, options, found =>
        confirmRemoval(number, found, options, context),
      ),
    )
    context.print(
      options.json
        ? JSON.stringify(
            {
              lastDigits: lastDigitsOf(number),
              removed: removed.map(asJson),
              removedBy: by.author,
              removedAt: new Date(by.at).toISOString(),
            },
            undefined,
            2,
          )
        : describeRemoved(number, removed, by.author),
    )
  })
}

/** Removes a number from every list in these regions, where `isMeant` says so, and logs each removal. */
export async function removeOptOuts(
  number: Secret,
  by: Editor,
  store: PolicyStore & ChangeLog,
  context: OptOutContext,
  options: Pick<Options, 'region'> = {},
  isMeant: (found: readonly Found[]) => Promise<boolean> = async () => true,
): Promise<readonly Found[]> {
  const digest = await digestOf(number, context)
  return inRegions(options, store, context, async lists => {
    const found = (await find(lists, number, context)).map(one => ({ ...one, region: lists.region }))
    if (found.length === 0 || !(await isMeant(found))) return []
    for (const one of found) {
      await removeFrom(lists, one.list, number)
      await logRemoval(store, one, digest, by)
    }
    return found
  })
}

function find(lists: OptOuts, number: Secret, { progress }: Context): Promise<readonly OptOut[]> {
  return withProgress(progress, `reading the lists in ${lists.region}`, () => lists.find(number))
}

/** As the hook digests it, so that the log and deliveries name the same person. */
async function digestOf(number: Secret, context: Context): Promise<string> {
  const [digest] = await context.digests(number.reveal())
  return digest
}

async function logRemoval(store: ChangeLog, one: Found, digest: string, by: Editor): Promise<void> {
  const difference = { name: digest, before: asJson(one) }
  await store.logEvent({ what: 'optouts', differences: [difference] }, by).catch(error => {
    throw new Problem(
      'unreachable',
      `The number was removed from ${one.list}, but this is not in the log of changes: ${messageOf(error)}`,
    )
  })
}

function addOptions(command: Command): Command {
  return command
    .requiredOption('--phone <number>', 'phone number, with + and country code')
    .option(
      '--region <regions>',
      "AWS regions (default: AWS_REGION, else the profile's, and those of the routes)",
    )
    .option('--json', 'print JSON, for programs')
}

/** Reads the number as the hook does. A list may have numbers that the hook does not send to, so only text that is not a number is refused. */
function readPhone(text: string, context: OptOutContext): Secret {
  const read = readPhoneNumber(new Secret(text), 'voice', context.planRules())
  if (!isRefusal(read)) return read.e164
  if (read.number !== undefined) return read.number.e164
  throw new Problem('usage', `--phone is not a phone number (${read.code}): ${reasons[read.code].meaning}`)
}

/** One region after the other: AWS allows about one call a second, and each region has lists of its own. */
async function inRegions<T>(
  { region }: Pick<Options, 'region'>,
  store: PolicyStore,
  context: OptOutContext,
  work: (lists: OptOuts) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const chosen = readRegions(region)
  const regions: readonly (string | undefined)[] =
    chosen.length > 0 ? chosen : [undefined, ...(await regionsOfRoutes(store))]
  const all: T[] = []
  const done = new Set<string>()
  for (const one of regions) {
    try {
      const lists = await context.openOptOuts(one)
      try {
        if (!done.has(lists.region)) all.push(...(await work(lists)))
        done.add(lists.region)
      } finally {
        lists.close()
      }
    } catch (error) {
      throw explainAwsError(error)
    }
  }
  return all
}

async function regionsOfRoutes(store: PolicyStore): Promise<readonly string[]> {
  const { routes = [] } = (await store.readPolicy()) ?? {}
  return [...new Set(routes.flatMap(({ candidates }) => candidates.flatMap(({ region }) => region ?? [])))]
}

async function removeFrom(lists: OptOuts, list: string, number: Secret): Promise<void> {
  try {
    await lists.remove(list, number)
  } catch (error) {
    if (!/PHONE_NUMBER_CANNOT_BE_OPTED_IN/.test(String((error as { readonly Reason?: string }).Reason)))
      throw error
    throw new Problem(
      'notSent',
      `${masked(number)} stays on the list ${list}: AWS removes a number once in 30 days. Until then the person can text START to the number that the codes come from, or ask for a voice call.`,
    )
  }
}

async function confirmRemoval(
  number: Secret,
  found: readonly OptOut[],
  { yes, json }: { readonly yes?: boolean; readonly json?: boolean },
  context: OptOutContext,
): Promise<boolean> {
  if (yes || json || !context.cloud.isAtTerminal) return true
  const lists = found.map(one => one.list).join(', ')
  return confirm(
    context.cloud.ask,
    `${masked(number)} will be removed from ${lists}. Did the person ask for texts again?`,
  )
}

function describe(number: Secret, found: readonly Found[]): string {
  if (found.length === 0)
    return `${masked(number)} is not on an opt-out list: AWS does not refuse texts to it for that reason.`
  return [
    `${masked(number)} gets no texts (RECIPIENT_OPTED_OUT); calls are not affected.`,
    table(
      ['region', 'list', 'since', 'by'],
      found.map(({ region, list, at, by }) => [region, list, sinceOf(at), WHO[by]]),
    ),
    'When the person asks for texts again: hookline optouts remove --phone …',
  ].join('\n\n')
}

function describeRemoved(number: Secret, removed: readonly Found[], author: string): string {
  if (removed.length === 0) return `${masked(number)} was not removed from any list.`
  return [
    ...removed.map(
      ({ region, list, by }) =>
        `✓ ${masked(number)} was removed from ${list} (${region}) by ${author}. It was added by ${WHO[by]}.`,
    ),
    'If the person sent STOP to a toll-free number, the US operators keep their own list: the person must also text UNSTOP to that number.',
  ].join('\n')
}

function asJson({ region, list, by, at }: Found) {
  return { region, list, by, at: at === undefined ? null : new Date(at).toISOString() }
}

function sinceOf(at: number | undefined): string {
  return at === undefined ? 'unknown' : minuteOf(at)
}

/** The complete number is never printed: the output may end up in a ticket. */
function masked(number: Secret): string {
  return `The number that ends in ${lastDigitsOf(number)}`
}

function lastDigitsOf(number: Secret): string {
  return number.reveal().slice(-2)
}

const WHO: Readonly<Record<OptOut['by'], string>> = {
  recipient: 'the person, by a reply such as STOP',
  account: 'someone with access to the AWS account',
}
