import { defineCheck } from '../check.ts'

export const blockedAnswerCheck = defineCheck({
  name: 'blocked answer',
  sentence: 'What Okta hears about blocked numbers fits what the org does with it.',
  severity: 'warning',
  remedy: 'docs/okta.md#what-must-not-be-sent says which setting fits.',
  needs: ['settings', 'ownTelephony'],
  judge: ({ settings, ownTelephony }) => {
    const answer = settings.answers.blocked
    if (ownTelephony === 'sends' && answer !== 'silent') {
      return [
        {
          cause: `HOOKLINE_BLOCKED_ANSWER is ${answer}, and Okta sends codes by its own provider in this org: a blocked number gets its code from Okta.`,
          remedy: 'Set it to silent (parameter BlockedAnswer), or have Okta switch its own telephony off.',
        },
      ]
    }
    if (ownTelephony === 'none' && answer === 'silent') {
      return [
        {
          cause:
            'HOOKLINE_BLOCKED_ANSWER is silent, and Okta has no telephony of its own in this org: a person who is refused wrongly waits for a code that nobody sends.',
          remedy:
            'Set it to error (parameter BlockedAnswer): nobody sends then either, and the person sees it.',
        },
      ]
    }
    return []
  },
  detail: ({ settings, ownTelephony }) =>
    `HOOKLINE_BLOCKED_ANSWER is ${settings.answers.blocked}; ${SEEN[ownTelephony]}.`,
})

const SEEN = {
  sends: 'Okta sends by its own provider where the hook does not',
  none: 'Okta has no telephony of its own here',
  unknown: 'the System Log does not show whether Okta has telephony of its own here',
} as const
