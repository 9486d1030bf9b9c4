import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { createMetrics } from '../../src/adapters/prometheus/metrics.ts'
import { createWorkerMetrics } from '../../src/adapters/prometheus/worker-metrics.ts'

type Rule = {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string; readonly remedy: string }
}

/** Of PromQL, what these rules use: https://prometheus.io/docs/prometheus/latest/querying/functions/ */
const PROMQL = ['absent', 'and', 'by', 'histogram_quantile', 'increase', 'rate', 'sum']

describe('docs/alerts.yaml', () => {
  const text = readFileSync(new URL('../../docs/alerts.yaml', import.meta.url), 'utf8')
  const { groups } = parse(text) as { readonly groups: readonly { readonly rules: readonly Rule[] }[] }
  const rules = groups.flatMap(group => group.rules)

  it('says what each alert means and what to do', () => {
    assert.ok(rules.length > 5)
    assert.deepEqual(new Set(rules.map(({ alert }) => alert)).size, rules.length)
    for (const rule of rules) {
      const { alert, annotations } = rule
      assert.ok(annotations.summary.length > 20 && annotations.remedy.length > 20, alert)
      assert.deepEqual(
        Object.keys(rule).filter(key => !['alert', 'expr', 'for', 'labels', 'annotations'].includes(key)),
        [],
        alert,
      )
      assert.match(rule.for ?? '1m', /^\d+[smh]$/)
      assert.ok(['page', 'ticket'].includes(rule.labels.severity), alert)
    }
  })

  it('is written in PromQL: known functions, and brackets that are closed', () => {
    for (const { alert, expr } of rules) {
      const bare = expr
        .replace(/"[^"]*"/g, '')
        .replace(/\{[^}]*\}/g, '')
        .replace(/\[\d+[smh]\]/g, '')
      const names = bare.match(/[a-z_]\w*/gi) ?? []
      const unknown = names.filter(
        name => !name.startsWith('hookline_') && name !== 'le' && !PROMQL.includes(name),
      )
      assert.deepEqual(unknown, [], alert)
      let open = 0
      for (const character of bare) {
        if (character === '(') open += 1
        if (character === ')') open -= 1
        assert.ok(open >= 0, alert)
      }
      assert.equal(open, 0, alert)
      assert.ok(!/[[\]{}"]/.test(bare), `${alert}: ${bare}`)
      for (const [call] of expr.matchAll(/(?:rate|increase)\([^)]*\)/g))
        assert.match(call, /\[\d+m\]\)$/, alert)
    }
  })

  const serverOfOne = async (): Promise<string> => {
    const metrics = createMetrics()
    metrics.record({ step: 'hook-response', outcome: 'accepted', durationMs: 1 })
    return (await metrics.page()).text
  }
  const serverWithWorkers = async (): Promise<string> => {
    const [worker, primary] = [createMetrics(), createMetrics()]
    worker.record({ step: 'hook-response', outcome: 'accepted', durationMs: 1 })
    const metrics = createWorkerMetrics()
    metrics.setLast(1, await worker.values())
    return (await metrics.page(await primary.values())).text
  }
  for (const [server, pageOf] of Object.entries({ serverOfOne, serverWithWorkers })) {
    it(`watches only series that exist from the start, so that the first event is an increase: ${server}`, async () => {
      const page = await pageOf()
      for (const { alert, expr } of rules) {
        const watched = [...expr.matchAll(/(hookline_\w+)(?:\{([^}]*)\})?/g)]
        assert.ok(watched.length > 0, alert)
        for (const [, name = '', labels = ''] of watched) {
          const wanted = [...labels.matchAll(/(\w+)(=~?)"([^"]*)"/g)].flatMap(([, label, how, value = '']) =>
            how === '=' ? [`${label}="${value}"`] : [],
          )
          const anyOf = [...labels.matchAll(/(\w+)=~"([^"]*)"/g)].map(([, label, values = '']) =>
            values.split('|').map(value => `${label}="${value}"`),
          )
          const series = page
            .split('\n')
            .filter(line => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
          const found = series.filter(line => wanted.every(label => line.includes(label)))
          assert.ok(found.length > 0, `${alert} watches ${name}{${wanted}}`)
          for (const label of anyOf.flat())
            assert.ok(
              found.some(line => line.includes(label)),
              `${alert} watches ${name}{${label}}`,
            )
        }
      }
    })
  }
})
