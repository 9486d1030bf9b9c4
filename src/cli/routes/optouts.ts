import type { Command } from 'commander'
import { readPhoneNumber } from '../../core/values/phone-number.ts'
import { isRefusal, reasons } from '../../core/values/reasons.ts'
import { Secret } from '../../core/values/secret.ts'
import { explainAwsError } from '../terminal/aws-error.ts'
import { confirm } from '../terminal/confirm.ts'
import { type CloudContext, type Context, withStore } from '../terminal/context.ts'
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
type Found = OptOut & { readonly region: string }

/** `hookline optouts`: for the help desk, when a person replied STOP and gets no codes. */
export function optOutsCommand(optOuts: Command, context: OptOutContext): void {
  addOptions(
    optOuts.command('show').description('Show which lists a number is on, since when, and who added it.'),
  ).action(async (options: Options) => {
    const number = readPhone(options.phone, context)
    const found = await inRegions(options, context, async lists =>
      (await find(lists, number, context)).map(one => ({ ...one, region: lists.region })),
    )
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
      .option('--yes', 'do not ask, for pipelines'),
  ).action(async (options: Options & { readonly yes?: boolean }) => {
    const number = readPhone(options.phone, context)
    const author = context.author() ?? 'unknown'
    const removed = await inRegions(options, context, async lists => {
      const found = await find(lists, number, context)
      if (found.length === 0 || !(await confirmRemoval(number, found, options, context))) return []
      for (const { list } of found) await removeFrom(lists, list, number)
      return found.map(one => ({ ...one, region: lists.region }))
    })
    context.print(
      options.json
        ? JSON.stringify(
            {
              lastDigits: lastDigitsOf(number),
              removed: removed.map(asJson),
              removedBy: author,
              removedAt: new Date(context.now()).toISOString(),
            },
            undefined,
            2,
          )
        : describeRemoved(number, removed, author),
    )
  })
}

function find(lists: OptOuts, number: Secret, { progress }: Context): Promise<readonly OptOut[]> {
  return withProgress(progress, `reading the lists in ${lists.region}`, () => lists.find(number))
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
  { region }: Options,
  context: OptOutContext,
  work: (lists: OptOuts) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const chosen = readRegions(region)
  const regions: readonly (string | undefined)[] =
    chosen.length > 0 ? chosen : [undefined, ...(await regionsOfRoutes(context))]
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

async function regionsOfRoutes(context: OptOutContext): Promise<readonly string[]> {
  const { routes = [] } = (await withStore(context, store => store.readPolicy())) ?? {}
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
  return at === undefined ? 'unknown' : new Date(at).toISOString().replace('T', ' ').slice(0, 16)
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
