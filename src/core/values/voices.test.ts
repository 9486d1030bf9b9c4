import assert from 'node:assert/strict'
import { it } from 'node:test'
import { VoiceId } from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { describeClosedList } from '../../../test/fixtures/closed-list.ts'
import { localeOfVoice, spokenLanguageOf, voicesByLocale } from './voices.ts'

describeClosedList('voices', {
  values: Object.values(VoiceId),
  isDecided: voice => localeOfVoice(voice) !== undefined,
  impossible: {},
})

it('has no voice that AWS lacks, and none twice', () => {
  const ours = Object.values(voicesByLocale).flat()
  assert.deepEqual(ours.toSorted(), Object.values(VoiceId).toSorted())
})

it('names the language of every voice with a region, as SSML does', () => {
  for (const locale of Object.keys(voicesByLocale))
    assert.match(spokenLanguageOf(locale) ?? '', /^(?:arb|[a-z]{2,3}-[A-Z]{2})$/, locale)
  assert.deepEqual(['en', 'en-GB', 'no', 'nb', 'zh-TW', 'fi', 'pt'].map(spokenLanguageOf), [
    'en-US',
    'en-GB',
    'nb-NO',
    'nb-NO',
    'cmn-CN',
    undefined,
    'pt-BR',
  ])
})
