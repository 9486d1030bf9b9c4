import { type Command, Option } from 'commander'
import { endAfter, endAt, isEnd } from '../../advice/fraud/read-end.ts'
import { readUser, readWhom } from '../../advice/fraud/read-whom.ts'
import { describeWhom } from '../../core/policy/credit/explain.ts'
import {
  BECAUSE_MAX,
  EXPECTED_MAX,
  type FraudPolicy,
  type NewFraudPolicy,
  OVERRIDES_MAX,
  type Override,
  type Whom,
  withOverride,
  withoutOverride,
} from '../../core/policy/fraud-policy.ts'
import { changeFraudPolicy as changeOf, type Editor } from '../../core/policy/policy-store.ts'
import { minuteOf, printable } from '../../core/values/printable.ts'
import { type CloudContext, type Context, withStore } from '../terminal/context.ts'
import { AUTHOR_OPTION, BECAUSE_OPTION, type EditorOptions, editorOf } from '../terminal/editor.ts'
import { readCountry, readNumber, readUserName } from '../terminal/option-values.ts'
import { Problem } from '../terminal/problem.ts'
import { numberAtAws } from './number-at-aws.ts'

type UntilOptions = { readonly for?: string; readonly until?: string }
type Options = UntilOptions &
  EditorOptions & { readonly because: string; readonly user?: string; readonly json?: boolean }

type RemoveOptions = EditorOptions & { readonly user?: string; readonly json?: boolean }

/** `hookline fraud allow | deny | expect | remove`: what operators decide themselves. In force within a second. */
export function overrideCommands(fraud: Command, context: CloudContext): void {
  const add = async (override: Override, json: boolean | undefined, text?: string): Promise<void> => {
    const { author, at, because } = override
    const { mode, modes } = await changeFraudPolicy(context, { author, at, because }, policy => {
      const changed = withOverride(policy, override, override.at)
      if (changed !== undefined) return changed
      throw new Problem(
        'usage',
        `There are ${OVERRIDES_MAX} overrides already. Remove some with \`hookline fraud remove\`.`,
      )
    })
    const isOff = mode === 'off' && Object.values(modes).every(one => one === 'off')
    const note = isOff ? '\nThe fraud rule is off, and overrides with it: hookline fraud mode observe' : ''
    const atAws = await numberAtAws(context, text, override)
    context.print(
      json
        ? JSON.stringify({ ...override, ...(atAws !== undefined && { atAws }) }, undefined, 2)
        : [`${describe(override)}${note}`, atAws].filter(line => line !== undefined).join('\n'),
    )
  }
  const base = (options: Options): Pick<Override, 'at' | 'until' | 'author' | 'because'> => {
    const because = readBecause(options.because)
    const { at, author } = editorOf(options, context)
    return { at, until: readUntil(options, at), author, because }
  }

  for (const [what, about] of [
    ['allow', 'Send what the fraud rule would hold. Limits, routes and prices still apply.'],
    ['deny', 'Hold every code, in mode observe as well.'],
  ] as const)
    addOptions(
      fraud.command(what).description(about).argument('[whom]', WHOM).option('--user <login>', USER),
    ).action(async (whom: string | undefined, options: Options) =>
      add({ what, whom: await whomOf(whom, options.user, context), ...base(options) }, options.json, whom),
    )
  addOptions(
    fraud
      .command('expect')
      .description('Give credit in advance for new phones in a country, as when an office opens there.')
      .argument('<country>', 'country code, such as VE')
      .argument('<count>', `how many new phones, 1 to ${EXPECTED_MAX}`),
  ).action((country: string, count: string, options: Options) =>
    add(
      {
        what: 'expect',
        whom: { kind: 'country', country: readCountry('The country', country) },
        count: readNumber('The count', count, { min: 1, max: EXPECTED_MAX }),
        ...base(options),
      },
      options.json,
    ),
  )
  fraud
    .command('remove')
    .description('End overrides that `allow`, `deny` or `expect` created.')
    .argument('[whom]', WHOM)
    .option('--user <login>', USER)
    .option('--json', 'print JSON, for programs')
    .option(...AUTHOR_OPTION)
    .option(...BECAUSE_OPTION)
    .action(async (text: string | undefined, options: RemoveOptions) => {
      const { user, json } = options
      const by = editorOf(options, context)
      const whom = await whomOf(text, user, context)
      let removed: readonly Override[] = []
      await changeFraudPolicy(context, by, policy => {
        const changed = withoutOverride(policy, whom, by.at)
        removed = policy.overrides.filter(
          override => override.until > by.at && !changed.overrides.includes(override),
        )
        return changed
      })
      if (json) context.print(JSON.stringify(removed, undefined, 2))
      else
        context.print(
          removed.length === 0
            ? `There is no override about ${describeWhom(whom)}. \`hookline fraud status\` lists them.`
            : removed.map(override => `Ended. ${describe(override)}`).join('\n'),
        )
      const atAws = json ? undefined : await numberAtAws(context, text, 'remove')
      if (atAws !== undefined) context.print(atAws)
    })
}

