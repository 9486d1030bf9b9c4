import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { createMetrics } from '../../src/adapters/prometheus/metrics.ts'

type Rule = {
  readonly alert: string
  readonly expr: string
  readonly annotations: { readonly summary: string; readonly remedy: string }
}

describe('docs/alert-rules.yml', () => {
  const text = readFileSync(new URL('../../docs/alert-rules.yml', import.meta.url), 'utf8')
  const { groups } = parse(text) as { readonly groups: readonly { readonly rules: readonly Rule[] }[] }
  const rules = groups.flatMap(group => group.rules)

  it('says what each alert means and what to do', () => {
    assert.ok(rules.length > 5)
    for (const { alert, annotations } of rules)
      assert.ok(annotations.summary.length > 20 && annotations.remedy.length > 20, alert)
  })

  it('watches only series that exist from the start, so that the first event is an increase', async () => {
    const metrics = createMetrics()
    metrics.record({ step: 'hook-response', outcome: 'accepted', durationMs: 1 })
    const page = (await metrics.page()).text
    for (const { alert, expr } of rules) {
      for (const [, name = '', labels = ''] of expr.matchAll(/(hookline_\w+)(?:\{([^}]*)\})?/g)) {
        const wanted = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([label]) => label)
        const series = page.split('\n').filter(line => line.startsWith(name))
        assert.ok(
          series.some(line => wanted.every(label => line.includes(label))),
          `${alert} watches ${name}{${wanted}}`,
        )
      }
    }
  })
})
