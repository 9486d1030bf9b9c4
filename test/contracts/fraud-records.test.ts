import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sumOf } from '../../src/core/policy/credit/counts.ts'
import type { CreditTerms } from '../../src/core/policy/credit/decide.ts'
import { newPhone } from '../../src/core/policy/credit/records.ts'
import { requestedCodeOf } from '../../src/core/records/credited-code.ts'
import { accepted, DAY_MS, delivery, noLimits, stores } from './stores.ts'

const NOW = Date.UTC(2026, 5, 15, 12)
const terms: CreditTerms = { mode: 'enforce', overrides: { expected: 0 } }

for (const [name, open] of stores) {
  describe(`${name}, asked what the fraud rule knows`, () => {
    it('returns the records of the number, its user and its groups, and changes nothing', async () => {
      await using store = await open(() => NOW)
      const requested = (id: string) =>
        delivery({
          ...{ id, openedAt: NOW, duplicateKey: id, numberDigest: `number ${id}`, userDigest: `user ${id}` },
          ...{ country: 'FR', purpose: 'pre-enrollment', expiresAt: undefined, caller: 'acme' },
          credit: { block: '33612345', network: '203.0.113' },
        })
      const send = async (id: string) => {
        const admission = await store.admit({ delivery: requested(id), limits: noLimits, credit: terms })
        assert.equal(admission.kind, 'opened')
        await store.settle({ ...requested(id), end: accepted(`message ${id}`) })
      }
      await send('a')
      await store.addAnswer({ callers: ['acme'], userDigests: ['user a'], channel: 'sms', at: NOW + 1 })
      for (const id of ['b', 'c']) await send(id)

      const code = requestedCodeOf(requested('d')) ?? assert.fail()
      const first = await store.readFraudRecords('acme', code)
      assert.deepEqual(first.phone, newPhone)
      const block = first.groups['p4:33612345'] ?? assert.fail()
      assert.deepEqual(sumOf(block.days, NOW, DAY_MS, 14), [2, 0]) // nothing was counted before the first answer
      assert.equal(first.country.proven, 1)
      assert.ok(first.org.answerHeardAt !== undefined)
      assert.deepEqual(await store.readFraudRecords('acme', code), first)
      const known = await store.readFraudRecords('acme', requestedCodeOf(requested('a')) ?? assert.fail())
      assert.equal(known.phone.answers, 1)
      const { groups, org } = await store.readFraudRecords('another org', code)
      assert.deepEqual([groups, org.answerHeardAt], [{}, undefined])
    })
  })
}
