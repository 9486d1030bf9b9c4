import type { NewTemplate } from '../../src/core/policy/policy-store.ts'

/** As many templates as a company with fifteen languages has. */
export const plainTemplates: readonly NewTemplate[] = 'en es fr de it pt-BR nl sv da fi pl ja ko zh-CN tr'
  .split(' ')
  .flatMap(locale =>
    (['any', 'password-reset'] as const).map(purpose => ({
      channel: 'sms' as const,
      locale,
      purpose,
      text: '{code} is your verification code. Do not share it with anyone.',
      voiceId: '',
      indiaTemplateId: undefined,
    })),
  )
