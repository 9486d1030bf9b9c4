import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SendTextMessageCommand, SendVoiceMessageCommand } from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { failureOf, startBench, type TestBench } from '../../../test/stand-ins/carrier-bench.ts'
import { seededRandom } from './seeded-random.ts'

const TEXT = { DestinationPhoneNumber: '+14155550142', OriginationIdentity: 'ACME', MessageBody: 'Hello' }

test('refuses connections for a while, and then listens on the same port again', async () => {
  await using bench = await startBench()
  await arm(bench, { kind: 'refuse-connections', ms: 500, times: 1 })
  assert.equal((await failureOf(sendText(bench))).code, 'ECONNRESET')
  assert.equal((await failureOf(sendText(bench))).code, 'ECONNREFUSED')
  assert.ok(await sentAtLast(bench))
  assert.equal(await countMessages(bench), 1)
})

test('closes while it refuses connections', async () => {
  await using bench = await startBench()
  await arm(bench, { kind: 'refuse-connections', ms: 600_000 })
  await failureOf(sendText(bench))
  await bench.standIn.close()
  assert.equal((await failureOf(sendText(bench))).code, 'ECONNREFUSED')
})

test('answers late once, and then normally', async () => {
  await using bench = await startBench()
  await arm(bench, { kind: 'latency', ms: 40 })
  const start = performance.now()
  assert.ok((await sendText(bench)).MessageId)
  assert.ok(performance.now() - start >= 35)
})

for (const [when, messages] of [
  ['before', 0],
  ['after', 1],
] as const) {
  test(`hangs ${when} accepting, until the client leaves`, async () => {
    await using bench = await startBench()
    await arm(bench, { kind: 'hang', when })
    const leaving = new AbortController()
    const failure = failureOf(
      bench.client.send(new SendTextMessageCommand(TEXT), { abortSignal: leaving.signal }),
    )
    await hasStruck(bench)
    leaving.abort()
    assert.equal((await failure).name, 'AbortError')
    assert.equal(await countMessages(bench), messages)
  })

  test(`resets the connection ${when} accepting`, async () => {
    await using bench = await startBench()
    await arm(bench, { kind: 'reset', when })
    assert.equal((await failureOf(sendText(bench))).code, 'ECONNRESET')
    assert.equal(await countMessages(bench), messages)
  })

  test(`fails inside AWS ${when} accepting`, async () => {
    await using bench = await startBench()
    await arm(bench, { kind: 'server-error', when })
    const error = await failureOf(sendText(bench))
    assert.deepEqual([error.name, error.$metadata.httpStatusCode], ['InternalServerException', 500])
    assert.equal(await countMessages(bench), messages)
  })
}

test('sends the head of the answer at once and the body in pieces', async () => {
  await using bench = await startBench()
  await arm(bench, { kind: 'slow-body', ms: 60 })
  const start = performance.now()
  assert.ok((await sendText(bench)).MessageId)
  assert.ok(performance.now() - start >= 50)
  assert.equal(await countMessages(bench), 1)
})

test('accepts, and answers with a body that is not JSON', async () => {
  await using bench = await startBench()
  await arm(bench, { kind: 'garbage-body' })
  const error = await failureOf(sendText(bench))
  assert.deepEqual([error.name, error.$metadata.httpStatusCode], ['SyntaxError', 200])
  assert.equal(await countMessages(bench), 1)
})

test('accepts, and answers without a message ID', async () => {
  await using bench = await startBench()
  await arm(bench, { kind: 'empty-answer' })
  assert.equal((await sendText(bench)).MessageId, undefined)
  assert.equal(await countMessages(bench), 1)
})

test('applies the first matching rule that has uses left', async () => {
  await using bench = await startBench()
  await arm(bench, [
    { kind: 'error', name: 'ConflictException', match: { operation: 'SendVoiceMessage' } },
    { kind: 'error', name: 'ThrottlingException', match: { to: '+14155550142', from: 'ACME' }, times: 1 },
    { kind: 'error', name: 'ResourceNotFoundException', match: { from: 'ACME' } },
  ])
  assert.equal((await failureOf(sendText(bench))).name, 'ThrottlingException')
  assert.equal((await failureOf(sendText(bench))).name, 'ResourceNotFoundException')
  const call = new SendVoiceMessageCommand({ ...TEXT, OriginationIdentity: '+12065550100' })
  assert.equal((await failureOf(bench.client.send(call))).name, 'ConflictException')
  const other = new SendTextMessageCommand({ ...TEXT, OriginationIdentity: 'OTHER' })
  assert.ok((await bench.client.send(other)).MessageId)
  const used = ((await bench.call('/faults')).body as { used: number }[]).map(rule => rule.used)
  assert.deepEqual(used, [1, 1, 1])
})

