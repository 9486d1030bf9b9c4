import { choose } from './choose.ts'
import { eventHookSteps } from './event-hook.ts'
import { hookBlocks, hookSteps } from './hook-steps.ts'
import type { Org } from './org.ts'
import { signOnBlocks } from './phone-steps.ts'
import type { Block, Difference, Step } from './step.ts'
import type { TargetState } from './target.ts'
import { tokenSteps } from './token-steps.ts'

/**
 * The steps that an org needs, in order. They are derived from the current state of the org: after each step, the rest
 * of the list is the difference of the new state. So an interrupted run continues where it stopped.
 */
export function difference(org: Org, target: TargetState): Difference {
  const chosen = choose(org, target)
  const blocks = [
    ...serverBlocks(org, target),
    ...chosenBlocks(org, target),
    ...(target.hook === undefined ? [] : hookBlocks(chosen, target.hook)),
    ...signOnBlocks(org, target.hook?.policyRule),
  ]
  if (blocks.length > 0) return { kind: 'blocked', blocks }
  const { method } = target
  const steps = method.kind === 'token' ? tokenSteps(org, chosen, method.scope) : []
  const missing = target.isPreparing ? [] : steps.filter(({ action }) => action !== undefined)
  if (missing.length > 0) {
    const list = missing.map(({ what, mark }) => `${what} (must be ${mark})`).join(', ')
    const sentence = `The org is not prepared: ${list}. Run hookline okta prepare first; or hookline okta setup --url, which does both.`
    return { kind: 'blocked', blocks: [{ sentence }] }
  }
  const all = [
    ...steps,
    ...(target.hook === undefined ? [] : hookSteps(org, chosen, target, target.hook)),
    ...(target.eventHook === undefined ? [] : eventHookSteps(org.eventHooks ?? [], target.eventHook)),
  ]
  const byHand = target.isFixing ? byHandBlocks(all) : []
  return byHand.length > 0 ? { kind: 'blocked', blocks: byHand } : { kind: 'steps', steps: all }
}

/** A fix that would need a change to something made by hand is not made at all. */
function byHandBlocks(steps: readonly Step[]): readonly Block[] {
  return steps
    .filter(({ isByHand, action }) => isByHand && action !== undefined)
    .map(({ what, name, mark }) => ({
      sentence: `The ${what} "${name}" must be ${mark}, but that would change something made by hand. Run hookline okta setup to see the change and confirm it.`,
    }))
}

function serverBlocks({ server, url }: Org, { method }: TargetState): readonly Block[] {
  if (method.kind === 'secret-header') return []
  if (server === undefined) {
    return [
      {
        sentence: `${url} has no such authorization server. Pass its name or ID with --authorization-server. An org without API Access Management has none: use a secret header instead, with --secret-header X-Hookline-Secret.`,
      },
    ]
  }
  if (server.isActive) return []
  return [
    {
      sentence: `The authorization server ${server.name} (${server.id}) is inactive and issues no tokens. Activate it in Okta, or pass another one with --authorization-server.`,
    },
  ]
}

function chosenBlocks(org: Org, target: TargetState): readonly Block[] {
  const { candidates, app } = choose(org, target)
  if (candidates.length > 1) {
    const list = candidates.map(({ name, clientId }) => `"${name}" (${clientId})`).join(', ')
    return [
      {
        sentence: `${candidates.length} service apps have the public key of a hook key: ${list}. Choose one with --adopt and its client ID, or pass --adopt none to create a new one.`,
      },
    ]
  }
  if (target.method.kind === 'token' && target.adopt !== undefined && target.adopt !== 'none' && !app) {
    return [
      {
        sentence: `--adopt is "${target.adopt}"; no service app with this client ID has the public key of a hook key and is not used by another hook. Leave --adopt out to create a new one.`,
      },
    ]
  }
  return []
}
