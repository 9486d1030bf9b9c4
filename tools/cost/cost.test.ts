import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { costPage, costTables, crossing } from './cost.ts'
import { canaryCost, guidanceCost, hooklineCost, total, unauthenticatedDay } from './month.ts'
import prices from './prices.json' with { type: 'json' }
import { assumedUsage, everythingOn, goals, minimal, statedGuidance, volumes } from './usage.ts'

const page = readFileSync(new URL('../../docs/cost.md', import.meta.url), 'utf8')
const tables = costTables(prices, assumedUsage)
const cost = (profile: typeof minimal, messages: number) =>
  hooklineCost(prices, assumedUsage, profile, messages)

describe('docs/cost.md', () => {
  it('holds exactly what the code computes', () =>
    assert.equal(page, costPage(page, tables), 'Run: node tools/cost/cost.ts --write'))

  it('is rewritten if a table is out of date', () => {
    const old = page.replace(/\$31\.46/g, '$1.00')
    assert.notEqual(old, page)
    assert.equal(costPage(old, tables), page)
  })

  it('must have a place for each table', () =>
    assert.throws(() => costPage('# What it costs', tables), /docs\/cost\.md has no "<!-- cost: totals -->"/))

  it('states for each goal whether it is met, or by how much it is missed', () => {
    for (const { profile, atMost } of goals) {
      const over = total(cost(profile, 1_000)) - atMost
      const row = page
        .split('\n')
        .find(line => line.startsWith(`| ${profile.name} | at most $${atMost}.00 |`))
      assert.match(row ?? '', over > 0 ? new RegExp(`missed by \\$${over.toFixed(2)}`) : /kept/)
    }
  })
})

describe('the goals at 1,000 messages', () => {
  it('are met with everything on, after the CloudWatch allowance', () => {
    const lines = cost(everythingOn, 1_000)
    assert.ok(total(lines) - total(lines, 'free') <= 13)
  })

  // docs/cost.md states the missed goal. This test fails if the cost grows.
  it('are missed by less than $3.60 with everything on, at list prices', () => {
    const over = total(cost(everythingOn, 1_000)) - 13
    assert.ok(over > 0 && over < 3.6, `over by ${over}`)
  })

  it('are missed by less than $0.60 with everything on except the dashboard, at list prices', () => {
    const over = total(cost({ ...everythingOn, dashboards: 0 }, 1_000)) - 13
    assert.ok(over > 0 && over < 0.6, `over by ${over}`)
  })

  it('are met with everything on except the dashboard, and with the essential alarms, at list prices', () => {
    const profile = { ...everythingOn, dashboards: 0, alarmMetrics: minimal.alarmMetrics }
    assert.ok(total(cost(profile, 1_000)) <= 13)
  })

  it('are met by the minimal profile, at list prices', () => assert.ok(total(cost(minimal, 1_000)) <= 2))
})

describe('the guidance', () => {
  it('is within 2% of its stated cost, and exact to the cent at 1,000 messages', () => {
    for (const [at, messages] of volumes.entries()) {
      const stated = statedGuidance[at] ?? Number.NaN
      const counted = total(guidanceCost(prices, assumedUsage, messages))
      assert.ok(Math.abs(counted / stated - 1) < 0.02, `${messages}: ${counted}`)
    }
    assert.equal(total(guidanceCost(prices, assumedUsage, 1_000)).toFixed(2), '31.46')
  })

  it('costs nearly twice as much as everything on at 1,000 messages, and less at volume', () => {
    const ratio = (messages: number) =>
      total(guidanceCost(prices, assumedUsage, messages)) / total(cost(everythingOn, messages))
    assert.ok(ratio(1_000) > 1.8)
    assert.ok(ratio(crossing(prices, assumedUsage) - 100_000) >= 1)
    assert.ok(ratio(crossing(prices, assumedUsage)) < 1)
  })
})

describe('a month', () => {
  it('counts custom metrics by the hours in which they are written', () => {
    const metrics = (messages: number) =>
      cost(minimal, messages).find(({ what }) => what === 'Custom metrics')?.dollars ?? Number.NaN
    assert.equal(metrics(0), 0)
    assert.ok(metrics(1) > 0.3 / 730 && metrics(1) < 2 * (0.3 / 730))
    assert.equal(metrics(1e9).toFixed(4), (10 * 0.3).toFixed(4))
  })

  it('uses the allowance only up to its limit', () => {
    const line = cost({ ...minimal, alarmMetrics: 20 }, 1_000).find(({ what }) => what === 'Alarms')
    assert.deepEqual([line?.dollars, line?.free], [2, 1])
  })

  it('without messages has only fixed costs', () =>
    assert.equal(total(cost(everythingOn, 0)).toFixed(2), (10 + 1 + 0.4 + 3 + 1.7 + 0.11).toFixed(2)))

  it('has only finite numbers, and no negative line', () => {
    for (const messages of [0, ...volumes]) {
      const months = [cost(everythingOn, messages), cost(minimal, messages)]
      for (const { dollars, free } of [...months.flat(), ...guidanceCost(prices, assumedUsage, messages)])
        assert.ok(Number.isFinite(dollars) && dollars >= 0 && free >= 0 && free <= dollars)
    }
  })
})

describe('a month of canaries', () => {
  it('is mostly its texts, and less than a dollar without them', () => {
    const lines = canaryCost(prices, assumedUsage)
    const texts = lines.find(({ what }) => what === 'Texts')?.dollars ?? Number.NaN
    assert.equal(texts.toFixed(2), (730 * 0.0088).toFixed(2))
    assert.ok(total(lines) - texts < 1)
  })
})

describe('what unauthenticated callers can cost in a day', () => {
  it('is the firewall alone for junk, and bounded by the rate behind it', () => {
    const at = (perSecond: number) =>
      unauthenticatedDay(prices, assumedUsage, perSecond).map(({ dollars }) => dollars)
    const [junk = 0, forged = 0] = at(1_000)
    assert.equal(junk.toFixed(2), ((86.4 * prices.prices.wafRequests.dollars) as number).toFixed(2))
    assert.ok(forged > junk)
    const beyond = (one: number, other: number) => (at(other)[1] ?? 0) - (at(one)[1] ?? 0)
    assert.ok(beyond(100, 200) < beyond(0, 100), 'what is refused costs less than what comes through')
  })
})

describe('the price list', () => {
  it('states for each price its use, its source and its certainty', () => {
    for (const [name, { what, unit, page, dollars, confirmed }] of Object.entries(prices.prices)) {
      assert.ok(dollars > 0 && what !== '' && unit !== '', name)
      assert.match(page, /^https:\/\/(?:docs\.)?aws\.amazon\.com\//, name)
      assert.ok(Object.hasOwn(prices.confirmed, confirmed), name)
    }
  })
})
