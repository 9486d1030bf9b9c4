import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { spokenSeconds } from '../../src/advice/lint/spoken-length.ts'
import { espeakVoice, speakToFile } from '../../src/cli/templates/preview-audio.ts'
import { spokenDigits, writeMessage } from '../../src/core/message/message.ts'
import { prepareTemplate, type TemplateText } from '../../src/core/message/template.ts'
import { voiceFor } from '../../src/core/values/voices.ts'
import { allShippedTexts, templateValuesOf } from '../fixtures/planning.ts'
import { skipWithoutEspeak } from '../support/espeak.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const CODE = '493817'
const skip = skipWithoutEspeak('how calls sound')

const ENVIRONMENT = { PATH: process.env.PATH ?? '' }

describe('a call that eSpeak NG speaks', { skip, timeout: 120_000 }, () => {
  for (const locale of ['en', 'es', 'de', 'fr', 'it', 'pl', 'pt-BR', 'ru', 'sv', 'tr', 'zh-CN', 'ar']) {
    test(`speaks each digit separately, in order, twice: ${locale}`, () => {
      const { ssml, voice } = callIn(locale)
      // A clause is between two pauses: a digit alone sounds as in a list of digits.
      const clauses = phonemes(ssml, voice)
      const digits = [...CODE].map(digit => phonemes(`<speak>${digit}</speak>`, voice).join())
      assert.equal(new Set(digits).size, digits.length, `each digit has its own sound: ${digits.join(' | ')}`)
      const heard = clauses.map(clause => digits.indexOf(clause)).filter(index => index >= 0)
      assert.deepEqual(heard, [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5], clauses.join(' | '))
      const asNumber = phonemes(`<speak>${CODE}</speak>`, voice).join()
      assert.ok(!clauses.join().includes(asNumber), 'it is never one large number')
    })

    test(`is about as long as estimated: ${locale}`, async () => {
      using folder = temporaryFolder()
      const { ssml, voiceId } = callIn(locale)
      const path = join(folder.path, 'call.wav')
      assert.deepEqual(await speakToFile(ssml, voiceId, path, ENVIRONMENT), { kind: 'spoken' })
      const seconds = lengthOf(readFileSync(path))
      const estimate = spokenSeconds(ssml)
      assert.ok(seconds > 10 && seconds < 40, `${seconds} s`)
      assert.ok(
        seconds / estimate > 0.65 && seconds / estimate < 1.35,
        `${seconds} s, estimated ${estimate} s`,
      )
    })
  }

  test('would detect the fault: without pauses the code is one large number', () => {
    const { ssml, voice } = callIn('en')
    const joined = ssml.replaceAll(spokenDigits(CODE), CODE)
    const digits = [...CODE].map(digit => phonemes(`<speak>${digit}</speak>`, voice).join())
    assert.equal(phonemes(joined, voice).filter(clause => digits.includes(clause)).length, 0)
  })

  test('speaks no local file: markup that is not portable is removed', async () => {
    using folder = temporaryFolder()
    const [plain, tricky] = [join(folder.path, 'a.wav'), join(folder.path, 'b.wav')]
    await speakToFile('<speak>One.</speak>', 'JOANNA', plain, ENVIRONMENT)
    await speakToFile(`<speak>One.<audio src="${plain}"/></speak>`, 'JOANNA', tricky, ENVIRONMENT)
    assert.ok(Math.abs(lengthOf(readFileSync(tricky)) - lengthOf(readFileSync(plain))) < 0.5)
  })
})

function callIn(locale: string): { readonly ssml: string; readonly voice: string; readonly voiceId: string } {
  const isIt = (text: TemplateText) =>
    text.channel === 'voice' && text.locale === locale && text.purpose === 'mfa-verification'
  const template = allShippedTexts.find(isIt)
  const voiceId = voiceFor(locale)
  assert.ok(template !== undefined && voiceId !== undefined)
  const rules = { ending: undefined, partsMax: 1, voiceId }
  const message = writeMessage(prepareTemplate(template), templateValuesOf({ code: CODE }), rules)
  assert.ok(message !== undefined)
  return { ssml: message.body.reveal(), voice: espeakVoice(voiceId), voiceId }
}

/** The speech, clause by clause, in eSpeak NG's phonemes; without stress, which depends on the position. */
function phonemes(ssml: string, voice: string): readonly string[] {
  const { stdout, status } = spawnSync('espeak-ng', ['-m', '-x', '-q', '-v', voice, '--stdin'], {
    input: ssml,
    encoding: 'utf8',
  })
  assert.equal(status, 0)
  return stdout
    .split('\n')
    .map(line => line.replace(/[',%=_:|\s]/g, ''))
    .filter(line => line !== '')
}

/** Seconds of 16-bit mono audio, by its header. */
function lengthOf(wav: Buffer): number {
  return wav.readUInt32LE(40) / wav.readUInt32LE(28)
}
