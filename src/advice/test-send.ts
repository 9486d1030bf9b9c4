import type { Attempt, SendResult } from '../core/deliver/ports.ts'
import { readIcuTemplate } from '../core/message/icu-template.ts'
import type { TemplateText } from '../core/message/template.ts'
import { type PlanRules, plan } from '../core/plan/plan.ts'
import { policyOf, type StoredPolicy } from '../core/policy/policy.ts'
import { Secret } from '../core/values/secret.ts'
import { attemptsOf, reasonOf } from './coverage/dry-runs.ts'
import { SAMPLE_CODE } from './preview-messages.ts'

/** The attempt that sends one template to one number, with a sample code, or why it cannot be sent. */
export type TestSend =
  | { readonly kind: 'attempt'; readonly attempt: Attempt }
  | { readonly kind: 'refused'; readonly why: string }

/**
 * As the hook would send it: from the first identity of the route, with its prices and the rules for the number. It is no
 * delivery: it is neither recorded nor counted.
 */
export function planTestSend(
  template: TemplateText,
  number: Secret,
  stored: StoredPolicy,
  rules: PlanRules,
  now: number,
): TestSend {
  const { channel, locale, purpose } = template
  const planned = plan(
    {
      ...{ eventId: undefined, oktaRequestId: undefined, preview: false, network: undefined },
      ...{ channel, locale, phoneNumber: number, code: new Secret(SAMPLE_CODE), msgTemplate: undefined },
      purpose: purpose === 'any' ? 'mfa-verification' : purpose,
      expiresAt: now + VALID_MS,
      user: { id: undefined, login: undefined, firstName: undefined },
    },
    policyOf({ ...stored, templates: [template] }, readIcuTemplate),
    rules,
    now,
  )
  if (planned.kind === 'refusal') return { kind: 'refused', why: reasonOf(planned) }
  const [attempt] = attemptsOf(planned)
  return attempt === undefined
    ? { kind: 'refused', why: 'There is no identity to send it from.' }
    : { kind: 'attempt', attempt: { ...attempt, deliveryId: 'test-send' } }
}

/** For the person who sent it: what AWS answered. */
export function describeSent(result: SendResult, { candidate, destination }: Attempt): string {
  const head = `From ${candidate.identity} to the number that ends in ${destination.lastDigits}:`
  switch (result.kind) {
    case 'accepted':
      return `${head} AWS accepted it as message ${result.messageId}.`
    case 'failure':
      return `${head} AWS did not send it: ${result.detail} (${result.code}).`
    case 'unknown':
      return `${head} it is not known whether it was sent: ${result.detail} (${result.code}).`
  }
}

const VALID_MS = 300_000
