import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accepted, delivery, ended } from '../../../test/contracts/stores.ts'
import { runCommand } from '../../../test/fixtures/commands.ts'
import { NOW } from '../../../test/fixtures/planning.ts'
import { receipt } from '../../../test/fixtures/receipts.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import { explainHold, textOfExplanation } from '../../core/policy/credit/explain.ts'
import type { Store } from '../../core/records/store.ts'
import { deliveriesCommand } from './deliveries.ts'

const digest = (text: string): string => `digest of ${text}`
const run = (store: Store, ...args: string[]) => runCommand(deliveriesCommand, store, ['deliveries', ...args])

async function storeWith(...deliveries: readonly ReturnType<typeof delivery>[]): Promise<Store> {
  const store = createMemoryStore(() => NOW)
  for (const one of deliveries) await store.settle(one)
  return store
}

describe('hookline deliveries', () => {
  it('reports that there are none', async () => {
    assert.deepEqual((await run(await storeWith())).printed, ['No deliveries.'])
    assert.deepEqual((await run(await storeWith(), '--json')).printed, [])
  })

  it('refuses a person without a name, and says what is expected', async () => {
    const store = await storeWith(delivery({ id: 'a', openedAt: NOW, end: accepted() }))
    for (const [option, says] of [
      ['--user', /^--user is " ?"; expected the login or user ID of a person in Okta\.$/],
      ['--phone', /^--phone is " ?"; expected a phone number, such as \+34683783440\.$/],
      ['--event', /^--event is " ?"; expected an eventId of Okta's\.$/],
    ] as const)
      for (const blank of ['', ' ']) {
        const { printed, problem } = await run(store, option, blank)
        assert.match(problem?.message ?? '', says)
        assert.deepEqual(printed, [])
      }
    assert.deepEqual(await store.listChanges({ limit: 10 }), [], 'nobody was looked up')
  })

  it('reports that a message fell back from RCS to SMS', async () => {
    const store = await storeWith(delivery({ id: 'a', openedAt: NOW, end: accepted() }))
    for (const type of ['RCS_FAILED', 'RCS_FALLEN_BACK_TO_SMS', 'TEXT_DELIVERED'])
      await store.addReceipt(receipt({ type, isFinal: true }))
    assert.match((await run(store)).printed.join('\n'), /delivered +message-1 \(by SMS, after RCS\)/)
    const [line = ''] = (await run(store, '--event', delivery().eventId ?? '')).printed
    assert.match(line, /Fell back to SMS: RCS did not reach the phone\./)
    const [json = ''] = (await run(store, '--json')).printed
    assert.equal(JSON.parse(json).progress.fellBackToSms, true)
  })

  it('explains a code that the fraud rule held, and one that it would have held', async () => {
    const hold = { reason: 'FRAUD_BLOCK', group: 'p4:58412771', codes: 8, answers: 1, since: NOW } as const
    const detail = textOfExplanation(explainHold(hold, 'VE'))
    const end = { state: 'refused', at: NOW, code: 'FRAUD_BLOCK', detail, attempts: [] } as const
    const credit = { block: '58412771', hold }
    const held = await storeWith(delivery({ id: 'a', openedAt: NOW, end, credit }))
    assert.match(
      (await run(held)).printed[0] ?? '',
      /FRAUD_BLOCK \(new numbers that begin with \+58412771\)$/m,
    )
    const [why = ''] = (await run(held, '--event', delivery().eventId ?? '')).printed
    assert.match(
      why,
      /Why: FRAUD_BLOCK\. .*\(New numbers that begin with \+58412771\. 8 numbers got a code .* hookline fraud allow /,
    )
    assert.doesNotMatch(why, /would hold it/)

    const observed = await storeWith(delivery({ id: 'a', openedAt: NOW, end: accepted(), credit }))
    assert.match((await run(observed)).printed[0] ?? '', /message-1 \(sent although held: FRAUD_BLOCK\)$/m)
    const [note = ''] = (await run(observed, '--event', delivery().eventId ?? '')).printed
    assert.match(note, /^ {2}The fraud rule would hold it, but only observes: FRAUD_BLOCK\. New numbers/m)
  })

  it('reports that the code was entered, even without a receipt', async () => {
    const store = await storeWith(
      delivery({ id: 'a', openedAt: NOW, expiresAt: NOW + 300_000, end: accepted() }),
    )
    const { caller, userDigest = '' } = delivery()
    await store.addAnswer({ callers: [caller], userDigests: [userDigest], channel: 'sms', at: NOW + 12_400 })
    assert.match((await run(store)).printed.join('\n'), /accepted +after 12 s +message-1/)
    const [told = ''] = (await run(store, '--event', delivery().eventId ?? '')).printed
    assert.match(told, /ACCEPTED\n +The person entered the code, so the message arrived\./)
    assert.match(told, /Answered: the code was entered at 2026-03-01 12:00:12 UTC, 12 s after the request\./)
    const [json = ''] = (await run(store, '--json')).printed
    const { status, answered } = JSON.parse(json)
    assert.deepEqual([status, answered], ['accepted', { at: NOW + 12_400, afterMs: 12_400 }])
  })

  it("reports it if the carrier's final receipt is unknown", async () => {
    const store = await storeWith(delivery({ id: 'a', openedAt: NOW, end: accepted() }))
    await store.addReceipt(receipt({ type: 'TEXT_UNKNOWN', isFinal: true }))
    const [line = ''] = (await run(store, '--event', delivery().eventId ?? '')).printed
    assert.match(
      line,
      /UNKNOWN\n +The carrier accepted the message and finally reported that it does not know/,
    )
  })

  it('lists them, oldest first, with status and reason, and only the last digits', async () => {
    const store = await storeWith(
      delivery({ id: 'a', openedAt: NOW, end: accepted() }),
      delivery({ id: 'b', openedAt: NOW + 1_000, caller: 'acme', channel: 'voice', end: ended('failed') }),
      delivery({
        id: 'c',
        openedAt: NOW + 2_000,
        caller: 'secret header',
        country: undefined,
        lastDigits: undefined,
      }),
    )
    await store.addReceipt(receipt({ type: 'TEXT_DELIVERED' }))
    const { printed } = await run(store)
    assert.deepEqual(
      printed
        .join('\n')
        .split('\n')
        .slice(2)
        .map(line => line.split(/ {2,}/)),
      [
        [
          '2026-03-01 12:00:00',
          'example.okta.com',
          'sms',
          'ES',
          '…40',
          'mfa-verification',
          'delivered',
          'message-1',
        ],
        [
          '2026-03-01 12:00:01',
          'acme',
          'voice',
          'ES',
          '…40',
          'mfa-verification',
          'failed',
          'CARRIER_REFUSED (as it was)',
        ],
        ['2026-03-01 12:00:02', 'secret header', 'sms', '?', '…??', 'mfa-verification', 'sending'],
      ],
    )
  })

  for (const [option, value, changed] of [
    ['--user', 'Ada@Example.com ', { loginDigest: digest('ada@example.com') }],
    ['--user', '00u1Ada', { userDigest: digest('00u1Ada') }],
    ['--phone', '+34 683 783 440', { numberDigest: digest('+34683783440') }],
    ['--phone', '+34683783440', { numberDigest: digest('+34683783440') }],
    ['--phone', 'nonsense ', { numberDigest: digest('nonsense') }],
    ['--event', 'event-9', { eventId: 'event-9' }],
  ] as const) {
    it(`finds those of one person by ${option} ${value}, with their history`, async () => {
      const store = await storeWith(
        delivery({ id: 'theirs', openedAt: NOW, ...changed, end: ended('unknown') }),
        delivery({ id: 'another' }),
      )
      const { printed } = await run(store, option, value)
      assert.equal(printed.length, 1)
      assert.match(printed[0] ?? '', /^2026-03-01 12:00:00 UTC {2}UNKNOWN$/m)
      assert.match(printed[0] ?? '', /Delivery theirs/)
      assert.doesNotMatch(printed[0] ?? '', /683783440|ada@example/)
    })
  }

  it('finds those under both hash keys while the key is rotated', async () => {
    const store = await storeWith(
      delivery({ id: 'old', duplicateKey: undefined, numberDigest: 'a +34683783440', loginDigest: 'a ada' }),
      delivery({ id: 'new', duplicateKey: undefined, numberDigest: 'b +34683783440', loginDigest: 'b ada' }),
      delivery({ id: 'another', duplicateKey: undefined }),
    )
    const digests = async (text: string) => [`b ${text}`, `a ${text}`] as const
    for (const args of [
      ['--phone', '+34683783440'],
      ['--user', 'Ada'],
    ]) {
      const all = ['deliveries', '--json', ...args]
      const { printed } = await runCommand(deliveriesCommand, store, all, { digests })
      assert.deepEqual(
        printed.map(line => JSON.parse(line).id),
        ['old', 'new'],
      )
    }
  })

  it('explains what happened, why, and who can do what', async () => {
    const attempts = [
      { identity: 'MyCompany', result: 'failure', detail: 'ECONNREFUSED', durationMs: 12 },
      { identity: '+18665550100', result: 'failure', detail: 'ConflictException X', durationMs: 34 },
    ] as const
    const end = {
      state: 'failed',
      at: NOW,
      code: 'RECIPIENT_OPTED_OUT',
      detail: 'ConflictException X',
      attempts,
    } as const
    const { printed } = await run(await storeWith(delivery({ openedAt: NOW, end })), '--event', 'event-1')
    assert.deepEqual((printed[0] ?? '').split('\n'), [
      '2026-03-01 12:00:00 UTC  FAILED',
      '  The carrier did not accept the message. Nothing was sent; Okta could send with its own provider.',
      '  Why: RECIPIENT_OPTED_OUT. The user has opted out of our texts (by replying STOP). (ConflictException X)',
      '  What to do (user): If the user wants texts again, remove the opt-out with `hookline optouts remove --phone …`. Voice calls are not affected.',
      '  Caller: https://example.okta.com/oauth2/default',
      '  sms to ES …40, for mfa-verification',
      '  Template: sms/es/any, version 3, 1 part(s)',
      '    Its text: hookline templates history sms/es/any',
      '  Attempt from MyCompany: failure, ECONNREFUSED (12 ms)',
      '  Attempt from +18665550100: failure, ConflictException X (34 ms)',
      '  Delivery delivery-1, Okta event event-1, request request-1',
      '',
    ])
  })

  it('shows what the carrier reported about an accepted message', async () => {
    const store = await storeWith(
      delivery({ openedAt: NOW, end: accepted(), templateUsed: { source: 'okta' } }),
    )
    await store.addReceipt(receipt({ type: 'TEXT_DELIVERED', at: NOW, carrierName: 'Orange', price: 0.05 }))
    const { printed } = await run(store, '--event', 'event-1')
    assert.match(printed[0] ?? '', /^2026-03-01 12:00:00 UTC {2}DELIVERED$/m)
    assert.match(printed[0] ?? '', /^ {2}Template: Okta's own text, 1 part\(s\)$/m)
    assert.match(
      printed[0] ?? '',
      /^ {2}Carrier Orange: TEXT_DELIVERED at 2026-03-01 12:00:00 UTC, \$0\.05$/m,
    )
    assert.match(printed[0] ?? '', /message message-1/)
  })

  it('prints one JSON object for each line, for programs', async () => {
    const { printed } = await run(await storeWith(delivery({ id: 'a' }), delivery({ id: 'b' })), '--json')
    assert.deepEqual(
      printed.map(line => (JSON.parse(line) as { id: string }).id),
      ['a', 'b'],
    )
  })

  it('prints at most as many as requested, the newest ones', async () => {
    const store = await storeWith(...['a', 'b', 'c'].map(id => delivery({ id })))
    const { printed } = await run(store, '--json', '--limit', '1')
    assert.match(printed.join(), /"id":"c"/)
    assert.equal(printed.length, 1)
  })

  for (const limit of ['0', '1001', '1.5', 'many', '']) {
    it(`refuses --limit "${limit}" with what is allowed`, async () => {
      const { problem, printed } = await run(await storeWith(), '--limit', limit)
      assert.equal(problem?.message, `--limit is "${limit}"; expected a whole number from 1 to 1000.`)
      assert.deepEqual(printed, [])
    })
  }

  it('continues with new ones, each once, with --follow', async () => {
    const store = await storeWith(delivery({ id: 'a' }))
    const arriving = [delivery({ id: 'b' }), delivery({ id: 'c' })]
    const pause = async (): Promise<void> => {
      const next = arriving.shift()
      if (next === undefined) throw new Error('Ctrl-C')
      await store.settle(next)
    }
    const { printed } = await runCommand(deliveriesCommand, store, ['deliveries', '--follow', '--json'], {
      pause,
    })
    assert.deepEqual(
      printed.map(line => (JSON.parse(line) as { id: string }).id),
      ['a', 'b', 'c'],
    )
  })

  it('leaves out none of many that come at once, with --follow and a small --limit', async () => {
    const store = await storeWith(delivery({ id: 'a' }))
    const arriving = Array.from({ length: 30 }, (_, index) => delivery({ id: `b${index}` }))
    const pause = async (): Promise<void> => {
      if (arriving.length === 0) throw new Error('Ctrl-C')
      for (const next of arriving.splice(0)) await store.settle(next)
    }
    const { printed } = await runCommand(
      deliveriesCommand,
      store,
      ['deliveries', '--follow', '--json', '--limit', '1'],
      { pause },
    )
    assert.equal(printed.length, 31)
  })
})
