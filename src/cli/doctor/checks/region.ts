import { defineCheck } from '../check.ts'

export const regionCheck = defineCheck({
  name: 'region',
  sentence: 'The region has AWS End User Messaging.',
  severity: 'error',
  remedy: 'Choose a region that has it, such as us-east-1 or eu-west-1: AWS_REGION.',
  needs: ['region'],
  judge: ({ region: { name, hasMessaging } }) =>
    hasMessaging ? [] : [{ cause: `AWS End User Messaging is not in ${name}: nothing can be sent.` }],
  detail: ({ region: { name } }) => `${name}.`,
})
