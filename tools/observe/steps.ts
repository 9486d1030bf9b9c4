import type { HookAnswer } from '../../src/okta/hook-response.ts'
import { answerError, answerOutcome } from '../../src/okta/hook-response.ts'

export type StepName =
  | 'text'
  | 'call'
  | 'reset'
  | 'pending'
  | 'failed'
  | 'error'
  | 'late'
  | 'recovery'
  | 'enrolment'
  | 'preview'

/** One question that only a real org can answer. */
export type Step = {
  readonly name: StepName
  /** The question that it answers. */
  readonly question: string
  /** What the administrator does. */
  readonly todo: string
  /** The hook's answer; undefined: it delivers as always. */
  readonly script: Script | undefined
  /** Whether a phone can get a code in this step. */
  readonly hasCode: boolean
  /** Whether all later events in the System Log are read, not only those of the code. */
  readonly isFollowed?: true
}

/** An answer without a message: a code that arrives anyway is from Okta's own provider. */
type Script = { readonly answer: HookAnswer; readonly afterMs: number }

/** Later than Okta waits for an answer (three seconds, including its token request). */
export const LATE_MS = 4_500

/** By this, the answers of the observation are recognised in the System Log. */
export const OBSERVED = 'OBSERVED'

const SIGN_IN = 'Sign in as the test user, and choose a code by text message.'
const debugContext = { code: OBSERVED, meaning: 'Answered by npm run observe: nothing was sent.' }

export const steps: readonly Step[] = [
  {
    name: 'text',
    question: 'What does Okta send for a text message, and is SUCCESSFUL the end of it?',
    todo: SIGN_IN,
    script: undefined,
    hasCode: true,
  },
  {
    name: 'call',
    question: 'What does Okta send for a voice call, and how does it spell the channel?',
    todo: 'Sign in as the test user, and choose a code by voice call.',
    script: undefined,
    hasCode: true,
  },
  {
    name: 'reset',
    question: 'What does Okta send for a password reset or an unlock?',
    todo: 'On the sign-in page choose "Forgot password?" (or "Unlock account?") for the test user, and a code by text message.',
    script: undefined,
    hasCode: true,
  },
  {
    name: 'pending',
    question: 'What does Okta do on PENDING?',
    todo: SIGN_IN,
    script: scripted(
      answerOutcome(unsent('CARRIER_UNKNOWN'), { overLimit: 'error', blocked: 'error', unknown: 'pending' }),
    ),
    hasCode: true,
  },
  {
    name: 'failed',
    question: 'What does Okta do on FAILED?',
    todo: SIGN_IN,
    script: scripted(
      answerOutcome(unsent('CARRIER_UNKNOWN'), { overLimit: 'error', blocked: 'error', unknown: 'failed' }),
    ),
    hasCode: true,
  },
  {
    name: 'error',
    question: 'What does Okta do on an error object?',
    todo: SIGN_IN,
    script: scripted(answerError('RECIPIENT_BLOCKED')),
    hasCode: true,
  },
  {
    name: 'late',
    question: 'What does Okta do when no answer comes in time, and does it call again?',
    todo: SIGN_IN,
    script: scripted(
      answerOutcome(unsent('CARRIER_UNKNOWN'), { overLimit: 'error', blocked: 'error', unknown: 'failed' }),
      LATE_MS,
    ),
    hasCode: true,
  },
  {
    name: 'recovery',
    question: 'Which events follow when a recovery is answered by text?',
    todo: 'On the sign-in page choose "Forgot password?" (or "Unlock account?") for the test user, and a code by text message. Enter the code, and continue until the recovery is done.',
    script: undefined,
    hasCode: true,
    isFollowed: true,
  },
  {
    name: 'enrolment',
    question: 'Which events follow when a number is enrolled in the place of another?',
    todo: 'As the test user open the settings (Security Methods), remove the phone, set it up again by text message, and enter the code.',
    script: undefined,
    hasCode: true,
    isFollowed: true,
  },
  {
    name: 'preview',
    question: 'What does the Preview of the console send?',
    todo: 'In the admin console open Workflow > Inline Hooks, this hook, its tab Preview; generate the request and send it.',
    script: undefined,
    hasCode: false,
  },
]

function unsent(code: 'CARRIER_UNKNOWN') {
  return { kind: 'unknown', code, detail: debugContext.meaning, deliveryId: 'observed' } as const
}

function scripted({ httpStatus, body }: HookAnswer, afterMs = 0): Script {
  return { answer: { httpStatus, body: { ...body, debugContext } }, afterMs }
}
