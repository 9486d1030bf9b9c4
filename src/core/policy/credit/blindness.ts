import type { CountryRecord, OrgRecord, Vote } from './records.ts'

/**
 * Whether answers reach us. Codes to phones that usually answer are the control group: if they are not answered either,
 * the events are late or a carrier is down, and silence proves nothing.
 */
export function isBlind(org: OrgRecord, country: CountryRecord, now: number): boolean {
  if (org.answerHeardAt === undefined) return true
  return (
    areEventsLate(org, now) ||
    areEventsSilent(org, org.answerHeardAt, now) ||
    isSick(org.votes, now, { least: 8, perCountry: 5 }) ||
    // Texts that arrived and were not answered are no trouble of a carrier.
    (isSick(country.votes, now, { least: 5 }) && !areDelivered(country.votes, now))
  )
}

function areEventsLate({ delays }: OrgRecord, now: number): boolean {
  const last = delays.at(-1)
  if (last === undefined || delays.length < 3 || last.at <= now - HOUR_MS) return false
  const sorted = delays.map(({ delayMs }) => delayMs).sort((one, other) => one - other)
  return (sorted[Math.floor(sorted.length / 2)] ?? 0) > LATE_MS
}

/** Four phones that usually answer got codes since the last event, and none answered. */
function areEventsSilent({ votes }: OrgRecord, heardAt: number, now: number): boolean {
  return (
    votes.filter(({ at, isAnswered }) => at > heardAt && at <= now - SETTLED_MS && !isAnswered).length >= 4
  )
}

function isSick(
  votes: readonly Vote[],
  now: number,
  { least, perCountry }: { readonly least: number; readonly perCountry?: number },
): boolean {
  const counted = latest(votes, now, perCountry)
  return (
    counted.length >= least && counted.filter(({ isAnswered }) => isAnswered).length < 0.5 * counted.length
  )
}

function areDelivered(votes: readonly Vote[], now: number): boolean {
  const counted = latest(votes, now)
  return counted.filter(({ isDelivered }) => isDelivered).length >= 0.5 * counted.length
}

/** The votes of the last half-hour, at least twelve of the last six hours, and no country with more than its share. */
function latest(votes: readonly Vote[], now: number, perCountry = Number.POSITIVE_INFINITY): readonly Vote[] {
  const counted: Vote[] = []
  const ofCountry = new Map<string, number>()
  for (const vote of votes.toReversed()) {
    if (vote.at < now - OLDEST_MS || (counted.length >= 12 && vote.at < now - HALF_HOUR_MS)) break
    const count = ofCountry.get(vote.country) ?? 0
    if (vote.at > now - SETTLED_MS || count >= perCountry) continue
    ofCountry.set(vote.country, count + 1)
    counted.push(vote)
  }
  return counted
}

/**
 * One vote more. At most 36 are kept, and one in 50 seconds, so that they always cover the last half-hour: each change writes
 * them all.
 */
export function addVote(votes: readonly Vote[], vote: Vote): readonly Vote[] {
  const last = votes.at(-1)
  if (last !== undefined && vote.at < last.at + BETWEEN_VOTES_MS) return votes
  return [...votes.slice(-VOTES_MAX + 1).filter(({ at }) => at >= vote.at - OLDEST_MS), vote]
}

export function markVotes(
  votes: readonly Vote[],
  id: string,
  mark: Partial<Pick<Vote, 'isAnswered' | 'isDelivered'>>,
): readonly Vote[] {
  return votes.some(vote => vote.id === id)
    ? votes.map(vote => (vote.id === id ? { ...vote, ...mark } : vote))
    : votes
}

const HALF_HOUR_MS = 1_800_000
const HOUR_MS = 3_600_000
const OLDEST_MS = 6 * HOUR_MS
const SETTLED_MS = 180_000
const LATE_MS = 600_000
const VOTES_MAX = 36
const BETWEEN_VOTES_MS = HALF_HOUR_MS / VOTES_MAX
