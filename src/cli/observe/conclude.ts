import type { LogEvent } from '../../okta/observe/log-in-words.ts'
import type { Said } from '../../okta/observe/observation.ts'

/** What one step showed. */
export type Evidence = {
  /** What the hook said to each call of the step, in their order; undefined: no answer yet. */
  readonly said: readonly (Said | undefined)[]
  /** How many of the calls had the `eventId` of an earlier one. */
  readonly repeated: number
  /** Whether the answer came too late on purpose. */
  readonly isLate: boolean
  /** How many codes arrived; undefined where nobody knows. */
  readonly codes: number | undefined
  /** Undefined where the System Log could not be read. */
  readonly log: readonly LogEvent[] | undefined
}

/** The answer to the question of a step, in a sentence or two. */
export function conclude(evidence: Evidence): string {
  const { said, codes } = evidence
  if (said.length === 0) {
    const besides = codes === undefined || codes === 0 ? '' : ` ${arrived(codes)} all the same.`
    return `Not settled: Okta did not call the hook.${besides}`
  }
  return [callsIn(evidence), codesIn(evidence), logIn(evidence)].filter(Boolean).join(' ')
}

function callsIn({ said, repeated, isLate }: Evidence): string {
  const words = [...new Set(said.map(one => one ?? 'nothing yet'))].join(' and ')
  const answer = isLate ? `The hook said ${words} after Okta's three seconds` : `The hook said ${words}`
  const times = said.length === 1 ? 'once' : said.length === 2 ? 'twice' : `${said.length} times`
  const same =
    said.length === 1
      ? ''
      : repeated === 0
        ? ', each time with a new eventId'
        : `, ${repeated} of them repeated an eventId`
  return `${answer}; Okta called it ${times}${same}.`
}

function codesIn({ codes, said }: Evidence): string {
  if (codes === undefined) return ''
  // A call that was answered SUCCESSFUL has sent one code itself.
  const ours = said.filter(one => one === 'SUCCESSFUL').length
  const more = codes - ours
  if (more > 0)
    return `${arrived(codes)}, ${ours === 0 ? 'none' : ours} by the hook: Okta sent by its own provider.`
  if (ours === 0) return 'No code arrived: Okta sent none.'
  return more === 0
    ? `${arrived(codes)}, by the hook: Okta sent none.`
    : `${arrived(codes)} of ${ours} that the hook sent.`
}

function logIn({ log, codes, said }: Evidence): string {
  if (log === undefined) return 'The System Log could not be read.'
  const flags = log.flatMap(({ failOvers }) => failOvers)
  if (flags.length === 0) {
    return log.length === 0
      ? 'The System Log has no event about it.'
      : 'The System Log has events about it, and none says whether Okta took over.'
  }
  const isTrue = flags.some(flag => flag.isTrue)
  const sentence = isTrue
    ? 'The System Log says that Okta took over (fail-over true).'
    : 'The System Log says that Okta did not take over (fail-over false).'
  const ours = said.filter(one => one === 'SUCCESSFUL').length
  const agrees = codes === undefined || isTrue === codes > ours
  return agrees ? sentence : `${sentence} That does not fit the codes that arrived.`
}

function arrived(codes: number): string {
  return codes === 0 ? 'No code arrived' : codes === 1 ? 'One code arrived' : `${codes} codes arrived`
}
