import { defineCheck } from '../check.ts'

export const credentialsCheck = defineCheck({
  name: 'credentials',
  sentence: 'AWS knows the credentials.',
  severity: 'error',
  remedy: 'Sign in with `aws sso login`, or choose a profile with AWS_PROFILE.',
  needs: ['credentials'],
  judge: () => [],
  detail: ({ credentials: { account, arn } }) => `Account ${account}, ${arn.split(':').at(-1)}.`,
})
