import type { AwsError } from './aws-error.ts'
import { invalidFields } from './validation.ts'

/** The text AWS Notify would send: its template with the caller's values filled in. */
export type Resolved = { readonly kind: 'resolved'; readonly templateId: string; readonly body: string }

/**
 * Fills in a template of AWS Notify. AWS's templates are its own and are not published as a whole, so every template ID
 * gives the same plain template here; `code` is the variable that all of them need.
 */
export function resolveTemplate(
  channel: 'sms' | 'voice',
  templateId: string | undefined,
  variables: Readonly<Record<string, string>>,
): Resolved | AwsError {
  const code = Object.hasOwn(variables, 'code') ? variables.code : undefined
  if (code === undefined) {
    const message = 'Member must have the template variable "code"'
    return invalidFields('MISSING_PARAMETER', [{ name: 'TemplateVariables', message }])
  }
  return {
    kind: 'resolved',
    templateId: templateId || 'notify-code-verification-english-001',
    body:
      channel === 'sms'
        ? `Your verification code is ${code}.`
        : `Your verification code is ${[...code].join(', ')}. Again, your code is ${[...code].join(', ')}.`,
  }
}