test('applies a rule by chance, the same for the same seed', async () => {
  const strikes = async () => {
    await using bench = await startBench({ random: seededRandom(7) })
    await arm(bench, { kind: 'error', name: 'ThrottlingException', probability: 0.5 })
    const outcomes: boolean[] = []
    for (let send = 0; send < 20; send += 1) {
      outcomes.push(
        await sendText(bench).then(
          () => false,
          () => true,
        ),
      )
    }
    return outcomes
  }
  const first = await strikes()
  assert.ok(first.includes(true) && first.includes(false))
  assert.deepEqual(await strikes(), first)
})

test('does not use up a rule on a request that AWS would refuse', async () => {
  await using bench = await startBench()
  await arm(bench, { kind: 'reset', when: 'before', times: 1 })
  const bad = new SendTextMessageCommand({ ...TEXT, MessageBody: ' ' })
  assert.equal((await failureOf(bench.client.send(bad))).name, 'ValidationException')
  assert.equal((await failureOf(sendText(bench))).code, 'ECONNRESET')
})

test('removes all rules on request', async () => {
  await using bench = await startBench()
  await arm(bench, { kind: 'reset', when: 'before' })
  assert.equal((await bench.call('/faults', 'DELETE')).status, 204)
  assert.deepEqual((await bench.call('/faults')).body, [])
  assert.ok((await sendText(bench)).MessageId)
})

const UNFIT: readonly [rule: unknown, message: RegExp][] = [
  ['throttle', /the rule is "throttle"; expected an object/],
  [{}, /kind is missing; expected one of error, latency, hang/],
  [{ kind: 'explode' }, /kind is "explode"; expected one of error, latency/],
  [{ kind: 'error' }, /name is missing; expected one of AccessDeniedException/],
  [
    { kind: 'error', name: 'ConflictException', reason: 'OPTED_OUT' },
    /reason is "OPTED_OUT"; expected one of/,
  ],
  [{ kind: 'error', name: 'ThrottlingException', reason: 'OTHER' }, /reason is not allowed: Throttling/],
  [{ kind: 'error', name: 'ThrottlingException', status: 200 }, /status is 200; expected .* from 400 to 599/],
  [{ kind: 'error', name: 'TooNewException' }, /name is "TooNewException"; expected one of/],
  [{ kind: 'error', name: 'Too new', unlisted: true }, /name is "Too new"; expected up to 100 letters/],
  [{ kind: 'latency', ms: -1 }, /ms is -1; expected a whole number from 0/],
  [{ kind: 'hang' }, /when is missing; expected one of before, after/],
  [{ kind: 'reset', when: 'during' }, /when is "during"; expected one of before, after/],
  [{ kind: 'garbage-body', ms: 5 }, /the rule has "ms"; allowed are kind, match, times, probability/],
  [{ kind: 'garbage-body', times: 0 }, /times is 0; expected a whole number from 1/],
  [{ kind: 'garbage-body', probability: 2 }, /probability is 2; expected a number from 0 to 1/],
  [{ kind: 'garbage-body', match: { number: '1' } }, /match has "number"; allowed are operation, to, from/],
  [
    { kind: 'garbage-body', match: { operation: 'Send' } },
    /match.operation is "Send"; expected one of SendText/,
  ],
]

test('refuses an invalid rule, says why, and adds none of the rules sent with it', async () => {
  await using bench = await startBench()
  for (const [rule, message] of UNFIT) {
    const { status, body } = await bench.call('/faults', 'POST', [{ kind: 'empty-answer' }, rule])
    assert.equal(status, 400)
    assert.match((body as { message: string }).message, message)
  }
  assert.deepEqual((await bench.call('/faults')).body, [])
})

function sendText(bench: TestBench) {
  return bench.client.send(new SendTextMessageCommand(TEXT))
}

async function arm(bench: TestBench, rules: unknown): Promise<void> {
  assert.equal((await bench.call('/faults', 'POST', rules)).status, 201)
}

async function countMessages(bench: TestBench): Promise<number> {
  return ((await bench.call('/messages')).body as unknown[]).length
}

/** Sends requests until the first rule has applied. */
async function hasStruck(bench: TestBench): Promise<void> {
  for (let asked = 0; asked < 10_000; asked += 1) {
    const [rule] = (await bench.call('/faults')).body as { used: number }[]
    if (rule && rule.used > 0) return
  }
  assert.fail('The rule did not apply')
}

/** Sends until the message is accepted; only refused connections are tried again. */
async function sentAtLast(bench: TestBench): Promise<boolean> {
  for (let tries = 0; tries < 100_000; tries += 1) {
    try {
      return (await sendText(bench)).MessageId !== undefined
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'ECONNREFUSED')
    }
  }
  return false
}
