import { type NewTemplate, nameOfTemplate } from '../../core/policy/policy-store.ts'
import type { LintRules, Remark } from './finding.ts'
import { remarks } from './template-texts.ts'

/**
 * The signature of a text to mainland China, a registered name in lenticular brackets: `【示例公司】`. AWS End User Messaging,
 * "China sender ID registration": at least two Chinese characters, at the start of every message.
 */
export type Signature = 'none' | 'valid' | 'not first' | 'not Chinese'

/** The signature of a text or of a template; the brand counts as Chinese while it is not filled in. */
export function signatureOf(text: string): Signature {
  const found = /【([^【】]+)】/.exec(text)
  if (found === null) return 'none'
  const [, name = ''] = found
  const isChinese = name.includes('{brand}') || (name.match(/\p{Script=Han}/gu) ?? []).length >= 2
  if (!isChinese) return 'not Chinese'
  return found.index === 0 ? 'valid' : 'not first'
}

/** Whether users in mainland China can get this template: each of its forms has the signature. */
export function isSigned({ text, short }: Pick<NewTemplate, 'text' | 'short'>): boolean {
  return signatureOf(text) === 'valid' && (short === undefined || signatureOf(short) === 'valid')
}

/** Findings about a template with a signature: the rest of the words must be those that are registered with it. */
export function lintSignature(template: NewTemplate, ending?: LintRules['ending']): readonly Remark[] {
  const signature = signatureOf(template.text)
  if (signature === 'none') return []
  if (signature === 'not first') return [remarks.signatureNotFirst()]
  if (signature === 'not Chinese') return [remarks.signatureNotChinese()]
  return [
    template.short === undefined
      ? remarks.signed(nameOfTemplate(template))
      : remarks.signatureOfTwoForms(nameOfTemplate(template)),
    ...(ending === undefined ? [] : [remarks.signatureWithLine(ending)]),
  ]
}
