import { explainOktaError } from '../../src/cli/okta/okta-error.ts'
import { untilAborted } from '../../src/core/deliver/deadline.ts'
import { messageOf } from '../../src/core/values/printable.ts'
import type { OktaApi } from '../../src/okta/setup/okta-api.ts'
import { present } from '../../src/okta/setup/read-org.ts'
import type { ObserveContext, ObservedServer } from './access.ts'
import { conclude } from './conclude.ts'
import type { Observation, RecordedCall } from './observation.ts'
import { type LogEvent, readLog } from './redact-log.ts'
import type { StepSeen } from './report.ts'
import { LATE_MS, type Step } from './steps.ts'

export type Walk = {
  readonly context: ObserveContext
  readonly api: OktaApi
  readonly server: ObservedServer
  readonly observation: Observation
  /** Called after each step, so that its results are kept if the run is ended early. */
  readonly add: (seen: StepSeen) => void
}

/** Goes through the steps: what to do, what arrived, what Okta's log says. False if the run was ended early. */
export async function walk(on: Walk, steps: readonly Step[]): Promise<boolean> {
  const { context, server, observation } = on
  context.print(INTRODUCTION)
  if ((await server.ask('Press Enter to begin: ')) === undefined) return false
  for (const [index, step] of steps.entries()) {
    context.print(`\n${index + 1} of ${steps.length}, ${step.name}: ${step.question}\n${instruct(step)}`)
    const since = context.now()
    observation.begin(step)
    const answer = await server.ask('Press Enter when it is done, or s to skip the step: ')
    if (answer?.trim().toLowerCase() === 's') continue
    const codes = answer === undefined || !step.hasCode ? undefined : await askCodes(on)
    const seen = await look(on, step, since, codes)
    observation.begin(undefined)
    if (server.brokenOff.aborted && seen.answers.length === 0) return false
    on.add(seen)
    context.print(`→ ${conclude(seen)}`)
    if (step.script === undefined && step.hasCode && seen.answers.some(one => one !== 'SUCCESSFUL'))
      context.print('The hook did not send the code. Why: npx hookline deliveries.')
    if (server.brokenOff.aborted) return false
  }
  observation.begin(undefined)
  return true
}

async function look(on: Walk, step: Step, since: number, codes: number | undefined): Promise<StepSeen> {
  const { context, observation } = on
  const all = observation.calls()
  const calls = all.filter(call => call.step === step.name)
  const refusals = [...new Set(observation.refusals())]
  if (calls.length === 0 && refusals.length > 0) {
    context.print(`A call was refused: ${refusals.join(', ')}. docs/errors.md says what to do.`)
  }
  const log = await followLog(on, step, since, calls, all)
  return {
    step,
    answers: calls.map(({ answerKind }) => answerKind),
    repeated: calls.filter(({ isRepeated }) => isRepeated).length,
    isLate: step.script !== undefined && step.script.afterMs >= LATE_MS,
    hasCode: step.hasCode,
    codes,
    log,
  }
}

/** Reads the System Log for up to a minute, until it has the events of the step. Undefined if it cannot be read. */
async function followLog(
  { context, api, server }: Walk,
  step: Step,
  since: number,
  calls: readonly RecordedCall[],
  all: readonly RecordedCall[],
): Promise<readonly LogEvent[] | undefined> {
  const idsOf = (some: readonly RecordedCall[]) => present(some.map(({ requestId }) => requestId))
  const isFollowed = step.isFollowed === true
  const order = { since: since - CLOCKS_MS, requestIds: idsOf(calls), others: idsOf(all), isFollowed }
  let log: readonly LogEvent[] | undefined
  for (let turn = 0; turn < READS_MAX; turn += 1) {
    if (turn === 1) context.print("… waiting up to a minute for Okta's System Log")
    try {
      if (turn > 0) await untilAborted(context.pause(READ_AGAIN_MS), server.brokenOff)
      log = await readLog(api, { ...order, until: context.now() })
    } catch (error) {
      if (server.brokenOff.aborted) return log
      const explained = explainOktaError(error, api.orgUrl)
      context.print(`The System Log could not be read: ${messageOf(explained)}`)
      return log
    }
    if (calls.length === 0 || hasAll(log, step)) return log
  }
  return log
}

function hasAll(log: readonly LogEvent[], { hasCode, isFollowed }: Step): boolean {
  const ours = log.filter(({ isOfCall }) => isOfCall)
  // Later events have other types. Until one is logged, wait.
  if (isFollowed && !log.some(({ type }) => type.startsWith('user.'))) return false
  return ours.some(({ type, failOvers }) =>
    hasCode ? failOvers.length > 0 : type.startsWith('inline_hook.'),
  )
}

async function askCodes({ context, server }: Walk): Promise<number | undefined> {
  for (let turn = 0; turn < ASKED_MAX; turn += 1) {
    const answer = await server.ask('How many codes arrived? 0, 1, 2, or s if you cannot tell: ')
    const text = answer?.trim().toLowerCase()
    if (text === undefined || text === 's') return undefined
    if (/^[0-9]$/.test(text)) return Number(text)
    context.print('Enter a number of one digit, or s.')
  }
  return undefined
}

function instruct({ todo, script, hasCode }: Step): string {
  if (!hasCode) return todo
  if (script === undefined) return `${todo} The hook sends the code, as always.`
  const when = script.afterMs > 0 ? ` and answers only after ${script.afterMs / 1_000} s` : ''
  return `${todo} The hook sends nothing${when}. Wait a minute: a code that arrives was sent by Okta itself.`
}

const INTRODUCTION = `
You need a test user with a phone, in an org where no one else signs in by phone now. In 4 of the 10 steps, the hook
sends no codes to any user. Okta sends a user one code every 30 seconds and five in five minutes, so take your time.
Only the form of what Okta sends is kept. Ctrl-C ends the run at any time and writes the report so far.
`
const READS_MAX = 13
const READ_AGAIN_MS = 5_000
/** Okta's clock may be a little behind ours. A larger margin would include the previous step. */
const CLOCKS_MS = 10_000
const ASKED_MAX = 3
