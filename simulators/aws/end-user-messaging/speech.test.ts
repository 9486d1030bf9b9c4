import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { SendTextMessageCommand, SendVoiceMessageCommand } from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { startBench, type TestBench } from '../../../test/stand-ins/carrier-bench.ts'

const NUMBERS = { DestinationPhoneNumber: '+14155550142', OriginationIdentity: '+12065550100' }
const ESPEAK_IS_MISSING = spawnSync('espeak-ng', ['--version']).error !== undefined

test('speaks a call with eSpeak NG, as a WAV file with its true length in the header', {
  skip: ESPEAK_IS_MISSING && 'eSpeak NG is not installed (Debian: apt-get install espeak-ng)',
}, async () => {
  await using bench = await startBench()
  const id = await call(bench, '<speak>Hello</speak>')
  const answer = await fetch(`${bench.standIn.url}/messages/${id}/speech.wav`)
  assert.equal(answer.headers.get('content-type'), 'audio/wav')
  const wav = Buffer.from(await answer.arrayBuffer())
  assert.equal(wav.toString('latin1', 0, 4), 'RIFF')
  assert.equal(wav.readUInt32LE(4), wav.length - 8)
  assert.ok(wav.length > 10_000)
})

test('says why there is no speech: not installed, not a call, not known', async () => {
  await using bench = await startBench({ speechProgram: 'no-such-program' })
  const speech = async (id: string | undefined) => {
    const { status, body } = await bench.call(`/messages/${id}/speech.wav`)
    assert.equal(status, 404)
    return (body as { message: string }).message
  }
  assert.match(await speech(await call(bench, '<speak>Hello</speak>')), /no-such-program is not installed/)
  const text = await bench.client.send(new SendTextMessageCommand({ ...NUMBERS, MessageBody: 'Hello' }))
  assert.match(await speech(text.MessageId), /Only calls/)
  assert.match(await speech('unknown'), /no message/)
})

test('gives the speech program only markup that shapes the voice, in the language of the voice', async () => {
  await using program = await script('head -c 44 /dev/zero; echo "$@"; cat')
  await using bench = await startBench({ speechProgram: program.path })
  const id = await call(
    bench,
    '<speak>A &amp; B<audio src="/etc/passwd"/><prosody rate="slow" onload="x">c</prosody>' +
      '<say-as interpret-as="digits">12</say-as></speak>',
  )
  const answer = await fetch(`${bench.standIn.url}/messages/${id}/speech.wav`)
  const wav = Buffer.from(await answer.arrayBuffer()).toString('utf8', 44)
  const lines = [
    '-m -v pt-br --stdin --stdout',
    '<speak>A &amp; B  <prosody rate="slow">c</prosody><say-as interpret-as="characters">12</say-as></speak>',
  ]
  assert.deepEqual(wav.split('\n'), lines)
})

test('ends speech in progress when it closes', async () => {
  await using program = await script('exec sleep 600')
  const bench = await startBench({ speechProgram: program.path })
  const id = await call(bench, '<speak>Hello</speak>')
  const answer = fetch(`${bench.standIn.url}/messages/${id}/speech.wav`).then(
    ({ status }) => status,
    () => 'cut off',
  )
  // Five at once: the fifth is refused for now, so the others are in progress.
  const others = [1, 2, 3, 4].map(() =>
    bench.call(`/messages/${id}/speech.wav`).then(
      ({ status }) => status,
      () => 'cut off',
    ),
  )
  assert.equal(await Promise.race(others), 503)
  await bench[Symbol.asyncDispose]()
  assert.ok([500, 'cut off'].includes(await answer))
})

async function call(bench: TestBench, ssml: string): Promise<string> {
  const input = { ...NUMBERS, MessageBody: ssml, MessageBodyTextType: 'SSML', VoiceId: 'CAMILA' } as const
  return (await bench.client.send(new SendVoiceMessageCommand(input))).MessageId ?? ''
}

/** A shell script instead of eSpeak NG; deleted when the test ends. */
async function script(commands: string): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'speech-'))
  const path = join(folder, 'speak')
  await writeFile(path, `#!/bin/sh\n${commands}\n`, { mode: 0o755 })
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
