import type { Command } from 'commander'
import type { OktaApi, ReadOptional } from '../../okta/setup/okta-api.ts'
import type { TelephonyHook } from '../../okta/setup/org.ts'
import {
  describeCaller,
  describeContext,
  isGood,
  type PreviewOrder,
  previewAll,
  purposes,
  type Reading,
  readAnswer,
} from '../../okta/setup/preview.ts'
import { readTelephonyHooks } from '../../okta/setup/read-org.ts'
import type { OktaContext } from '../terminal/context.ts'
import { collect } from '../terminal/option-values.ts'
import { Problem } from '../terminal/problem.ts'
import { withProgress } from '../terminal/progress.ts'
import { table, wrap, wrappedTable } from '../terminal/table.ts'
import { explainFailure, newEventId, SIMULATOR_NUMBERS } from './check-hook.ts'
import { addCredentialOptions, withOkta } from './credential.ts'
import type { OrgsOptions } from './in-orgs.ts'
import { addOrgs, inOrgs } from './in-orgs.ts'

type Options = Omit<OrgsOptions, 'to'> & {
  readonly hook?: string
  /** A single number if it is from the orgs file. */
  readonly to?: string | readonly string[]
  readonly locale?: readonly string[]
  readonly channel?: readonly string[]
  readonly purpose?: readonly string[]
}

/** `hookline okta preview`: Okta calls the hook for each purpose, channel and a few languages. */
export function oktaPreviewCommand(okta: Command, context: OktaContext): void {
  const command = okta
    .command('preview')
    .description(
      'Have Okta call the hook for each purpose, channel and language; show what it read in the answer.',
    )
  addCredentialOptions(addOrgs(command))
    .option('--hook <name-or-id>', 'the telephony hook (default: the active one)')
    .option(
      '--to <number>',
      "number to send to, can be repeated: used in turn (default: AWS's simulators)",
      collect,
    )
    .option(
      '--locale <locale>',
      'language of the user, can be repeated: each with every purpose and channel (default: a few, in turn)',
      collect,
    )
    .option('--channel <channel>', 'sms or voice; can be repeated (default: both)', collect)
    .option('--purpose <purpose>', `${purposes.join(', ')}; can be repeated (default: all)`, collect)
    .option('--json', 'print JSON, for programs')
    .action((all: Options) => {
      ordersOf(all) // wrong options are refused before any org is opened
      return inOrgs(context, all, 'reads', async ({ context: own, options }) => {
        const orders = ordersOf(options)
        const tried = await withOkta(own, options, ['okta.inlineHooks.manage'], (api, optionally) =>
          tryAll({ api, optionally }, own, options, orders),
        )
        own.print(options.json ? JSON.stringify(tried, undefined, 2) : describe(tried))
        const good = tried.filter(one => one.isGood).length
        return { isGood: good === tried.length, text: `${good} of ${tried.length} would be sent.` }
      })
    })
}

type Tried = Omit<PreviewOrder, 'to'> & { readonly isGood: boolean; readonly read: Reading }

async function tryAll(
  { api, optionally }: { readonly api: OktaApi; readonly optionally: ReadOptional },
  context: OktaContext,
  { hook: nameOrId, json }: Options,
  orders: readonly PreviewOrder[],
): Promise<readonly Tried[]> {
  const hook = chooseHook(await readTelephonyHooks(api), nameOrId)
  if (!json)
    context.print(`${hook.name} (${hook.id}), ${hook.isActive ? 'active' : 'INACTIVE'}: ${hook.uri}\n`)
  const world = { now: context.now, newEventId, pause: context.pause, optionally }
  const previewed = await withProgress(context.progress, `calling the hook from ${api.orgUrl}`, () =>
    previewAll(api, hook.id, orders, world),
  )
  return orders.flatMap(({ to: _, ...about }, index) => {
    const one = previewed[index]
    if (one === undefined) return []
    const read: Reading =
      one.kind === 'read'
        ? one.reading
        : { ...readAnswer(undefined), error: explainFailure(one.error, api.orgUrl) }
    return [{ ...about, isGood: isGood(read), read }]
  })
}

