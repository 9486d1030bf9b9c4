import { defineCheck } from '../check.ts'

export const codeCheck = defineCheck({
  name: 'code',
  sentence: 'Each function runs the code that hookline deploy put.',
  severity: 'error',
  remedy: 'Find out who changed it (CloudTrail: UpdateFunctionCode, UpdateAlias), then: hookline deploy',
  needs: ['functionCode'],
  judge: ({ functionCode }) =>
    functionCode.flatMap(({ name, runs, put }) => {
      if (put === undefined) {
        return [
          {
            severity: 'warning' as const,
            cause: `The archive that ${name} was deployed from is no longer in the code bucket: CloudFormation could not take a failed change back.`,
            remedy: 'Put it there again: hookline deploy',
          },
        ]
      }
      if (runs === put) return []
      return [
        {
          cause:
            runs === undefined
              ? `There is no function ${name} any more.`
              : `The function ${name} runs other code (SHA-256 ${runs}) than the one that was deployed (${put}).`,
        },
      ]
    }),
})
