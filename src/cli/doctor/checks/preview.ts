import { describeReading, isGood } from '../../../okta/setup/preview.ts'
import { defineCheck } from '../check.ts'

export const previewCheck = defineCheck({
  name: 'preview',
  sentence: 'Okta calls the hook, and reads its answer as a success.',
  severity: 'error',
  remedy:
    "What stands above may be the reason. Else: is there a route for the number, and is its limit (five messages in ten minutes) not reached? Try another with --to. The deployment's own words: npx hookline deliveries.",
  needs: ['preview'],
  judge: ({ preview }) => {
    if (preview.kind === 'failed') {
      return [{ cause: `Okta called the hook, and could not use the answer: ${preview.sentence}` }]
    }
    return isGood(preview.reading)
      ? []
      : [{ cause: `Okta called the hook, and read: ${describeReading(preview.reading)}` }]
  },
  detail: ({ preview }) => (preview.kind === 'read' ? (preview.reading.notice ?? '') : ''),
})
