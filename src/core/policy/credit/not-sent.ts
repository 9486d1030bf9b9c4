import { DAY_MS, HALF_HOUR_MS, withoutCode } from './counts.ts'
import { bookAll } from './groups.ts'
import { newGroup, type PhoneRecord, type Records } from './records.ts'
import { isHouse } from './spending.ts'
import type { SentCode } from './verdict.ts'

/**
 * After a code that was decided to be sent provably was not, because a limit or the carrier refused it: it spends no credit
 * and is no silence. The probe of a held group is over nevertheless, and an answer that was taken back stays back.
 */
export function afterNotSent(code: SentCode, records: Records): Records {
  const { id, at, network } = code
  const { phone, country, org } = records
  const wasCounted = phone.countedAt === at
  const paying = wasCounted ? phone.countedIn : []
  const today = Math.floor(at / DAY_MS)
  return {
    ...records,
    phone: phoneWithout(phone, code),
    country: {
      ...country,
      votes: country.votes.filter(vote => vote.id !== id),
      ...(wasCounted &&
        !isHouse(records.groups, network) && {
          newNumbers: { ...country.newNumbers, [today]: Math.max(0, (country.newNumbers[today] ?? 0) - 1) },
        }),
    },
    org: {
      ...org,
      votes: org.votes.filter(vote => vote.id !== id),
      ...(paying.length > 0 && {
        enrolments: withoutCode(org.enrolments, at, DAY_MS),
        ...(phone.wasProbe && { probes: withoutCode(org.probes, at, DAY_MS) }),
      }),
    },
    groups: bookAll(records.groups, paying, (group = newGroup) => ({
      ...group,
      days: withoutCode(group.days, at, DAY_MS),
      halfHours: withoutCode(group.halfHours, at, HALF_HOUR_MS),
    })),
  }
}

/** The record of a phone without a code that is booked in it. */
export function phoneWithout(
  phone: PhoneRecord,
  { at, network, purse: name }: Pick<SentCode, 'at' | 'network' | 'purse'>,
): PhoneRecord {
  const wasCounted = phone.countedAt === at
  const wasKnown = name === 'sign-in' || name === 'recovery'
  const purse = name === undefined ? undefined : phone.purses[name]
  const { [network ?? '']: vainAt, ...vainFrom } = phone.vainFrom
  const { countedAt, votedAt, ...rest } = phone
  const [codes, answers] = phone.record
  return {
    ...rest,
    ...(wasCounted ? { countedIn: [], wasProbe: false } : countedAt !== undefined && { countedAt }),
    ...(votedAt !== undefined && votedAt !== at && { votedAt }),
    unanswered: Math.max(0, phone.unanswered - 1),
    unansweredKnown: Math.max(0, phone.unansweredKnown - (wasKnown ? 1 : 0)),
    knownAt: phone.knownAt.filter(time => time !== at),
    vainFrom: vainAt === at ? vainFrom : phone.vainFrom,
    record: wasKnown ? [Math.max(answers, codes - 1), answers] : phone.record,
    ...(name !== undefined &&
      purse !== undefined && {
        purses: {
          ...phone.purses,
          [name]: {
            ...purse,
            inARow: Math.max(0, purse.inARow - 1),
            days: withoutCode(purse.days, at, DAY_MS),
          },
        },
      }),
  }
}
