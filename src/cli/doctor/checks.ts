import type { Check } from './check.ts'
import {
  accountTierCheck,
  codeCheck,
  configurationSetCheck,
  credentialsCheck,
  identitiesCheck,
  oktaAddressesCheck,
  protectCheck,
  regionCheck,
  spendLimitsCheck,
} from './checks/aws.ts'
import { canaryCheck } from './checks/canary.ts'
import { eventHookCheck, eventLimitCheck, eventsCheck } from './checks/events.ts'
import { fraudAnswersCheck, fraudModeCheck, fraudSentCheck } from './checks/fraud.ts'
import { blockedAnswerCheck, endpointCheck, failOversCheck, previewCheck } from './checks/hook.ts'
import {
  authenticationMethodCheck,
  enrolmentCheck,
  hookActiveCheck,
  hookUrlCheck,
  phoneCheck,
  phoneUseCheck,
  providersCheck,
  signOnCheck,
} from './checks/org.ts'
import {
  clockCheck,
  defaultCountryCheck,
  hashKeyCheck,
  routesCheck,
  settingsCheck,
  storeCheck,
  templatesCheck,
} from './checks/store.ts'
import {
  accessPolicyCheck,
  audienceCheck,
  clientCheck,
  issuerCheck,
  scopeCheck,
  tokenCheck,
} from './checks/tokens.ts'

/** Causes before their consequences: findings of one severity are shown in this order. */
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
  eventHookCheck,
  eventsCheck,
  eventLimitCheck,
  fraudAnswersCheck,
  fraudModeCheck,
  fraudSentCheck,
  canaryCheck,
  hashKeyCheck,
]
