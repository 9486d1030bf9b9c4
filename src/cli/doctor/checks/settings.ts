import { defineCheck } from '../check.ts'

export const settingsCheck = defineCheck({
  name: 'settings',
  sentence: 'Every setting is known, right and complete.',
  severity: 'error',
  remedy: 'Correct it in the environment: docs/settings.md.',
  needs: ['settingProblems'],
  judge: ({ settingProblems }) => settingProblems.map(problem => ({ cause: problem })),
})
