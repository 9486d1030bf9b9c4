import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY_MS, thirtyDays } from '../../../test/contracts/stores.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import type { PageQuery } from '../../core/records/delivery-store.ts'
import { openDatabase } from './database.ts'
import { pageOperations } from './page-operations.ts'

const NOW = 40 * DAY_MS

/** How SQLite reads for a query: the details of each statement's plan. */
function plansOf(query: Omit<PageQuery, 'limit'>): readonly string[] {
  using folder = temporaryFolder()
  const database = openDatabase(folder.path)
  try {
    const plans: string[] = []
    const prepare = (sql: string) => {
      const statement = database.prepare(sql)
      const plan = (values: Parameters<typeof statement.all>[0]): never[] => {
        const rows = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(values) as { detail: string }[]
        plans.push(...rows.map(({ detail }) => detail))
        return []
      }
      return { all: plan, iterate: plan }
    }
    const spied = { prepare } as unknown as typeof database
    pageOperations(spied, thirtyDays).pageDeliveries({ limit: 50, ...query }, NOW)
    return plans
  } finally {
    database.close()
  }
}

describe('a page of deliveries in SQLite', () => {
  const byTime =
    /^SEARCH deliveries USING (COVERING )?INDEX deliveries_by_time \(opened_at>\? AND opened_at<\?\)$/
  const queries: readonly (readonly [string, Omit<PageQuery, 'limit'>, RegExp])[] = [
    ['everybody', {}, byTime],
    ['a day', { period: { from: NOW - DAY_MS, to: NOW } }, byTime],
    ['the next page', { before: `${NOW - 5}-17` }, byTime],
    ['a filter', { filter: { reason: 'LIMIT_USER', country: 'FR', identity: 'A', language: 'es' } }, byTime],
    ['a filter of a day', { filter: { answered: false }, period: { from: NOW - DAY_MS, to: NOW } }, byTime],
    [
      'a number',
      { whose: { kind: 'number', digests: ['x'] } },
      /^SEARCH .* INDEX deliveries_by_number \(number_digest=\? AND opened_at>\? AND opened_at<\?\)$/,
    ],
  ]
  for (const [what, query, expected] of queries)
    it(`is read in the order of an index, without a sort, for ${what}`, () => {
      const plans = plansOf(query)
      assert.ok(plans.length > 0)
      for (const plan of plans) assert.match(plan, expected)
    })

  const searches: readonly (readonly [string, Omit<PageQuery, 'limit'>, RegExp])[] = [
    ['a user ID', { whose: { kind: 'user', digests: ['x'] } }, /INDEX deliveries_by_user/],
    ['a login', { whose: { kind: 'user', digests: ['x'] } }, /INDEX deliveries_by_login/],
    ['an event', { whose: { kind: 'event', eventId: 'x' } }, /INDEX deliveries_by_event/],
    ['a request', { filter: { oktaRequestId: 'x' } }, /INDEX deliveries_by_request/],
  ]
  for (const [what, query, expected] of searches)
    it(`is found by an index for ${what}, and other rows are not looked at`, () => {
      const plans = plansOf(query)
      assert.ok(plans.some(plan => expected.test(plan)))
      for (const plan of plans) assert.doesNotMatch(plan, /SCAN deliveries|deliveries_by_time/)
    })
})
