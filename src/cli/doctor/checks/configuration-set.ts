import { defineCheck } from '../check.ts'

export const configurationSetCheck = defineCheck({
  name: 'configuration set',
  sentence: 'The configuration set is there, and its events go somewhere.',
  severity: 'error',
  remedy:
    'Name one that is there in HOOKLINE_CONFIGURATION_SET: output ConfigurationSetName of hookline deploy.',
  needs: ['configurationSet'],
  judge: ({ configurationSet: { name, isThere, destinations } }) => {
    if (!isThere) return [{ cause: `AWS has no configuration set ${name}: it refuses every message.` }]
    if (destinations.some(({ isEnabled, events }) => isEnabled && events.length > 0)) return []
    const why = destinations.length === 0 ? 'has no event destination' : 'has no event destination that is on'
    return [
      {
        severity: 'warning',
        cause: `The configuration set ${name} ${why}: nobody learns whether messages arrive.`,
        remedy: 'Add one to SNS for all text and voice events; hookline deploy does it.',
      },
    ]
  },
})
