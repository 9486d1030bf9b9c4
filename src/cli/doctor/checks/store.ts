import { defineCheck } from '../check.ts'

export const storeCheck = defineCheck({
  name: 'store',
  sentence: 'The store answers, with a policy in it.',
  severity: 'error',
  remedy: 'Add templates with: hookline templates import',
  needs: ['policy'],
  judge: ({ policy: { policy, where } }) =>
    policy.templates.length > 0
      ? []
      : [
          {
            cause: `${where} has no templates (policy version ${policy.version}): every call is refused.`,
            fixedBy: ['templates'],
          },
        ],
  detail: ({ policy: { policy, where } }) =>
    `${where}: policy version ${policy.version}, ${policy.routes.length} routes, ${policy.templates.length} templates.`,
})