/** Reads, changes and saves; again, if somebody else saved in the meantime. */
export async function changeFraudPolicy(
  context: Context,
  by: Editor,
  work: (policy: FraudPolicy) => NewFraudPolicy,
): Promise<NewFraudPolicy> {
  const changed = await withStore(context, store => changeOf(store, by, work))
  if (changed.kind === 'saved') return changed.policy
  throw new Problem('unreachable', 'Others changed the policy at the same moment. Try again.')
}

function addOptions(command: Command): Command {
  return command
    .requiredOption('--because <text>', 'the reason, for everyone who reads it later; name no person')
    .option(...AUTHOR_OPTION)
    .addOption(new Option('--for <duration>', 'how long: 30m, 12h, 7d').default(undefined, '7d'))
    .option('--until <time>', 'friday, a day (its end, UTC) or a time in UTC: 2026-12-04T17:00')
    .option('--json', 'print JSON, for programs')
}

async function whomOf(
  text: string | undefined,
  user: string | undefined,
  { digests, planRules }: Pick<Context, 'digests' | 'planRules'>,
): Promise<Whom> {
  if (user !== undefined && text === undefined) return readUser(readUserName(user), digests)
  if (text === undefined || user !== undefined)
    throw new Problem(
      'usage',
      'Name a number, the beginning of numbers, a network or a country; or one person with --user.',
    )
  const whom = await readWhom(text, digests, planRules())
  if ('problem' in whom) throw new Problem('usage', whom.problem)
  return whom
}

/** When an override ends: by default in seven days. Milliseconds since 1970. */
function readUntil({ for: duration, until }: UntilOptions, now: number): number {
  if (duration !== undefined && until !== undefined)
    throw new Problem('usage', 'Give --for or --until, not both.')
  const end = until === undefined ? endAfter(duration ?? '7d', now) : endAt(until, now)
  if (end !== undefined && isEnd(end, now)) return end
  const [option, input] = until === undefined ? ['--for', duration] : ['--until', until]
  const expected =
    end !== undefined
      ? 'a time within the next 366 days'
      : until === undefined
        ? 'minutes, hours or days: 30m, 12h, 7d'
        : 'a weekday, a day (2026-12-04), or a time in UTC (2026-12-04T17:00)'
  throw new Problem('usage', `${option} is "${input}"; expected ${expected}.`)
}

function readBecause(text: string): string {
  const because = printable(text.trim())
  if (because !== '' && because.length <= BECAUSE_MAX) return because
  throw new Problem('usage', `--because has ${because.length} characters; expected 1 to ${BECAUSE_MAX}.`)
}

function describe(override: Override): string {
  const { what, whom, until, author, because } = override
  const about = what === 'expect' ? `${override.count} new phones in ${whom.country}` : describeWhom(whom)
  return `${VERBS[what]}: ${about}, until ${minuteOf(until)} UTC, by ${author}: ${because}`
}

const VERBS = { allow: 'Allowed', deny: 'Denied', expect: 'Expected' } as const
const WHOM =
  'a number (+34683783440), the beginning of numbers ("+58 412 77*"), a network (203.0.113.0/24) or a country (VE)'
const USER = 'one person, by login or user ID in Okta'
