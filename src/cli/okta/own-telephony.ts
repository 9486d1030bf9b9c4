import { type OwnTelephony, readOwnTelephony } from '../../okta/own-telephony.ts'
import type { ReadOptional } from '../../okta/setup/optional.ts'
import type { OktaContext } from '../terminal/context.ts'
import { Problem } from '../terminal/problem.ts'

export type OwnTelephonyOptions = {
  /** What is known of the org: `yes` or `no`. Undefined: the System Log is read, else somebody is asked. */
  readonly oktaTelephony?: string | undefined
}

/** Refuses another word before anything is changed. */
export function checkOwnTelephony({ oktaTelephony }: OwnTelephonyOptions): void {
  if (oktaTelephony === undefined || oktaTelephony in ANSWERS) return
  throw new Problem('usage', `--okta-telephony is "${oktaTelephony}"; expected yes or no.`)
}

/**
 * Proposes HOOKLINE_BLOCKED_ANSWER for this org: what Okta does with an answer that is an error depends on whether it
 * has telephony of its own. It changes nothing: the setting is the deployment's, which may serve other orgs.
 */
export async function proposeBlockedAnswer(
  optionally: ReadOptional,
  context: OktaContext,
  options: OwnTelephonyOptions & { readonly isAsking: boolean },
): Promise<string> {
  const said = ANSWERS[options.oktaTelephony ?? '']
  if (said !== undefined) return PROPOSALS[said]
  const found = await readLog(optionally, context.now())
  if (found !== 'unknown')
    return `The System Log shows what Okta does where the hook does not send.\n${PROPOSALS[found]}`
  if (!options.isAsking || !context.okta.isAtTerminal) return PROPOSALS.unknown
  const answer = await context.okta.ask(QUESTION)
  return PROPOSALS[ANSWERS[answer.trim().toLowerCase()] ?? 'unknown']
}

/** A token without the right to read the log is no problem of the set-up. */
async function readLog(optionally: ReadOptional, now: number): Promise<OwnTelephony> {
  const found = await optionally('okta.logs.read', logs =>
    readOwnTelephony(logs, { since: now - LOG_MS, until: now + AHEAD_MS }),
  )
  return found.kind === 'read' ? found.value : 'unknown'
}

const ANSWERS: Readonly<Record<string, OwnTelephony | undefined>> = {
  ...{ yes: 'sends', y: 'sends' },
  ...{ no: 'none', n: 'none' },
}

const QUESTION =
  "Does this org still have Okta's own telephony, so that Okta sends a code where the hook does not? (yes, no, or Enter if you do not know) "
const NAMES = 'HOOKLINE_BLOCKED_ANSWER (parameter BlockedAnswer)'
const PROPOSALS: Readonly<Record<OwnTelephony, string>> = {
  sends: `Okta has telephony of its own here. Leave ${NAMES} at silent: after any other answer Okta sends to blocked numbers itself.`,
  none: `Okta has no telephony of its own here: nobody sends to a blocked number in any case. Proposed: ${NAMES} error, so that a person who is refused wrongly sees it.

  HOOKLINE_BLOCKED_ANSWER=error, or npx hookline deploy --set BlockedAnswer=error`,
  unknown: `Does Okta have telephony of its own here? The System Log does not show it. If it has none, propose ${NAMES} error: --okta-telephony no (docs/okta.md#what-must-not-be-sent).`,
}
/** Okta keeps its System Log so long. */
const LOG_MS = 90 * 86_400_000
/** Okta's clock may be a little ahead. */
const AHEAD_MS = 60_000
