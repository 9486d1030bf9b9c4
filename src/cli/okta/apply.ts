import { messageOf } from '../../core/values/printable.ts'
import { choose } from '../../okta/setup/choose.ts'
import { difference } from '../../okta/setup/difference.ts'
import type { OktaApi } from '../../okta/setup/okta-api.ts'
import type { Org, TelephonyHook } from '../../okta/setup/org.ts'
import { perform, switchHook } from '../../okta/setup/perform.ts'
import type { Action, Step } from '../../okta/setup/step.ts'
import type { TargetState } from '../../okta/setup/target.ts'
import type { OktaContext } from '../terminal/context.ts'
import { Problem } from '../terminal/problem.ts'
import { wrap, wrappedTable } from '../terminal/table.ts'

export type Applying = {
  readonly api: OktaApi
  /** For the steps of the event hook, whose scope only some credentials have. */
  readonly eventApi?: OktaApi
  readonly context: OktaContext
  readonly target: TargetState
  /** Called after the client exists and before the hook does: the deployment may need the client's ID. */
  readonly onPrepared: (org: Org) => Promise<void>
  /** Stops between two steps. */
  readonly interruption?: AbortSignal
  /** Has Okta call the hook; throws if that fails. `done`: the earlier actions of this run. */
  readonly check: (org: Org, done: ReadonlySet<Action>) => Promise<void>
}

/** The steps that an org needs. Throws a problem if something blocks them. */
export function stepsOf(org: Org, target: TargetState, end = '\nNothing was changed.'): readonly Step[] {
  const needed = difference(org, target)
  if (needed.kind === 'steps') return needed.steps
  const list = needed.blocks.map(({ sentence }) => sentence).join('\n')
  throw new Problem('usage', `${list}${end}`)
}

/** What will be changed, and what exists already, in one table. */
export function describeSteps(steps: readonly Step[]): string {
  return wrappedTable(
    ['change', 'what', 'name', ''],
    steps.map(({ mark, what, name, sentence }) => [
      PLANNED[mark],
      what,
      name,
      wrap(sentence, SENTENCE_WIDTH),
    ]),
  )
}

/** The steps that change something: all except checks and what exists. */
export function changesOf(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ action }) => action !== undefined && action !== 'check hook')
}

/** Makes the changes step by step; after each, the remaining steps are computed from the org as it is then. */
export async function apply(
  before: Org,
  { api, eventApi = api, context, target, onPrepared, check, interruption }: Applying,
): Promise<Org> {
  const done = new Set<Action>()
  let org = before
  for (;;) {
    interruption?.throwIfAborted()
    const isOpen = ({ action }: Step): boolean =>
      action !== undefined && !(action === 'check hook' && done.has(action))
    const step = stepsOf(org, target, '').find(isOpen)
    if (step?.action === undefined) return org
    const { action, mark, what, name, needs } = step
    if (done.has(action)) {
      throw new Problem(
        'usage',
        `Okta accepted the change but did not keep it: ${what} ${name}. Check it in Okta's admin console, then run the command again.`,
      )
    }
    const isFirstOfHook = !TOKEN_ACTIONS.has(action) && [...done].every(one => TOKEN_ACTIONS.has(one))
    if (isFirstOfHook && done.size > 0) await onPrepared(org)
    if (action === 'check hook') await check(org, done)
    else {
      const now = org
      const before = done.has('turn off other hook') ? choose(now, target).other : undefined
      const own = needs === 'okta.eventHooks.manage' ? eventApi : api
      org = await perform(own, action, now, target).catch(async (error: unknown) => {
        if (before !== undefined && HOOK_ACTIONS.has(action)) await turnOnAgain(api, context, before)
        throw error
      })
    }
    done.add(action)
    context.print(`  ✓ ${mark.padEnd(10)}  ${what}: ${name}`)
  }
}

/** Turns the previous hook on again. */
async function turnOnAgain(api: OktaApi, context: OktaContext, hook: TelephonyHook): Promise<void> {
  try {
    await switchHook(api, hook, 'activate')
    context.print(`  ✓ turned on   telephony hook: ${hook.name}, as before`)
  } catch (error) {
    const why = messageOf(error)
    context.print(
      `  ✗ turned off  telephony hook: ${hook.name} (${hook.id}) could not be turned on again. ${why}`,
    )
  }
}

const HOOK_ACTIONS: ReadonlySet<Action> = new Set<Action>(['create hook', 'turn on hook'])
const TOKEN_ACTIONS: ReadonlySet<Action> = new Set<Action>([
  'create hook key',
  'create app',
  'change app',
  'create scope',
  'create policy',
  'change policy',
  'create rule',
  'change rule',
])
/** The marks in a plan, before anything is done. */
const PLANNED: Readonly<Record<Step['mark'], string>> = {
  exists: 'none, exists',
  adopted: 'none, adopted',
  created: 'create',
  changed: 'change',
  'turned off': 'turn off',
  'turned on': 'turn on',
  checked: 'check',
  verified: 'verify',
}
const SENTENCE_WIDTH = 60
