import { defineCheck } from '../check.ts'

export const accountTierCheck = defineCheck({
  name: 'account tier',
  sentence: 'The account is in production: codes reach every number.',
  severity: 'error',
  remedy: 'Request production access in AWS End User Messaging.',
  needs: ['tier'],
  judge: ({ tier: { region, isInSandbox } }) => {
    if (isInSandbox === false) return []
    if (isInSandbox === undefined) {
      return [
        {
          severity: 'warning',
          cause: `AWS does not say whether the account is in the sandbox in ${region}.`,
          remedy: 'Look at the overview page of AWS End User Messaging.',
        },
      ]
    }
    return [
      { cause: `The account is in the sandbox in ${region}: codes reach only numbers that you verified.` },
    ]
  },
})
