import { CfnRule, Fn, type ICfnRuleConditionExpression, type Stack } from 'aws-cdk-lib'
import type { ParameterName, Parameters } from './parameters.ts'

const TOKEN_PARAMETERS = ['OktaIssuer', 'OktaAudience', 'OktaClientId', 'OktaScope'] as const

/** What parameters must be together. CloudFormation checks it before it touches anything. */
export function defineRules(stack: Stack, parameters: Parameters): void {
  const isEmpty = (name: ParameterName): ICfnRuleConditionExpression =>
    Fn.conditionEquals(parameters[name].valueAsString, '')
  const isGiven = (name: ParameterName): ICfnRuleConditionExpression => Fn.conditionNot(isEmpty(name))

  new CfnRule(stack, 'WhoMayCall', {
    assertions: [
      {
        // One way in: API Gateway reads one header only, so a second way would be given and never work.
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
