import type { AnswerKind } from './observation.ts'
import type { LogEvent } from './redact-log.ts'

/** What one step showed. */
export type Evidence = {
  /** The hook's answer to each call of the step, in order; undefined: no answer yet. */
  readonly answers: readonly (AnswerKind | undefined)[]
  /** How many of the calls had the `eventId` of an earlier one. */
  readonly repeated: number
  /** Whether the answer came too late on purpose. */
  readonly isLate: boolean
  /** Whether the step shows who sends a code; a preview does not. */
  readonly hasCode: boolean
  /** How many codes arrived; undefined if unknown. */
  readonly codes: number | undefined
  /** Undefined if the System Log could not be read. */
  readonly log: readonly LogEvent[] | undefined
}

/** The answer to the question of a step: what Okta did, and the evidence. */
export function conclude(evidence: Evidence): string {
  const grounds = [callsIn(evidence), codesIn(evidence), logIn(evidence)].filter(text => text !== '')
  return `${verdict(evidence)} (${grounds.join('; ')}).`
}

/** There are two sources of evidence, the phone and the System Log; either may be missing. */
function verdict(evidence: Evidence): string {
  const { answers, codes, hasCode } = evidence
  if (answers.length === 0) return 'Not settled: Okta did not call the hook'
  if (!hasCode) return 'Okta called the hook: its request is in the table below'
  const sent = sentByHook(evidence)
  const byPhone = codes === undefined ? undefined : codes > sent
  const byLog = tookOver(evidence)
  if (byPhone !== undefined && byLog !== undefined && byPhone !== byLog)
    return 'Not settled: the phone and the System Log say different things'
  const isOktas = byPhone ?? byLog
  if (isOktas === undefined) return 'Not settled: nothing says whether Okta sent a code itself'
  if (isOktas) return 'Okta sent a code with its own provider'
  return sent > 0
    ? 'Okta relied on the hook, and sent no code itself'
    : 'Neither Okta nor the hook sent a code'
}

function callsIn({ answers, repeated, isLate }: Evidence): string {
  if (answers.length === 0) return 'no call'
  const times = answers.length === 1 ? 'one call' : `${answers.length} calls`
  const same =
    answers.length === 1
      ? ''
      : repeated === 0
        ? ', each with an eventId of its own'
        : `, ${repeated} with an eventId of before`
  const words = [...new Set(answers.map(one => one ?? 'nothing yet'))].join(' and ')
  return `${times}${same}; the hook answered ${words}${isLate ? " after Okta's three seconds" : ''}`
}

function codesIn(evidence: Evidence): string {
  const { codes } = evidence
  if (codes === undefined) return ''
  return `codes arrived: ${codes}, sent by the hook: ${sentByHook(evidence)}`
}

function logIn(evidence: Evidence): string {
  if (evidence.log === undefined) return 'the System Log could not be read'
  if (evidence.log.length === 0) return 'the System Log has no event of it'
  const isTrue = tookOver(evidence)
  return isTrue === undefined
    ? 'the System Log says nothing of a fail-over'
    : `System Log: fail-over ${isTrue ? 'true' : 'false'}`
}

/** A call that was answered SUCCESSFUL has sent one code itself. */
function sentByHook({ answers }: Evidence): number {
  return answers.filter(one => one === 'SUCCESSFUL').length
}

function tookOver({ log = [] }: Evidence): boolean | undefined {
  const flags = log.flatMap(({ failOvers }) => failOvers)
  return flags.length === 0 ? undefined : flags.some(({ isTrue }) => isTrue)
}
