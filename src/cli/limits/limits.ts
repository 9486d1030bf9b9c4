import { type Command, Option } from 'commander'
import {
  defaultLimits,
  LIMIT_MAX,
  type LimitScope,
  type Limits,
  limitScopes,
  WINDOW_SECONDS_MAX,
  withLimit,
} from '../../core/policy/limits.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { AUTHOR_OPTION, BECAUSE_OPTION, type EditorOptions, editorOf } from '../terminal/editor.ts'
import { readNumber } from '../terminal/option-values.ts'
import { table } from '../terminal/table.ts'

/** `hookline limits`: how many codes may be sent in a window of time. Changes apply within a second. */
export function limitsCommand(limits: Command, context: Context): void {
  const change = async (options: EditorOptions, work: (limits: Limits) => Limits): Promise<void> => {
    const by = editorOf(options, context)
    const changed = await withStore(context, async store => {
      const next = work((await store.readPolicy())?.limits ?? defaultLimits)
      await store.saveLimits(next, by)
      return next
    })
    context.print(describe(changed))
  }
  limits
    .command('show')
    .description('Show the limits.')
    .option('--json', 'print JSON, for programs')
    .action(async ({ json }: { json?: boolean }) => {
      const current = (await withStore(context, store => store.readPolicy()))?.limits ?? defaultLimits
      context.print(json ? JSON.stringify(current, undefined, 2) : describe(current))
    })
  limits
    .command('set')
    .description('Add, change or remove one limit.')
    .addOption(new Option('--scope <scope>', 'what is counted').choices(limitScopes).makeOptionMandatory())
    .requiredOption('--window <seconds>', 'length of the window in seconds, 1 to 86400')
    .requiredOption('--max <count>', 'maximum number of codes in the window, 1 to 1000; 0 removes the limit')
    .option(...AUTHOR_OPTION)
    .option(...BECAUSE_OPTION)
    .action((options: { scope: LimitScope; window: string; max: string } & EditorOptions) => {
      const windowSeconds = readNumber('--window', options.window, { min: 1, max: WINDOW_SECONDS_MAX })
      const max = readNumber('--max', options.max, { min: 0, max: LIMIT_MAX })
      return change(options, limits => withLimit(limits, { scope: options.scope, windowSeconds, max }))
    })
  limits
    .command('enforce')
    .description('Refuse codes that exceed a limit.')
    .option(...AUTHOR_OPTION)
    .option(...BECAUSE_OPTION)
    .action((options: EditorOptions) => change(options, current => ({ ...current, mode: 'enforce' })))
  limits
    .command('observe')
    .description('Only count and log codes that exceed a limit; refuse nothing.')
    .option(...AUTHOR_OPTION)
    .option(...BECAUSE_OPTION)
    .action((options: EditorOptions) => change(options, current => ({ ...current, mode: 'observe' })))
}

function describe({ mode, windows }: Limits): string {
  const rows = windows
    .toSorted((one, other) => one.scope.localeCompare(other.scope) || one.windowSeconds - other.windowSeconds)
    .map(({ scope, windowSeconds, max }) => [scope, String(windowSeconds), String(max)])
  const meaning =
    mode === 'enforce' ? 'Codes that exceed a limit are refused.' : 'Only observed: nothing is refused.'
  return `${table(['scope', 'window (s)', 'max. codes'], rows)}\n\n${meaning}`
}
