import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { SendTextMessageCommand, SendVoiceMessageCommand } from '@aws-sdk/client-pinpoint-sms-voice-v2'
import type { Browser, Page } from 'playwright-core'
import { startBench, type TestBench } from '../../../test/stand-ins/carrier-bench.ts'
import { startReceiver } from '../../../test/stand-ins/carrier-receiver.ts'
import { launchChromium, skipWithoutChromium } from '../../../test/support/programs.ts'

const skip = skipWithoutChromium('the phone page')

const NUMBERS = { DestinationPhoneNumber: '+14155550142', OriginationIdentity: '+12065550100' }
let browser: Browser | undefined

before(async () => {
  if (skip) return
  browser = await launchChromium()
})
after(() => browser?.close())

test('shows a text as it arrives, and never as HTML', { skip }, async () => {
  await using opened = await openPhone()
  const { bench, page } = opened
  await page.getByTestId('empty').waitFor()
  const MessageBody = 'Your code is 482913. <img src=x onerror=alert(1)>'
  await bench.client.send(new SendTextMessageCommand({ ...NUMBERS, MessageBody }))
  const bubble = page.getByTestId('text-bubble')
  await bubble.waitFor()
  const shown = (await bubble.textContent()) ?? ''
  for (const part of [MessageBody, '+12065550100', '+14155550142', '1 part · GSM-7']) {
    assert.ok(shown.includes(part), `${shown} should tell ${part}`)
  }
  assert.equal(await bubble.locator('img').count(), 0)
  assert.equal(await page.getByTestId('empty').isVisible(), false)
})

test('shows the verified sender of an RCS message, and none where the pool fell back to SMS', {
  skip,
}, async () => {
  await using receiver = await startReceiver()
  await using opened = await openPhone()
  const { bench, page } = opened
  await bench.call('/account', 'PUT', {
    pools: [{ id: 'pool-1' }],
    rcsAgents: [
      { id: 'rcs-1', name: 'Example <b>Bank</b>', countries: ['US'] },
      { id: 'rcs-2', name: 'Example Bank', countries: ['US'], pool: 'pool-1' },
    ],
  })
  await bench.call('/events', 'PUT', { url: receiver.url, form: 'sns' })
  const send = (OriginationIdentity: string, DestinationPhoneNumber: string) =>
    bench.client.send(
      new SendTextMessageCommand({
        OriginationIdentity,
        DestinationPhoneNumber,
        MessageBody: 'Code: 482913',
      }),
    )
  await send('rcs-1', '+14254147755')
  const bubble = page.getByTestId('text-bubble').nth(0)
  const sender = bubble.getByTestId('rcs-sender')
  await sender.getByText('Example <b>Bank</b>', { exact: true }).waitFor()
  await sender.getByRole('img', { name: 'Verified sender' }).waitFor()
  await bubble.getByText('Delivered', { exact: true }).waitFor()
  await send('pool-1', '+14254147167')
  const fallenBack = page.getByTestId('text-bubble').nth(1)
  await fallenBack.getByText('Not delivered', { exact: true }).waitFor()
  assert.equal(await fallenBack.getByTestId('rcs-sender').isVisible(), false)
  assert.match((await fallenBack.textContent()) ?? '', /pool-1/)
  await send('+12065550100', '+14155550142')
  const plain = page.getByTestId('text-bubble').nth(2)
  await plain.waitFor()
  assert.equal(await plain.getByTestId('rcs-sender').count(), 0)
})

test('shows what became of a message while the list was being read, and shows it once', {
  skip,
}, async () => {
  await using opened = await openPhone()
  const { bench, page } = opened
  await bench.client.send(new SendTextMessageCommand({ ...NUMBERS, MessageBody: 'Code: 482913' }))
  const { body } = await bench.call('/messages')
  const [message] = body as [object]
  const events = [
    `event: changed\ndata: ${JSON.stringify({ ...message, finalEvent: 'TEXT_DELIVERED' })}`,
    `data: ${JSON.stringify(message)}`,
  ]
  for (const stream of [[events[0]], [events[1], events[0]]]) {
    await page.route('**/messages/stream', route =>
      route.fulfill({
        contentType: 'text/event-stream',
        body: `retry: 600000\n\n${stream.join('\n\n')}\n\n`,
      }),
    )
    await page.route('**/messages?*', async route => {
      await page.getByText('Connecting to the program').waitFor() // the stream was read to its end
      await route.fulfill({ json: [message] })
    })
    await page.reload()
    await page.getByText('Delivered', { exact: true }).waitFor()
    assert.equal(await page.getByTestId('text-bubble').count(), 1)
    await page.unrouteAll()
  }
})

test('shows the text of a call, and plays it', { skip }, async () => {
  await using opened = await openPhone()
  const { bench, page } = opened
  await call(bench, '<speak><p>Hello.</p><p>Your code is 1, <break time="1s"/>2, 3 &amp; 4.</p></speak>')
  const card = page.getByTestId('call-card')
  await card.waitFor()
  assert.equal(await card.locator('.transcript').textContent(), 'Hello.\nYour code is 1, 2, 3 & 4.')
  const spoken = page.waitForRequest(request => request.url().endsWith('/speech.wav'))
  await page.getByTestId('play').click()
  await spoken
})

