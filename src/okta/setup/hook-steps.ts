import type { Chosen } from './choose.ts'
import { names } from './marks.ts'
import type { Org } from './org.ts'
import { phoneSteps, signOnSteps } from './phone-steps.ts'
import type { Block, Step } from './step.ts'
import type { Wanted, WantedHook } from './wanted.ts'
import { hookFaults, memoOf } from './wanted-hook.ts'

/** The hook itself: another one out of its way, made or fixed, checked; and only then the phone authenticator. */
export function hookSteps(org: Org, chosen: Chosen, wanted: Wanted, wantedHook: WantedHook): readonly Step[] {
  const { hook, other } = chosen
  const { method, isFixing } = wanted
  const about = { what: 'telephony hook', needs: 'okta.inlineHooks.manage' } as const
  const off: readonly Step[] = other?.isActive
    ? [
        {
          ...about,
          mark: 'turned off',
          name: other.name,
          sentence: `${other.id} calls ${other.uri}. teardown turns it on again.`,
          action: 'turn off other hook',
        },
      ]
    : []
  const check: Step = {
    ...about,
    mark: 'checked',
    name: hook?.name ?? names.hook,
    sentence: 'Okta calls it once. If that fails it is turned off again.',
    action: 'check hook',
  }
  const after = [check, ...(isFixing ? [] : phoneSteps(org)), ...signOnSteps(org, wantedHook.policyRule)]
  if (hook === undefined) {
    const sentence = `Calls ${wantedHook.url}, ${method.kind === 'token' ? 'with an access token' : `with a secret in ${method.name}`}.`
    return [
      ...off,
      { ...about, mark: 'created', name: names.hook, sentence, action: 'create hook' },
      ...after,
    ]
  }
  const faults = hookFaults(org, chosen, hook, method, wantedHook, memoOf(org, chosen, wanted, wantedHook))
  const isOurs = hook.memo !== undefined
  const adopted = isOurs ? '' : 'Made by hand, and adopted: '
  const owner = isOurs ? {} : ({ isByHand: true } as const)
  const now: Step = {
    ...about,
    ...owner,
    mark: faults.length > 0 ? 'changed' : isOurs ? 'exists' : 'adopted',
    name: hook.name,
    sentence: faults.length > 0 ? `${adopted}${faults.join('; ')}.` : `Calls ${hook.uri}.`,
    action: faults.length > 0 ? 'change hook' : undefined,
  }
  const on: readonly Step[] = hook.isActive
    ? []
    : [
        {
          ...about,
          ...owner,
          mark: 'turned on',
          name: hook.name,
          sentence: 'It is inactive.',
          action: 'turn on hook',
        },
      ]
  return [now, ...off, ...on, ...after]
}

/** Another active hook is never turned off without being named. */
export function hookBlocks({ hook, other }: Chosen, { replace }: WantedHook): readonly Block[] {
  const isNamed = other !== undefined && (replace === other.id || replace === other.name)
  if (other?.isActive && !isNamed) {
    const note = replace === undefined ? '' : ` --replace is "${replace}", which is not it.`
    return [
      {
        sentence: `Another telephony hook is active, and Okta has one at a time: "${other.name}" (${other.id}), which calls ${other.uri}.${note} Nothing is done to it unless you name it: --replace ${other.id}. It is turned off then, and hookline okta teardown turns it on again.`,
      },
    ]
  }
  const isDone = hook?.memo?.replaces !== undefined
  if (replace !== undefined && other === undefined && !isDone) {
    return [
      {
        sentence: `--replace is "${replace}"; no other telephony hook has this name or ID. Leave it out: nothing is in the way.`,
      },
    ]
  }
  return []
}
