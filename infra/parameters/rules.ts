import {
  CfnCondition,
  CfnRule,
  Fn,
  type ICfnConditionExpression,
  type ICfnRuleConditionExpression,
  type Stack,
} from 'aws-cdk-lib'
import { THROTTLING_RATES } from './groups.ts'
import type { Parameters } from './parameters.ts'

const RATES_WITHOUT_FIREWALL = THROTTLING_RATES.filter(rate => rate <= 100)
const TOKEN_PARAMETERS = ['OktaIssuer', 'OktaAudience', 'OktaClientId', 'OktaScope'] as const

/** Rules for combinations of parameters. CloudFormation checks them before it changes anything. */
export function defineRules(stack: Stack, parameters: Parameters): void {
  const isEmpty = (name: keyof Parameters): ICfnRuleConditionExpression =>
    Fn.conditionEquals(parameters[name].valueAsString, '')
  const isSet = (name: keyof Parameters): ICfnRuleConditionExpression => Fn.conditionNot(isEmpty(name))

  new CfnRule(stack, 'WhoMayCall', {
    assertions: [
      {
        // Only one authentication method, because API Gateway reads only one header.
        assert: Fn.conditionOr(
          Fn.conditionAnd(...TOKEN_PARAMETERS.map(isSet), isEmpty('SecretHeaderName')),
          Fn.conditionAnd(...TOKEN_PARAMETERS.map(isEmpty), isSet('SecretHeaderName')),
          Fn.conditionAnd(...TOKEN_PARAMETERS.map(isEmpty), isSet('OktaOrgs')),
        ),
        assertDescription:
          'Callers need one authentication method, and only one. Give all of OktaIssuer, OktaAudience, OktaClientId and OktaScope, or OktaOrgs, or SecretHeaderName without the four.',
      },
    ],
  })
  const is = (name: keyof Parameters, value: string): ICfnRuleConditionExpression =>
    Fn.conditionEquals(parameters[name].valueAsString, value)
  new CfnRule(stack, 'HighRatesBehindTheFirewall', {
    assertions: [
      {
        assert: Fn.conditionOr(
          Fn.conditionNot(is('Firewall', 'off')),
          ...RATES_WITHOUT_FIREWALL.map(rate => is('ThrottlingRate', String(rate))),
        ),
        assertDescription:
          'A ThrottlingRate above 100 requires the firewall, which blocks requests without a credential. Set Firewall to count or block.',
      },
    ],
  })
  new CfnRule(stack, 'MessageFeedbackFromEvents', {
    assertions: [
      {
        assert: Fn.conditionOr(is('MessageFeedback', 'false'), is('OktaEvents', 'true')),
        assertDescription:
          "MessageFeedback tells AWS which codes people entered, and only Okta's events say so. Set OktaEvents to true.",
      },
    ],
  })
  new CfnRule(stack, 'WarmInstancesOrTrafficShift', {
    assertions: [
      {
        assert: Fn.conditionOr(is('TrafficShift', 'off'), is('ProvisionedConcurrency', '0')),
        assertDescription:
          'Lambda cannot keep instances warm while an alias splits requests between two versions. Set TrafficShift to off, or ProvisionedConcurrency to 0.',
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

export type Conditions = ReturnType<typeof defineConditions>

/** The conditions that depend on parameters. CloudFormation compares texts only, so "more than 0" is "not 0". */
export function defineConditions(stack: Stack, parameters: Parameters) {
  const define = (name: string, expression: ICfnConditionExpression): CfnCondition =>
    new CfnCondition(stack, name, { expression })
  const is = (name: keyof Parameters, value: string): ICfnConditionExpression =>
    Fn.conditionEquals(parameters[name].valueAsString, value)
  const isOn = (name: keyof Parameters): ICfnConditionExpression => is(name, 'true')
  const isSet = (name: keyof Parameters): ICfnConditionExpression => Fn.conditionNot(is(name, ''))
  const isNotZero = (name: keyof Parameters): ICfnConditionExpression => Fn.conditionNot(is(name, '0'))

  const byToken = define('IsByToken', is('SecretHeaderName', ''))
  const firewallBlocks = define('FirewallBlocks', is('Firewall', 'block'))
  const firewall = define('HasFirewall', Fn.conditionNot(is('Firewall', 'off')))
  const oktaAddresses = define('HasOktaAddresses', isSet('OktaAddresses'))
  const oktaEvents = define('TakesOktaEvents', isOn('OktaEvents'))
  const figures = define('HasFigures', isOn('Figures'))
  const canary = define('HasCanary', Fn.conditionNot(is('Canary', 'off')))
  const allAlarms = define('HasAllAlarms', is('AlarmSet', 'all'))
  const byHeader = define('IsByHeader', Fn.conditionNot(byToken))
  const oneFunction = define('IsOneFunction', isOn('OneFunction'))
  const authorizer = define('HasAuthorizer', Fn.conditionNot(oneFunction))
  /** Without the address for Okta's events, and with it. */
  const apiForm = (name: string, ...conditions: readonly CfnCondition[]) => ({
    alone: define(`${name}Only`, Fn.conditionAnd(...conditions, Fn.conditionNot(oktaEvents))),
    withEvents: define(`${name}AndEvents`, Fn.conditionAnd(...conditions, oktaEvents)),
  })
  const warm = define('HasWarmInstances', isNotZero('ProvisionedConcurrency'))
  return {
    ownKey: define('HasOwnKey', isOn('OwnKey')),
    byToken,
    byHeader,
    oneFunction,
    authorizer,
    oneFunctionByHeader: define('IsOneFunctionByHeader', Fn.conditionAnd(oneFunction, byHeader)),
    oktaEvents,
    apiForms: {
      byToken: apiForm('IsByToken', authorizer, byToken),
      byHeader: apiForm('IsByHeader', authorizer, byHeader),
      oneFunction: apiForm('IsOneFunction', oneFunction),
    },
    messageFeedback: define('HasMessageFeedback', isOn('MessageFeedback')),
    eventAlarms: define('HasEventAlarms', Fn.conditionAnd(allAlarms, oktaEvents)),
    figures,
    canary,
    figureAlarms: define('HasFigureAlarms', Fn.conditionAnd(allAlarms, figures)),
    firewall,
    firewallBlocks,
    oktaAddresses,
    exemptsOkta: define('ExemptsOkta', Fn.conditionAnd(firewall, oktaAddresses)),
    rateBlocks: define('RateRuleBlocks', Fn.conditionAnd(firewallBlocks, oktaAddresses)),
    dashboard: define('HasDashboard', isOn('Dashboard')),
    alarmEmail: define('HasAlarmEmail', isSet('AlarmEmail')),
    makesLogRole: define('MakesApiLogRole', is('ApiLogRole', 'create')),
    allAlarms,
    tracing: define('HasTracing', isOn('Tracing')),
    warm,
    shifts: define('ShiftsTraffic', Fn.conditionNot(is('TrafficShift', 'off'))),
    pinsCommonRules: define('PinsCommonRules', isSet('CommonRulesVersion')),
    pinsBadInputs: define('PinsBadInputs', isSet('BadInputsVersion')),
    scaling: define('ScalesWarmInstances', Fn.conditionAnd(warm, isNotZero('ProvisionedConcurrencyMax'))),
    protect: define('HasProtect', isOn('Protect')),
    secondRegion: define('HasSecondRegion', isSet('SecondRegion')),
    pinsHookCode: define('PinsHookCode', isSet('HookCodeVersion')),
    pinsOneFunctionCode: define('PinsOneFunctionCode', isSet('OneFunctionCodeVersion')),
    pinsAuthorizerCode: define('PinsAuthorizerCode', isSet('AuthorizerCodeVersion')),
    pinsReceiptsCode: define('PinsReceiptsCode', isSet('ReceiptsCodeVersion')),
    pinsEventsCode: define('PinsEventsCode', isSet('EventsCodeVersion')),
    pinsFiguresCode: define('PinsFiguresCode', isSet('FiguresCodeVersion')),
    pinsCanaryCode: define('PinsCanaryCode', isSet('CanaryCodeVersion')),
    notify: define('HasNotify', isOn('Notify')),
    eventBridge: define('HasReceiptsFromEventBridge', isOn('ReceiptsFromEventBridge')),
  }
}
