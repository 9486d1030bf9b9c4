import { choose } from './choose.ts'
import { hookBlocks, hookSteps } from './hook-steps.ts'
import type { Org } from './org.ts'
import { signOnBlocks } from './phone-steps.ts'
import type { Block, Difference, Step } from './step.ts'
import { tokenSteps } from './token-steps.ts'
import type { Wanted } from './wanted.ts'

/**
 * What has to be done to an org, in order. Each step is worked out from the org as it is: after any of them the rest of
 * the list is the difference of the org as it then is, so an interrupted run is taken up where it stopped.
 */
export function difference(org: Org, wanted: Wanted): Difference {
  const chosen = choose(org, wanted)
  const blocks = [
    ...serverBlocks(org, wanted),
    ...chosenBlocks(org, wanted),
    ...(wanted.hook === undefined ? [] : hookBlocks(chosen, wanted.hook)),
    ...signOnBlocks(org, wanted.hook?.policyRule),
  ]
  if (blocks.length > 0) return { kind: 'blocked', blocks }
  const { method } = wanted
  const steps = method.kind === 'token' ? tokenSteps(org, chosen, method.scope) : []
  const missing = wanted.isPreparing ? [] : steps.filter(({ action }) => action !== undefined)
  if (missing.length > 0) {
    const list = missing.map(({ what, mark }) => `${what} (to be ${mark})`).join(', ')
    const sentence = `The org is not prepared: ${list}. Run hookline okta prepare first, or hookline okta setup --url for both in one.`
    return { kind: 'blocked', blocks: [{ sentence }] }
  }
  const all = [...steps, ...(wanted.hook === undefined ? [] : hookSteps(org, chosen, wanted, wanted.hook))]
  const byHand = wanted.isFixing ? byHandBlocks(all) : []
  return byHand.length > 0 ? { kind: 'blocked', blocks: byHand } : { kind: 'steps', steps: all }
}

/** What works only once somebody's own thing is changed is not fixed by halves. */
function byHandBlocks(steps: readonly Step[]): readonly Block[] {
  return steps
    .filter(({ isByHand, action }) => isByHand && action !== undefined)
    .map(({ what, name, mark }) => ({
      sentence: `The ${what} "${name}" would have to be ${mark}, and that is somebody's own work: made by hand. hookline okta setup shows the change, and makes it.`,
    }))
}

function serverBlocks({ server, url }: Org, { method }: Wanted): readonly Block[] {
  if (method.kind === 'secret-header') return []
  if (server === undefined) {
    return [
      {
        sentence: `${url} has no such authorization server. Name one with --authorization-server (its name or ID). An org without API Access Management has none: let the hook carry a secret instead, with --secret-header X-Hookline-Secret.`,
      },
    ]
  }
  if (server.isActive) return []
  return [
    {
      sentence: `The authorization server ${server.name} (${server.id}) is inactive: it issues no tokens. Activate it in Okta, or name another one with --authorization-server.`,
    },
  ]
}

function chosenBlocks(org: Org, wanted: Wanted): readonly Block[] {
  const { candidates, app } = choose(org, wanted)
  if (candidates.length > 1) {
    const list = candidates.map(({ name, clientId }) => `"${name}" (${clientId})`).join(', ')
    return [
      {
        sentence: `${candidates.length} service apps have the public key of a hook key, and any of them could be meant: ${list}. Say which one with --adopt and its client ID, or --adopt none to have a new one.`,
      },
    ]
  }
  if (wanted.method.kind === 'token' && wanted.adopt !== undefined && wanted.adopt !== 'none' && !app) {
    return [
      {
        sentence: `--adopt is "${wanted.adopt}"; no service app with this client ID has the public key of a hook key and is free of other hooks. Leave --adopt out to have a new one.`,
      },
    ]
  }
  return []
}
