import { type OwnTelephony, readOwnTelephony } from '../../okta/own-telephony.ts'
import {
  judgeAllowedFor,
  judgeEnrolment,
  judgeProviders,
  judgeSignOn,
  type PhoneFault,
} from '../../okta/setup/judge-phone-use.ts'
import type { Optional, ReadOptional } from '../../okta/setup/okta-api.ts'
import type { Org } from '../../okta/setup/org.ts'
import { readPhoneUse } from '../../okta/setup/phone-use.ts'
import type { OktaContext } from '../terminal/context.ts'
import { Problem } from '../terminal/problem.ts'

/** Why people may get no code by phone although the org is set up, one reason a line; `doctor` reports the same. Changes nothing. */
export async function describePhoneUse({ phone }: Org, optionally: ReadOptional): Promise<readonly string[]> {
  const { enrolment, signOn, providers } = await readPhoneUse(optionally)
  const parts = [
    ['phone use', judgeAllowedFor(phone?.allowedFor ?? 'any')],
    ['enrolment', judged(enrolment, judgeEnrolment)],
    ['sign-on', judged(signOn, judgeSignOn)],
    ['telephony providers', judged(providers, judgeProviders)],
  ] as const
  return parts.flatMap(([what, faults]) =>
    typeof faults === 'string'
      ? [`- skipped       ${what}: ${faults}`]
      : faults.map(
          ({ severity, cause, remedy }) =>
            `${severity === 'error' ? '✗' : '!'} ${what}: ${cause}\n  → ${remedy}`,
        ),
  )
}

function judged<T>(
  read: Optional<T>,
  judge: (value: T) => readonly PhoneFault[],
): readonly PhoneFault[] | string {
  return read.kind === 'skipped' ? read.why : judge(read.value)
}

export type OwnTelephonyOptions = {
  /** Whether the org has telephony of its own: `yes` or `no`. Undefined: from the System Log, else a prompt. */
  readonly oktaTelephony?: string | undefined
}

/** Refuses any other value before anything is changed. */
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
  const answered = ANSWERS[options.oktaTelephony ?? '']
  if (answered !== undefined) return PROPOSALS[answered]
  const logged = await readLog(optionally, context.now())
  if (logged !== 'unknown')
    return `The System Log shows what Okta does where the hook does not send.\n${PROPOSALS[logged]}`
  if (!options.isAsking || !context.okta.isAtTerminal) return PROPOSALS.unknown
  const answer = await context.okta.ask(QUESTION)
  return PROPOSALS[ANSWERS[answer.trim().toLowerCase()] ?? 'unknown']
}

/** Without the right to read the log, the answer is unknown: the set-up does not need it. */
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
  sends: `This org has Okta's own telephony. Leave ${NAMES} at silent: after any other answer, Okta itself sends to blocked numbers.`,
  none: `This org does not have Okta's own telephony, so nothing is sent to a blocked number. Recommended: ${NAMES} error, so that a person who is refused by mistake sees it.

  HOOKLINE_BLOCKED_ANSWER=error, or npx hookline deploy --set BlockedAnswer=error`,
  unknown: `The System Log does not show whether this org has Okta's own telephony. If it does not, set ${NAMES} to error, or run this command again with --okta-telephony no (docs/okta.md#what-must-not-be-sent).`,
}
/** How long Okta keeps its System Log. */
const LOG_MS = 90 * 86_400_000
/** Okta's clock may be a little ahead. */
const AHEAD_MS = 60_000
