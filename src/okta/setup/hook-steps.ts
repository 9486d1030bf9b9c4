import type { Chosen } from './choose.ts'
import { names } from './marks.ts'
import type { Org } from './org.ts'
import { phoneSteps, signOnSteps } from './phone-steps.ts'
import type { Block, Step } from './step.ts'
import type { TargetHook, TargetState } from './target.ts'
import { hookFaults, memoOf } from './target-hook.ts'

/** The hook: turn another one off, create or change ours, check it; and only then turn on the phone authenticator. */
export function hookSteps(
  org: Org,
  chosen: Chosen,
  target: TargetState,
  targetHook: TargetHook,
): readonly Step[] {
  const { hook, other } = chosen
  const { method, isFixing } = target
  const about = { what: 'telephony hook', needs: 'okta.inlineHooks.manage' } as const
  const off: readonly Step[] = other?.isActive
    ? [
        {
          ...about,
          mark: 'turned off',
          name: other.name,
          sentence: `${other.id} calls ${other.uri}. hookline okta teardown turns it on again.`,
          action: 'turn off other hook',
        },
      ]
    : []
  const check: Step = {
    ...about,
    mark: 'checked',
    name: hook?.name ?? names.hook,
    sentence: 'Okta calls it once. If that fails, it is turned off again.',
    action: 'check hook',
  }
  const after = [check, ...(isFixing ? [] : phoneSteps(org)), ...signOnSteps(org, targetHook.policyRule)]
  if (hook === undefined) {
    const sentence = `Calls ${targetHook.url} ${method.kind === 'token' ? 'with an access token' : `with a secret in ${method.name}`}.`
    return [
      ...off,
      { ...about, mark: 'created', name: names.hook, sentence, action: 'create hook' },
      ...after,
    ]
  }
  const faults = hookFaults(org, chosen, hook, method, targetHook, memoOf(org, chosen, target, targetHook))
  const isOurs = hook.memo !== undefined
  const adopted = isOurs ? '' : 'Made by hand, now adopted: '
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

/** Another active hook is turned off only if the operator names it. */
export function hookBlocks({ hook, other }: Chosen, { replace }: TargetHook): readonly Block[] {
  const isNamed = other !== undefined && (replace === other.id || replace === other.name)
  if (other?.isActive && !isNamed) {
    const note = replace === undefined ? '' : ` --replace is "${replace}", which is another one.`
    return [
      {
        sentence: `Another telephony hook is active: "${other.name}" (${other.id}), which calls ${other.uri}. Okta allows one at a time.${note} To turn it off, pass --replace ${other.id}; hookline okta teardown turns it on again.`,
      },
    ]
  }
  const isDone = hook?.memo?.replaces !== undefined
  if (replace !== undefined && other === undefined && !isDone) {
    return [
      {
        sentence: `--replace is "${replace}"; no other telephony hook has this name or ID. Leave --replace out: no other hook is active.`,
      },
    ]
  }
  return []
}
