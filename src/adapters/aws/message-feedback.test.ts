import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startEndUserMessaging } from '../../../simulators/aws/end-user-messaging/server.ts'
import { attempt, call, candidate, never } from '../../../test/fixtures/attempt.ts'
import { clients } from '../../../test/fixtures/aws-calls.ts'
import { useTestCredentials } from '../../../test/fixtures/aws-credentials.ts'
import { carrierOver } from '../../../test/fixtures/carriers.ts'
import { reportFeedback } from './message-feedback.ts'
import { ServiceError } from './wire/answer.ts'

useTestCredentials()

const notify = candidate({ identity: 'notify-0123456789abcdef', notifyTemplateId: undefined })
const KINDS = {
  'a text': {},
  'a call': call,
  'a text by AWS Notify': { candidate: notify },
  'a call by AWS Notify': { message: call.message, candidate: notify },
} as const

async function startStandIn() {
  const { url, close } = await startEndUserMessaging({ port: 0 })
  const records = async () => (await (await fetch(`${url}/feedback`)).json()) as unknown[]
  return { url, records, [Symbol.asyncDispose]: close }
}

for (const [client, open] of Object.entries(clients)) {
  describe(`${client}: message feedback`, () => {
    for (const [what, changed] of Object.entries(KINDS)) {
      it(`about ${what} is expected where setting and answers allow it, and can be reported`, async () => {
        await using standIn = await startStandIn()
        for (const [messageFeedback, hasFeedback] of [
          [false, true],
          [true, false],
        ] as const) {
          using carrier = carrierOver(client, standIn.url, { messageFeedback })
          const sent = await carrier.send(attempt({ ...changed, hasFeedback }), never)
          assert.ok(sent.kind === 'accepted', JSON.stringify(sent))
          assert.equal(sent.feedbackRegion, undefined)
        }
        assert.deepEqual(await standIn.records(), [])
        using carrier = carrierOver(client, standIn.url, { messageFeedback: true })
        const sent = await carrier.send(attempt({ ...changed, hasFeedback: true }), never)
        assert.ok(sent.kind === 'accepted' && sent.feedbackRegion === 'us-east-1', JSON.stringify(sent))
        const { messageId, feedbackRegion: region } = sent
        using calls = open('sms-voice', { endpoint: standIn.url })
        await reportFeedback({ callIn: () => calls.call })({ messageId, region }, never)
        assert.deepEqual(await standIn.records(), [{ messageId, region, status: 'RECEIVED' }])
      })
    }

    it('is reported in the region that sent the message', async () => {
      await using standIn = await startStandIn()
      using carrier = carrierOver(client, standIn.url, { messageFeedback: true })
      const elsewhere = candidate({ identity: '+12065550100', region: 'eu-west-1' })
      const sent = await carrier.send(attempt({ candidate: elsewhere, hasFeedback: true }), never)
      assert.ok(sent.kind === 'accepted' && sent.feedbackRegion === 'eu-west-1', JSON.stringify(sent))
      const regions: string[] = []
      using calls = new DisposableStack()
      const callIn = (region: string) => {
        regions.push(region)
        return calls.use(open('sms-voice', { endpoint: standIn.url, region })).call
      }
      const report = reportFeedback({ callIn })
      for (const _ of [1, 2]) await report({ messageId: sent.messageId, region: sent.feedbackRegion }, never)
      assert.deepEqual(regions, ['eu-west-1'])
    })

    it('that AWS does not take is an error', async () => {
      await using standIn = await startStandIn()
      using calls = open('sms-voice', { endpoint: standIn.url })
      const report = reportFeedback({ callIn: () => calls.call })
      await assert.rejects(report({ messageId: 'unknown', region: 'us-east-1' }, never), ServiceError)
    })
  })
}
