import assert from 'node:assert/strict'
import { it } from 'node:test'
import { VoiceId } from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { describeClosedList } from '../../../test/fixtures/closed-list.ts'
import { localeOfVoice, voicesByLocale } from './voices.ts'

describeClosedList('voices', {
  values: Object.values(VoiceId),
  isDecided: voice => localeOfVoice(voice) !== undefined,
  impossible: {},
})

it('has no voice that AWS lacks, and none twice', () => {
  const ours = Object.values(voicesByLocale).flat()
  assert.deepEqual(ours.toSorted(), Object.values(VoiceId).toSorted())
})
