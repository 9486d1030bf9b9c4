import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createWorld, startProcess } from '../../../test/fixtures/delivering.ts'
import { createMetrics } from './metrics.ts'

const pageOf = async (metrics: ReturnType<typeof createMetrics>): Promise<readonly string[]> =>
  (await metrics.page()).text.split('\n')

describe('the metrics', () => {
  it('count each step by its outcome', async () => {
    const metrics = createMetrics()
    for (const outcome of ['opened', 'opened', 'limited']) metrics.record({ step: 'admit', outcome })
    const page = await pageOf(metrics)
    assert.ok(page.includes('hookline_steps_total{step="admit",outcome="opened"} 2'))
    assert.ok(page.includes('hookline_steps_total{step="admit",outcome="limited"} 1'))
  })

  it('measure answers and attempts in seconds', async () => {
    const metrics = createMetrics()
    metrics.record({ step: 'hook-response', outcome: 'accepted', durationMs: 250 })
    metrics.record({ step: 'send', outcome: 'unknown', durationMs: 1_500, identity: 'MyCompany' })
    metrics.record({ step: 'plan', outcome: 'plan', durationMs: 99 })
    const page = await pageOf(metrics)
    assert.ok(page.includes('hookline_answer_seconds_sum 0.25'))
    assert.ok(page.includes('hookline_answer_seconds_count 1'))
    assert.ok(page.includes('hookline_attempt_seconds_sum{identity="MyCompany",result="unknown"} 1.5'))
  })

  it('count refusals by identity, country, channel and subject', async () => {
    const metrics = createMetrics()
    const tried = { step: 'send', durationMs: 1, identity: 'pool-1', country: 'CA', channel: 'sms' } as const
    metrics.record({ ...tried, outcome: 'failure', about: 'identity and country' })
    metrics.record({ ...tried, outcome: 'accepted' })
    const counted = (await pageOf(metrics)).filter(line => line.startsWith('hookline_attempt_failures_total'))
    assert.deepEqual(counted, [
      'hookline_attempt_failures_total{identity="pool-1",country="CA",channel="sms",about="identity and country"} 1',
    ])
  })

  it('count the answers of each org by its name, but not claims of unauthenticated callers', async () => {
    const metrics = createMetrics()
    const answer = { step: 'hook-response', outcome: 'accepted', kind: 'accepted' } as const
    for (const org of ['acme', 'acme', 'globex', undefined]) metrics.record({ ...answer, org })
    metrics.record({ step: 'caller', outcome: 'TOKEN_SCOPE', org: 'acme' })
    const counted = (await pageOf(metrics)).filter(line => line.startsWith('hookline_org_answers_total'))
    assert.deepEqual(counted, [
      'hookline_org_answers_total{org="acme",kind="accepted"} 2',
      'hookline_org_answers_total{org="globex",kind="accepted"} 1',
    ])
  })

  it('count events of Okta by type, answers by channel, and events that were not joined by reason', async () => {
    const metrics = createMetrics()
    const event = { step: 'event', type: 'user.authentication.auth_via_mfa', delayMs: 4_000 } as const
    metrics.record({ ...event, outcome: 'answered', channel: 'sms', afterMs: 12_000 })
    metrics.record({ ...event, outcome: 'not-joined', reason: 'no-code' })
    metrics.record({ step: 'event', outcome: 'denied' })
    const page = await pageOf(metrics)
    for (const line of [
      'hookline_okta_events_total{type="user.authentication.auth_via_mfa",outcome="answered"} 1',
      'hookline_okta_events_not_joined_total{reason="no-code"} 1',
      'hookline_okta_event_delay_seconds_sum 8',
      'hookline_code_answered_seconds_sum{channel="sms"} 12',
      'hookline_steps_total{step="event",outcome="denied"} 1',
    ])
      assert.ok(page.includes(line), line)
    assert.equal(page.filter(line => line.startsWith('hookline_okta_events_total')).length, 2)
  })

  it('count what the fraud rule holds, by what is held and whether it was sent, and when it is blind', async () => {
    const metrics = createMetrics()
    const heldGroup = 'new numbers in VE'
    metrics.record({ step: 'admit', outcome: 'held', heldAs: 'FRAUD_COUNTRY', heldGroup })
    metrics.record({ step: 'admit', outcome: 'opened', heldAs: 'FRAUD_COUNTRY', heldGroup, isBlind: true })
    metrics.record({ step: 'admit', outcome: 'held', heldAs: 'NUMBER_SILENT' })
    metrics.record({ step: 'admit', outcome: 'opened' })
    const counted = (await pageOf(metrics)).filter(line => line.startsWith('hookline_fraud_'))
    assert.deepEqual(counted, [
      'hookline_fraud_held_total{what="group",sent="no"} 1',
      'hookline_fraud_held_total{what="group",sent="yes"} 1',
      'hookline_fraud_held_total{what="person",sent="no"} 1',
      'hookline_fraud_held_total{what="person",sent="yes"} 0',
      'hookline_fraud_blind_total 1',
    ])
  })

  it('count only store errors as such, by step', async () => {
    const metrics = createMetrics()
    metrics.record({ step: 'admit', outcome: 'store-unavailable' })
    metrics.record({ step: 'settle', outcome: 'accepted' })
    const trouble = (await pageOf(metrics)).filter(line => line.startsWith('hookline_store_trouble_total'))
    assert.deepEqual(trouble, [
      'hookline_store_trouble_total{step="admit"} 1',
      'hookline_store_trouble_total{step="settle"} 0',
      'hookline_store_trouble_total{step="retention"} 0',
    ])
  })

  it('have labels from closed sets only: no IDs, details or personal data', async () => {
    const metrics = createMetrics()
    const hookline = startProcess(await createWorld())
    await hookline.deliver()
    for (const event of hookline.events) metrics.record({ ...event, detail: 'detail-1', type: 'type-1' })
    const { text, contentType } = await metrics.page()
    assert.match(contentType, /^text\/plain/)
    for (const secret of ['one-1', 'detail-1', 'type-1', 'message-1', '493817', '683783440']) {
      assert.ok(!text.includes(secret), secret)
    }
    const labels = new Set([...text.matchAll(/[{,](\w+)="/g)].map(([, label]) => label))
    const ours = ['step', 'outcome', 'identity', 'result', 'le', 'what', 'sent']
    const node = ['kind', 'type', 'space', 'version', 'major', 'minor', 'patch', 'quantile']
    assert.deepEqual(
      [...labels].filter(label => ![...ours, ...node].includes(label ?? '')),
      [],
    )
  })

  it('are separate for each server', async () => {
    const [one, other] = [createMetrics(), createMetrics()]
    one.record({ step: 'plan', outcome: 'plan' })
    assert.ok(!(await other.page()).text.includes('outcome="plan"'))
  })
})