test("speaks with the browser's own voice where the server has none", { skip }, async () => {
  await using opened = await openPhone({ speechProgram: 'no-such-program' })
  const { bench, page } = opened
  // Headless browsers have no voices: the spoken text is recorded instead.
  await page.evaluate(`speechSynthesis.speak = ({ lang, text }) => { document.title = lang + ': ' + text }`)
  await call(bench, '<speak>Ihr Code ist 1, 2, 3, 4.</speak>')
  await page.getByTestId('play').click()
  await page.waitForFunction(`document.title === 'de-DE: Ihr Code ist 1, 2, 3, 4.'`)
})

test('shows what arrived before it was opened, filters it, and clears it everywhere', { skip }, async () => {
  await using opened = await openPhone()
  const { bench, page } = opened
  for (const MessageBody of ['Your code is 111111', 'Your code is 222222']) {
    await bench.client.send(new SendTextMessageCommand({ ...NUMBERS, MessageBody }))
  }
  await page.reload()
  const bubbles = page.getByTestId('text-bubble').filter({ visible: true })
  await bubbles.nth(1).waitFor()
  await page.getByRole('searchbox').fill('2222')
  await bubbles.nth(1).waitFor({ state: 'hidden' })
  assert.equal(await bubbles.count(), 1)
  await page.getByTestId('clear').click()
  await page.getByTestId('empty').waitFor()
  assert.deepEqual((await bench.call('/messages')).body, [])
})

test('shows the final event of a message as soon as it is known', { skip }, async () => {
  await using receiver = await startReceiver()
  await using opened = await openPhone()
  const { bench, page } = opened
  await bench.call('/events', 'PUT', { url: receiver.url, form: 'eventbridge' })
  for (const DestinationPhoneNumber of ['+14254147755', '+14254147167']) {
    await bench.client.send(
      new SendTextMessageCommand({ ...NUMBERS, DestinationPhoneNumber, MessageBody: 'Hi' }),
    )
  }
  await page.getByText('Delivered', { exact: true }).waitFor()
  await page.getByText('Not delivered', { exact: true }).waitFor()
  await page.reload()
  await page.getByText('Not delivered', { exact: true }).waitFor()
})

test('enters a code where a person would, and shows the answer; without such a place it has no button', {
  skip,
}, async () => {
  await using opened = await openPhone()
  const { bench, page } = opened
  const entered: unknown[] = []
  const owner = createServer(async (request, response) => {
    entered.push(JSON.parse(await text(request)))
    const isAccepted = entered.length > 1
    response.end(JSON.stringify({ isAccepted, sentence: isAccepted ? 'It is right.' : 'It has expired.' }))
  })
  owner.listen(0, '127.0.0.1')
  await once(owner, 'listening')
  const { port } = owner.address() as AddressInfo
  try {
    const MessageBody = 'Your code is 482 913.'
    await bench.client.send(new SendTextMessageCommand({ ...NUMBERS, MessageBody }))
    await page.getByTestId('text-bubble').waitFor()
    const button = page.getByRole('button', { name: 'Enter the code' })
    assert.equal(await button.count(), 0)
    assert.equal((await bench.call('/codes', 'PUT', { url: 'here' })).status, 400)
    assert.equal((await bench.call('/codes', 'POST', { code: '1' })).status, 409)
    assert.equal((await bench.call('/codes', 'PUT', { url: `http://127.0.0.1:${port}/codes` })).status, 200)
    await page.reload()
    await button.click()
    await page.getByText('It has expired.').waitFor()
    await button.click()
    await page.getByText('It is right.').waitFor()
    assert.equal(await button.isDisabled(), true)
    const code = { to: '+14155550142', code: '482913' }
    assert.deepEqual(entered, [code, code])
  } finally {
    owner.close()
    owner.closeAllConnections()
    await once(owner, 'close')
  }
  assert.equal((await bench.call('/codes', 'POST', { code: '1' })).status, 502)
})

test('adds a fault for the next message', { skip }, async () => {
  await using opened = await openPhone()
  const { bench, page } = opened
  await page.getByRole('button', { name: 'Arm' }).click()
  await page.getByText('ThrottlingException (1 more)').waitFor()
  const [rule] = (await bench.call('/faults')).body as { name: string; times: number }[]
  assert.deepEqual([rule?.name, rule?.times], ['ThrottlingException', 1])
})

async function call(bench: TestBench, ssml: string): Promise<void> {
  const input = { ...NUMBERS, MessageBody: ssml, MessageBodyTextType: 'SSML', VoiceId: 'VICKI' } as const
  await bench.client.send(new SendVoiceMessageCommand(input))
}

/** A stand-in, and its phone page in a browser; errors of the page fail the test when it closes. */
async function openPhone(
  options: Parameters<typeof startBench>[0] = {},
): Promise<AsyncDisposable & { readonly bench: TestBench; readonly page: Page }> {
  assert.ok(browser)
  const bench = await startBench(options)
  const page = await browser.newPage()
  const errors: string[] = []
  page.on('pageerror', error => errors.push(error.message))
  await page.goto(bench.standIn.url)
  await page.getByText('Ready for messages').waitFor()
  return {
    bench,
    page,
    async [Symbol.asyncDispose]() {
      await page.close()
      await bench[Symbol.asyncDispose]()
      assert.deepEqual(errors, [])
    },
  }
}
