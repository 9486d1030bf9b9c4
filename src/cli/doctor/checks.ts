import type { Check } from './check.ts'
import { accessPolicyCheck } from './checks/access-policy.ts'
import { accountTierCheck } from './checks/account-tier.ts'
import { audienceCheck } from './checks/audience.ts'
import { authenticationMethodCheck } from './checks/authentication-method.ts'
import { blockedAnswerCheck } from './checks/blocked-answer.ts'
import { clientCheck } from './checks/client.ts'
import { clockCheck } from './checks/clock.ts'
import { codeCheck } from './checks/code.ts'
import { configurationSetCheck } from './checks/configuration-set.ts'
import { credentialsCheck } from './checks/credentials.ts'
import { defaultCountryCheck } from './checks/default-country.ts'
import { endpointCheck } from './checks/endpoint.ts'
import { failOversCheck } from './checks/fail-overs.ts'
import { hookActiveCheck } from './checks/hook-active.ts'
import { hookUrlCheck } from './checks/hook-url.ts'
import { identitiesCheck } from './checks/identities.ts'
import { issuerCheck } from './checks/issuer.ts'
import { oktaAddressesCheck } from './checks/okta-addresses.ts'
import { phoneCheck } from './checks/phone.ts'
import { enrolmentCheck, phoneUseCheck, providersCheck, signOnCheck } from './checks/phone-use.ts'
import { previewCheck } from './checks/preview.ts'
import { protectCheck } from './checks/protect.ts'
import { regionCheck } from './checks/region.ts'
import { routesCheck } from './checks/routes.ts'
import { scopeCheck } from './checks/scope.ts'
import { settingsCheck } from './checks/settings.ts'
import { spendLimitsCheck } from './checks/spend-limits.ts'
import { storeCheck } from './checks/store.ts'
import { templatesCheck } from './checks/templates.ts'
import { tokenCheck } from './checks/token.ts'

/** Causes before what follows from them: of findings of one severity, the first in this order is shown first. */
export const checks: readonly Check[] = [
  settingsCheck,
  clockCheck,
  issuerCheck,
  hookActiveCheck,
  hookUrlCheck,
  clientCheck,
  authenticationMethodCheck,
  scopeCheck,
  accessPolicyCheck,
  audienceCheck,
  phoneCheck,
  phoneUseCheck,
  enrolmentCheck,
  signOnCheck,
  providersCheck,
  endpointCheck,
  credentialsCheck,
  regionCheck,
  accountTierCheck,
  spendLimitsCheck,
  configurationSetCheck,
  codeCheck,
  oktaAddressesCheck,
  storeCheck,
  routesCheck,
  templatesCheck,
  identitiesCheck,
  defaultCountryCheck,
  protectCheck,
  previewCheck,
  tokenCheck,
  blockedAnswerCheck,
  failOversCheck,
]
