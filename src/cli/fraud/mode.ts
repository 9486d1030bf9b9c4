import { Argument, type Command } from 'commander'
import { type FraudMode, type FraudPolicy, fraudModes, withMode } from '../../core/policy/fraud-policy.ts'
import { didYouMean } from '../../core/values/closest.ts'
import { callerOfOrg, DELIVERIES_READ, orgOf } from '../codes/caller-of-org.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { AUTHOR_OPTION, BECAUSE_OPTION, type EditorOptions, editorOf } from '../terminal/editor.ts'
import { changeFraudPolicy } from './overrides.ts'

type Options = EditorOptions & { readonly org?: string; readonly json?: boolean }

/** `hookline fraud mode`: shows or changes what happens to codes that the rule would hold. In force within a second. */
export function modeCommand(fraud: Command, context: Context): void {
  fraud
    .command('mode')
    .description('Show or change the mode: off, observe (record what would be held) or enforce (hold it).')
    .addArgument(new Argument('[mode]', 'the new mode').choices(fraudModes))
    .option('--org <name>', 'only for this org, as `deliveries` names it; this overrides the common mode')
    .option('--json', 'print JSON, for programs')
    .option(...AUTHOR_OPTION)
    .option(...BECAUSE_OPTION)
    .action(async (mode: FraudMode | undefined, options: Options) => {
      const { org, json } = options
      const named = org === undefined ? undefined : await withStore(context, store => callerOfOrg(org, store))
      const policy =
        mode === undefined
          ? await withStore(context, async store => (await store.readPolicy())?.fraud)
          : await changeFraudPolicy(context, editorOf(options, context), existing =>
              withMode(existing, mode, named?.caller ?? org),
            )
      if (policy === undefined) throw new Error('The store returned no policy')
      const { modes } = policy
      // A mistyped org would change nothing, and nobody would see it.
      const isUnknown = named !== undefined && named.caller === undefined
      const warning = isUnknown
        ? `\nWarning: none of the newest ${DELIVERIES_READ} deliveries is of ${org}.${didYouMean(org ?? '', named.orgs)}`
        : ''
      if (json) context.print(JSON.stringify({ mode: policy.mode, modes }, undefined, 2))
      else context.print(`${describeModes(policy)}${warning}`)
    })
}

/** One line for the common mode, and one for each org with its own. */
export function describeModes({ mode, modes }: Pick<FraudPolicy, 'mode' | 'modes'>): string {
  const own = Object.entries(modes).map(
    ([org, one]) => `Mode of ${orgOf({ caller: org })}: ${one}. ${MEANINGS[one]}`,
  )
  return [`Mode: ${mode}. ${MEANINGS[mode]}`, ...own].join('\n')
}

const MEANINGS: Readonly<Record<FraudMode, string>> = {
  off: 'The rule records nothing and holds nothing; overrides have no effect.',
  observe: 'What the rule would hold is recorded, and sent. Only `hookline fraud deny` holds.',
  enforce: 'What the rule holds is not sent.',
}
