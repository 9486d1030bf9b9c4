import { defineCheck } from '../check.ts'

export const hookUrlCheck = defineCheck({
  name: 'hook address',
  sentence: 'The hook calls the address of this deployment.',
  severity: 'error',
  remedy:
    'Give the hook the new address with hookline okta setup --url, or in Okta: Workflow > Inline Hooks.',
  needs: ['org'],
  judge: ({ org: { hook, url } }) =>
    hook === undefined || url === undefined || hook.uri === url
      ? []
      : [
          {
            cause: `The hook "${hook.name}" calls ${hook.uri}, and the deployment is at ${url}.`,
            fixedBy: ['change hook'],
          },
        ],
  detail: ({ org: { hook, url } }) =>
    url === undefined ? `It calls ${hook?.uri ?? 'nothing'}; --url compares.` : '',
})
