import { defineCheck } from '../check.ts'

export const oktaAddressesCheck = defineCheck({
  name: 'okta addresses',
  sentence: "The firewall knows all of Okta's published addresses.",
  severity: 'warning',
  remedy: 'hookline deploy',
  needs: ['oktaAddresses'],
  judge: ({ oktaAddresses: { missing } }) => {
    const [first] = missing
    if (first === undefined) return []
    return [
      {
        cause: `Okta publishes ${missing.length === 1 ? 'a range' : `${missing.length} ranges`} that the firewall does not know, such as ${first}: calls from there count for the rate rule, and are labelled as not from Okta.`,
      },
    ]
  },
})
