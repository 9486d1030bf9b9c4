import type { TemplateValues, ValueRules } from '../../core/message/template-values.ts'
import { Secret } from '../../core/values/secret.ts'

/** What a message is usually filled in with: Okta's six digits, five minutes, and what the settings say. */
export function sampleValues({ brand, domain, usesFirstName }: ValueRules): TemplateValues {
  return {
    code: new Secret(SAMPLE_CODE),
    minutes: 5,
    brand,
    domain: domain ?? '',
    firstName: usesFirstName ? 'Kim' : '',
  }
}

/** Nobody's. */
export const SAMPLE_CODE = '493817'
