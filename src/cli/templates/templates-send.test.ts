import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { noTerminal, runCommand } from '../../../test/fixtures/commands.ts'
import { allShippedTexts, NOW } from '../../../test/fixtures/planning.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import type { Attempt, SendResult } from '../../core/deliver/ports.ts'
import { templatesCommand } from './templates.ts'
import type { SendContext } from './templates-send.ts'

const by = { author: 'a test', at: NOW }

async function send(
  args: readonly string[],
  { answer, result }: { readonly answer?: string; readonly result?: SendResult } = {},
) {
  const store = createMemoryStore(() => NOW)
  await store.saveTemplates(allShippedTexts, by)
  await store.saveRoutes(
    [
      {
        country: 'US',
        channel: 'sms',
        candidates: [{ identity: '+12065550100' }, { identity: '+18335550100' }],
      },
    ],
    by,
  )
  const sent: Attempt[] = []
  const ask = async () => answer ?? assert.fail('no question expected')
  const ran = await runCommand<SendContext>(templatesCommand, store, ['templates', 'send', ...args], {
    cloud: { ...noTerminal, isAtTerminal: answer !== undefined, ask } as unknown as SendContext['cloud'],
    sendOnce: async attempt => {
      sent.push(attempt)
      return result ?? { kind: 'accepted', messageId: 'message-1' }
    },
  })
  return { ...ran, sent, store }
}

describe('hookline templates send', () => {
  it("sends the template in force to AWS's simulator, from the first identity, without a question", async () => {
    const { printed, sent, exitCode, store } = await send(['sms/de/account-unlock'])
    assert.deepEqual(printed, [
      'From +12065550100 to the number that ends in 55: AWS accepted it as message message-1.',
    ])
    assert.equal(exitCode, 0)
    const [attempt, ...others] = sent
    assert.deepEqual(others, [])
    assert.match(attempt?.message.body.reveal() ?? '', /493817/)
    assert.equal(attempt?.destination.e164.reveal(), '+14254147755')
    assert.deepEqual(await store.listDeliveries({ limit: 10 }), [], 'it is no delivery')
  })

  it('asks before it sends to a number, and shows only its last digits', async () => {
    const no = await send(['sms/de/any', '--to', '+12065550142'], { answer: 'n' })
    assert.deepEqual([no.printed, no.sent], [['Nothing was sent.'], []])
    const yes = await send(['sms/de/any', '--to', '+12065550142'], { answer: 'y' })
    assert.equal(yes.sent[0]?.destination.e164.reveal(), '+12065550142')
    assert.doesNotMatch(yes.printed.join(), /5550142/)
    assert.equal((await send(['sms/de/any', '--to', '+12065550142', '--yes'])).sent.length, 1)
    assert.match((await send(['sms/de/any', '--to', '+12065550142'])).problem?.message ?? '', /Add --yes/)
  })

  it('says what AWS refused, and ends with the code for it', async () => {
    const result = {
      kind: 'failure',
      code: 'CARRIER_REFUSED',
      detail: 'ConflictException',
      about: 'identity',
    } as const
    const { printed, exitCode } = await send(['sms/de/any'], { result })
    assert.match(printed[0] ?? '', /AWS did not send it: ConflictException \(CARRIER_REFUSED\)/)
    assert.equal(exitCode, 4)
  })

  for (const [args, message] of [
    [['sms/xx/any'], /There is no template "sms\/xx\/any"/],
    [['sms/de/any', '--to', '+34683783440'], /no route|NO_ROUTE/i],
    [['sms/de/any', '--to', '911', '--yes'], /NUMBER_/],
  ] as const)
    it(`sends nothing for ${args.join(' ')}`, async () => {
      const { problem, sent } = await send(args)
      assert.match(problem?.message ?? '', message)
      assert.deepEqual(sent, [])
    })
})
