import type { OktaAccess } from '../terminal/context.ts'

/** What is needed again is not asked for again. */
export function askingOnce(okta: OktaAccess): OktaAccess {
  const answers = new Map<string, ReturnType<OktaAccess['askHidden']>>()
  return {
    ...okta,
    askHidden: question => {
      const answer = answers.get(question) ?? okta.askHidden(question)
      answers.set(question, answer)
      return answer
    },
  }
}
