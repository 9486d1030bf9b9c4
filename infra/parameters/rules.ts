import { CfnRule, Fn, type ICfnRuleConditionExpression, type Stack } from 'aws-cdk-lib'
import type { ParameterName, Parameters } from './parameters.ts'
import { THROTTLING_RATES } from './parameters-of-the-account.ts'

const RATES_WITHOUT_FIREWALL = THROTTLING_RATES.filter(rate => rate <= 100)
const TOKEN_PARAMETERS = ['OktaIssuer', 'OktaAudience', 'OktaClientId', 'OktaScope'] as const

/** What parameters must be together. CloudFormation checks it before it touches anything. */
export function defineRules(stack: Stack, parameters: Parameters): void {
  const isEmpty = (name: ParameterName): ICfnRuleConditionExpression =>
    Fn.conditionEquals(parameters[name].valueAsString, '')
  const isGiven = (name: ParameterName): ICfnRuleConditionExpression => Fn.conditionNot(isEmpty(name))

  new CfnRule(stack, 'WhoMayCall', {
    assertions: [
      {
        // One authentication method: API Gateway reads one header only, and a second method would never work.
        assert: Fn.conditionOr(
          Fn.conditionAnd(...TOKEN_PARAMETERS.map(isGiven), isEmpty('SecretHeaderName')),
          Fn.conditionAnd(...TOKEN_PARAMETERS.map(isEmpty), isGiven('SecretHeaderName')),
          Fn.conditionAnd(...TOKEN_PARAMETERS.map(isEmpty), isGiven('OktaOrgs')),
        ),
        assertDescription:
          'Nobody could call the hook, or in two ways. Give all of OktaIssuer, OktaAudience, OktaClientId and OktaScope, or OktaOrgs, or SecretHeaderName without the four.',
      },
    ],
  })
  const is = (name: ParameterName, value: string): ICfnRuleConditionExpression =>
    Fn.conditionEquals(parameters[name].valueAsString, value)
  new CfnRule(stack, 'HighRatesBehindTheFirewall', {
    assertions: [
      {
        assert: Fn.conditionOr(
          Fn.conditionNot(is('Firewall', 'off')),
          ...RATES_WITHOUT_FIREWALL.map(rate => is('ThrottlingRate', String(rate))),
        ),
        assertDescription:
          'A ThrottlingRate above 100 is for Okta, not for everybody on the Internet: set Firewall to count or block, whose rule blocks requests without a credential.',
      },
    ],
  })
  new CfnRule(stack, 'WarmInstancesOrTrafficShift', {
    assertions: [
      {
        assert: Fn.conditionOr(is('TrafficShift', 'off'), is('ProvisionedConcurrency', '0')),
        assertDescription:
          'Lambda keeps no instances warm for an alias that shares its requests between two versions. Set TrafficShift to off, or ProvisionedConcurrency to 0.',
      },
    ],
  })
  new CfnRule(stack, 'WarmInstancesGrowFromSome', {
    assertions: [
      {
        assert: Fn.conditionOr(
          Fn.conditionEquals(parameters.ProvisionedConcurrencyMax.valueAsString, '0'),
          Fn.conditionNot(Fn.conditionEquals(parameters.ProvisionedConcurrency.valueAsString, '0')),
        ),
        assertDescription:
          'ProvisionedConcurrencyMax is set, but ProvisionedConcurrency is 0. Set both, or neither.',
      },
    ],
  })
}
