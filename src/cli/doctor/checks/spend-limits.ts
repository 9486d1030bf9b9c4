import { defineCheck } from '../check.ts'

export const spendLimitsCheck = defineCheck({
  name: 'spend limits',
  sentence: 'The monthly spend limits leave room.',
  severity: 'warning',
  remedy: 'Raise the spend limit in AWS End User Messaging; above the most that it offers, ask AWS Support.',
  needs: ['spendLimits'],
  judge: ({ spendLimits }) =>
    spendLimits
      .filter(({ limit }) => limit <= LOW_LIMIT)
      .map(({ channel, limit, max }) => {
        const what = `The monthly spend limit for ${channel} is $${limit} (at most $${max} without asking AWS)`
        return limit <= 0
          ? { severity: 'error' as const, cause: `${what}: nothing is sent.` }
          : { cause: `${what}: when it is reached, nothing more is sent this month.` }
      }),
  detail: ({ spendLimits }) =>
    spendLimits.map(({ channel, limit, max }) => `${channel} $${limit} of at most $${max}.`).join(' '),
})

/** US dollars. New accounts begin with 1. */
const LOW_LIMIT = 1