function ordersOf({ to, locale, channel, purpose }: Options): readonly PreviewOrder[] {
  const channels = (channel ?? ['sms', 'voice']).map(name => {
    const orderChannel = CHANNELS[name.toLowerCase()]
    if (orderChannel !== undefined) return orderChannel
    throw new Problem('usage', `--channel is "${name}"; expected sms or voice.`)
  })
  const target = (purpose ?? purposes).map(name => {
    const known = purposes.find(one => one === name)
    if (known !== undefined) return known
    throw new Problem('usage', `--purpose is "${name}"; expected ${purposes.join(', ')}.`)
  })
  const numbers = typeof to === 'string' ? [to] : (to ?? SIMULATOR_NUMBERS)
  const pairs = target.flatMap(one => channels.map(channel => ({ purpose: one, channel })))
  const orders = pairs.flatMap((pair, index) =>
    (locale ?? [turn(LOCALES, index)]).map(language => ({ ...pair, locale: language })),
  )
  return orders.map((order, index) => ({ ...order, to: turn(numbers, index) }))
}

function turn(list: readonly string[], index: number): string {
  return list[index % list.length] ?? ''
}

function chooseHook(hooks: readonly TelephonyHook[], nameOrId: string | undefined): TelephonyHook {
  const isChosen = ({ id, name, isActive }: TelephonyHook): boolean =>
    nameOrId === undefined ? isActive : id === nameOrId || name === nameOrId
  const hook = hooks.find(isChosen)
  if (hook !== undefined) return hook
  const has = hooks.map(({ id, name, isActive }) => `"${name}" (${id}, ${isActive ? 'active' : 'inactive'})`)
  const list = has.length === 0 ? 'none' : has.join(', ')
  throw new Problem(
    'usage',
    nameOrId === undefined
      ? `The org has no active telephony hook. It has: ${list}. Set one up with hookline okta setup, or name one with --hook.`
      : `--hook is "${nameOrId}"; the org has: ${list}.`,
  )
}

function describe(tried: readonly Tried[]): string {
  const rows = tried.map(({ purpose, channel, locale, isGood: isFine, read }) => [
    isFine ? '✓' : '✗',
    purpose,
    channel,
    locale,
    read.status ?? '',
    read.provider ?? '',
    read.transactionId ?? '',
    wrap(read.error ?? describeContext(read), CONTEXT_WIDTH),
  ])
  const head = [
    '',
    'purpose',
    'channel',
    'locale',
    'status',
    'provider',
    'transaction',
    'error or debugContext',
  ]
  const callers = new Set(tried.flatMap(({ read }) => describeCaller(read) ?? []))
  const notices = new Set(tried.flatMap(({ read }) => read.notice ?? []))
  const bad = tried.filter(({ isGood: isFine }) => !isFine).length
  const end =
    bad === 0
      ? `✓ ${tried.length} of ${tried.length} would be sent by the hook.`
      : `✗ ${bad} of ${tried.length} would not be sent by the hook: Okta uses its own provider, or sends nothing.\nThe reasons: npx hookline deliveries. A number can get five messages in ten minutes (hookline limits); for more, add numbers with --to.`
  const rowsAsTable = rows.length === 0 ? table(head, []) : wrappedTable(head, rows)
  return [rowsAsTable, ...callers, ...notices, end].join('\n\n')
}

const CHANNELS: Readonly<Record<string, PreviewOrder['channel'] | undefined>> = {
  sms: 'SMS',
  voice: 'voice call',
  'voice call': 'voice call',
}
/** Enough to see that the user's language is used; every language would exceed the limits of a number. */
const LOCALES = ['en', 'es', 'de', 'fr', 'pt-BR']
const CONTEXT_WIDTH = 60
