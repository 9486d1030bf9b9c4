import { checkHookUrl } from '../../src/cli/okta/reach.ts'
import { quoted } from '../../src/cli/okta/trusts.ts'
import { Problem } from '../../src/cli/terminal/problem.ts'
import type { OktaApi } from '../../src/okta/setup/okta-api.ts'
import type { TelephonyHook } from '../../src/okta/setup/org.ts'
import { readTelephonyHooks } from '../../src/okta/setup/read-org.ts'
import type { ObserveContext, ObservedServer } from './access.ts'
import type { Observation } from './observation.ts'
import { readLog } from './redact-log.ts'

export type Preparing = {
  readonly context: ObserveContext
  readonly api: OktaApi
  readonly server: ObservedServer
  readonly observation: Observation
  readonly url: string
}

/** Waits until Okta's active telephony hook calls this server. False if the person ends the run. */
export async function waitForHook({ context, api, server, observation, url }: Preparing): Promise<boolean> {
  context.print(
    `The hook server listens on port ${server.port}. It uses no stand-ins: its messages are sent and billed.`,
  )
  // Checked now instead of after the sign-ins.
  await readLog(api, {
    since: context.now() - 1_000,
    until: context.now(),
    requestIds: [],
    others: [],
    isFollowed: false,
  })
  await checkHookUrl(url)
  if (observation.refusals().length === 0) {
    throw new Problem(
      'usage',
      `--url is "${url}", and a hook of Hookline answers there, but not this one. Let the address lead to port ${server.port} of this machine, and run the command again.`,
    )
  }
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    const active = (await readTelephonyHooks(api)).find(({ isActive }) => isActive)
    if (active !== undefined && URL.parse(active.uri)?.href === url) {
      context.print("✓ The org's active telephony hook calls this server.")
      return true
    }
    context.print(whatToRun(api.orgUrl, url, active))
    const answer = await server.ask('Press Enter when that is done: ')
    if (answer === undefined) return false
  }
  throw new Problem(
    'usage',
    `The org's active telephony hook does not call ${url}. Set it up first (hookline okta setup), then run the command again.`,
  )
}

function whatToRun(orgUrl: string, url: string, active: TelephonyHook | undefined): string {
  const now =
    active === undefined
      ? 'The org has no active telephony hook.'
      : `The org's active telephony hook, "${active.name}", calls another address.`
  // Hookline's own hook is changed; another one must be named before it is turned off.
  const replace = active === undefined || active.memo !== undefined ? '' : ` --replace ${quoted(active.id)}`
  const command = `npx hookline okta activate --org ${orgUrl} --url ${quoted(url)}${replace}`
  return `\n${now} Run this in a second terminal:\n\n  ${command}\n\nFor a hook that carries a secret instead of a token, add --secret-header with the name of its header. If nothing is set up in the org yet, run setup instead of activate.\n`
}

const TURNS_MAX = 10
