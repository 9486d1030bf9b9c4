import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readEventLog } from './event-log.ts'

const UNTIL = Date.parse('2026-03-02T00:00:00Z')
const DAY_MS = 86_400_000
const QUERY = {
  eventHookId: 'who1',
  eventTypes: ['user.authentication.auth_via_mfa', 'user.mfa.factor.activate'],
  since: UNTIL - DAY_MS,
  until: UNTIL,
}

/** A System Log with these times of sign-ins by text, and these failures; it answers a page at a time. */
function logWith(signIns: readonly number[], failures: readonly unknown[] = []) {
  const asked: URLSearchParams[] = []
  return {
    asked,
    get: async (path: string) => {
      const query = new URL(path, 'https://example.okta.com').searchParams
      asked.push(query)
      if (query.get('filter')?.includes('event_hook.delivery')) return failures
      const [since, until] = [Date.parse(query.get('since') ?? ''), Date.parse(query.get('until') ?? '')]
      return signIns
        .filter(at => at >= since && at < until)
        .toSorted((one, other) => other - one)
        .slice(0, Number(query.get('limit')))
        .map(signIn)
    },
  }
}

function signIn(at: number) {
  return {
    eventType: 'user.authentication.auth_via_mfa',
    published: new Date(at).toISOString(),
    actor: { id: '00u1', type: 'User', alternateId: 'ana@example.com' },
    outcome: { result: 'SUCCESS' },
    debugContext: { debugData: { factor: 'SMS_FACTOR' } },
  }
}

describe('the log of an event hook', () => {
  test('has the entered codes, newest first, the failures with their reasons, and the events of a day', async () => {
    const failure = { published: '2026-03-01T10:00:00.000Z', outcome: { result: 'FAILURE', reason: '401' } }
    const log = logWith([UNTIL - 5_000, UNTIL - 1_000], [failure, { ...failure, outcome: null }, 'no event'])
    assert.deepEqual(await readEventLog(log, QUERY), {
      answers: [UNTIL - 1_000, UNTIL - 5_000],
      failures: [
        { at: Date.parse(failure.published), reason: '401' },
        { at: Date.parse(failure.published), reason: undefined },
      ],
      eventsPerDay: 2,
    })
    assert.match(
      log.asked[0]?.get('filter') ?? '',
      /^eventType eq "event_hook\.delivery" and target\.id eq "who1"$/,
    )
    assert.equal(log.asked.length, 2)
  })

  test('of a busy org is estimated from the newest events of eight spans, with a bounded number of requests', async () => {
    // 4 a second in the three busiest hours, one each 10 seconds otherwise: 43,200 and 7,560.
    const signIns: number[] = []
    for (let at = UNTIL - DAY_MS; at < UNTIL - DAY_MS / 8; at += 10_000) signIns.push(at)
    for (let at = UNTIL - DAY_MS / 8; at < UNTIL; at += 250) signIns.push(at)
    const log = logWith(signIns)
    const { eventsPerDay, answers } = await readEventLog(log, QUERY)
    assert.ok(Math.abs(eventsPerDay - signIns.length) < signIns.length / 100, `${eventsPerDay}`)
    assert.deepEqual([log.asked.length, answers.length], [10, 1_000])
  })

  test('that is no list is an error', async () => {
    await assert.rejects(readEventLog({ get: async () => ({}) }, QUERY), /not a list of events/)
  })
})
