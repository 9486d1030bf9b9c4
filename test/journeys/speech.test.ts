import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { espeakVoice, speak } from '../../src/cli/templates/preview-audio.ts'
import { prepareAnyTemplate } from '../../src/core/message/icu-template.ts'
import { spokenDigits, writeMessage } from '../../src/core/message/message.ts'
import { spokenSeconds } from '../../src/core/message/spoken-seconds.ts'
import type { TemplateText } from '../../src/core/message/template.ts'
import { voiceFor } from '../../src/core/values/voices.ts'
import { allShippedTexts, templateValuesOf } from '../fixtures/planning.ts'
import { skipWithoutEspeak } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const CODE = '493817'
const skip = skipWithoutEspeak('how calls sound')

const ENVIRONMENT = { PATH: process.env.PATH ?? '' }

/** eSpeak NG reads Japanese and Chinese characters as their names in English: of these calls it speaks the digits alone. */
const NOT_SPOKEN: ReadonlySet<string> = new Set(['ja', 'zh-CN', 'zh-TW'])
const spoken = [
  ...new Set(allShippedTexts.filter(({ channel }) => channel === 'voice').map(({ locale }) => locale)),
]

describe('a call that eSpeak NG speaks', { skip, timeout: 120_000 }, () => {
  for (const locale of spoken) {
    test(`says each digit by itself, in order, as often as the template says: ${locale}`, () => {
      const { ssml, voice, times } = callIn(locale)
      // The text between two pauses is one clause: a digit alone sounds as it does in a list of digits.
      const clauses = phonemes(ssml, voice)
      const digits = digitsOf(voice)
      assert.equal(new Set(digits).size, digits.length, `each digit has its own sound: ${digits.join(' | ')}`)
      const spoken = clauses.map(clause => digits.indexOf(clause)).filter(index => index >= 0)
      const order = [0, 1, 2, 3, 4, 5]
      assert.deepEqual(spoken, Array.from({ length: times }, () => order).flat(), clauses.join(' | '))
      const asNumber = phonemes(`<speak>${CODE}</speak>`, voice).join()
      assert.ok(!clauses.join().includes(asNumber), 'nowhere is it one large number')
    })

    test(`is about as long as estimated, and at most two seconds longer: ${locale}`, {
      skip: NOT_SPOKEN.has(locale) && 'eSpeak NG does not speak its words',
    }, async () => {
      const { ssml, voiceId } = callIn(locale)
      const seconds = lengthOf(await wavOf(ssml, voiceId))
      const estimate = spokenSeconds(ssml)
      assert.ok(seconds < 30, `${seconds} s`)
      assert.ok(
        estimate > seconds - 2 && estimate < (seconds * 4) / 3,
        `${seconds} s, estimated ${estimate} s`,
      )
    })
  }

  test('would hear the fault: without pauses the code is one large number', () => {
    const { ssml, voice } = callIn('en')
    const joined = ssml.replaceAll(spokenDigits(CODE), CODE)
    const digits = digitsOf(voice)
    assert.equal(phonemes(joined, voice).filter(clause => digits.includes(clause)).length, 0)
  })

  test('speaks no file of this machine: what is not portable is left out', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'a.wav')
    const plain = await wavOf('<speak>One.</speak>', 'JOANNA')
    writeFileSync(path, plain)
    const tricky = await wavOf(`<speak>One.<audio src="${path}"/></speak>`, 'JOANNA')
    assert.ok(Math.abs(lengthOf(tricky) - lengthOf(plain)) < 0.5)
  })
})

async function wavOf(ssml: string, voiceId: string): Promise<Buffer> {
  const result = await speak(ssml, voiceId, ENVIRONMENT)
  assert.ok(result.kind === 'spoken', result.kind)
  return Buffer.from(result.wav)
}

function callIn(locale: string) {
  const isIt = (text: TemplateText) =>
    text.channel === 'voice' && text.locale === locale && text.purpose === 'mfa-verification'
  const template = allShippedTexts.find(isIt)
  assert.ok(template !== undefined)
  const voiceId = template.voiceId || (voiceFor(locale) ?? assert.fail(locale))
  const rules = { ending: undefined, partsMax: 1, voiceId }
  const message = writeMessage(prepareAnyTemplate(template), templateValuesOf({ code: CODE }), rules)
  assert.ok(message !== undefined)
  const times = message.form === 'full' ? 3 : 2
  return { ssml: message.body.reveal(), voice: espeakVoice(voiceId), voiceId, times }
}

/** The sound of each digit of the code, as a paragraph of its own. */
function digitsOf(voice: string): readonly string[] {
  return phonemes(`<speak>${[...CODE].map(digit => `<p>${digit}</p>`).join('')}</speak>`, voice)
}

/** The speech, clause by clause, in eSpeak NG's letters for sounds; stress left out, which depends on the place. */
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

/** Seconds of 16-bit mono, by its header. */
function lengthOf(wav: Buffer): number {
  return wav.readUInt32LE(40) / wav.readUInt32LE(28)
}
