import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createMetrics, gauges } from './metrics.ts'
import { createWorkerMetrics } from './worker-metrics.ts'

const valueIn = (page: string, series: string): number =>
  Number(
    page
      .split('\n')
      .find(line => line.startsWith(`${series} `))
      ?.split(' ')
      .at(-1),
  )
const SENT = 'hookline_steps_total{step="send",outcome="accepted"}'

async function worker(sent: number) {
  const metrics = createMetrics()
  for (let count = 0; count < sent; count += 1)
    metrics.record({ step: 'send', outcome: 'accepted', durationMs: 20, identity: 'pool-1' })
  return metrics.values()
}

describe('the metrics of a server with workers', () => {
  it('are those of all workers and of the primary process together', async () => {
    const metrics = createWorkerMetrics()
    metrics.setLast(1, await worker(2))
    metrics.setLast(2, await worker(3))
    const { text, contentType } = await metrics.page(await worker(0))
    assert.match(contentType, /^text\/plain/)
    assert.equal(valueIn(text, SENT), 5)
    const attempts = 'hookline_attempt_seconds_count{identity="pool-1",result="accepted"}'
    assert.equal(valueIn(text, attempts), 5)
  })

  it('contain each series once, and each gauge with one value', async () => {
    const metrics = createWorkerMetrics()
    for (const one of [1, 2]) metrics.setLast(one, await worker(1))
    const { text } = await metrics.page(await worker(0))
    const series = text.split('\n').flatMap(line => /^(hookline_\S+) /.exec(line)?.[1] ?? [])
    assert.deepEqual(new Set(series).size, series.length)
    const started = valueIn(text, 'hookline_process_start_time_seconds')
    assert.ok(started > 1e9 && started < 1e10, `not a sum: ${started}`)
  })

  it('never decrease when a worker ends, and add its successor from zero', async () => {
    const metrics = createWorkerMetrics()
    const page = async () => (await metrics.page(await worker(0))).text
    metrics.setLast(1, await worker(4))
    metrics.setLast(2, await worker(1))
    assert.equal(valueIn(await page(), SENT), 5)
    const memory = valueIn(await page(), 'hookline_process_resident_memory_bytes')
    metrics.ended(1)
    assert.equal(valueIn(await page(), SENT), 5)
    assert.ok(
      valueIn(await page(), 'hookline_process_resident_memory_bytes') < memory,
      'a gauge goes with it',
    )
    metrics.setLast(1, await worker(2))
    metrics.ended(2)
    metrics.ended(2)
    assert.equal(valueIn(await page(), SENT), 7)
  })

  it('have an aggregator for each gauge, as the gauge itself states', async () => {
    for (const { name, type, aggregator } of await createMetrics().values()) {
      if (String(type) !== 'gauge') continue
      const ours = gauges[name.replace(/^hookline_/, '')]
      assert.ok(ours !== undefined, `${name}: say in metrics.ts how several workers' values become one`)
      assert.equal(aggregator, ours, name)
    }
  })
})
