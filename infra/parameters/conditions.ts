import { CfnCondition, Fn, type ICfnConditionExpression, type Stack } from 'aws-cdk-lib'
import type { Parameters } from './parameters.ts'

export type Conditions = ReturnType<typeof defineConditions>

/** What the parameters decide. CloudFormation compares texts only: "more than none" is "not 0". */
export function defineConditions(stack: Stack, parameters: Parameters) {
  const define = (name: string, expression: ICfnConditionExpression): CfnCondition =>
    new CfnCondition(stack, name, { expression })
  const is = (name: keyof Parameters, value: string): ICfnConditionExpression =>
    Fn.conditionEquals(parameters[name].valueAsString, value)
  const isOn = (name: keyof Parameters): ICfnConditionExpression => is(name, 'true')
  const isGiven = (name: keyof Parameters): ICfnConditionExpression => Fn.conditionNot(is(name, ''))
  const isNotZero = (name: keyof Parameters): ICfnConditionExpression => Fn.conditionNot(is(name, '0'))

  const byToken = define('IsByToken', is('SecretHeaderName', ''))
  const firewallBlocks = define('FirewallBlocks', is('Firewall', 'block'))
  const firewall = define('HasFirewall', Fn.conditionNot(is('Firewall', 'off')))
  const oktaAddresses = define('HasOktaAddresses', isGiven('OktaAddresses'))
  const warm = define('HasWarmInstances', isNotZero('ProvisionedConcurrency'))
  return {
    ownKey: define('HasOwnKey', isOn('OwnKey')),
    byToken,
    byHeader: define('IsByHeader', Fn.conditionNot(byToken)),
    firewall,
    firewallBlocks,
    oktaAddresses,
    exemptsOkta: define('ExemptsOkta', Fn.conditionAnd(firewall, oktaAddresses)),
    rateBlocks: define('RateRuleBlocks', Fn.conditionAnd(firewallBlocks, oktaAddresses)),
    dashboard: define('HasDashboard', isOn('Dashboard')),
    alarmEmail: define('HasAlarmEmail', isGiven('AlarmEmail')),
    makesLogRole: define('MakesApiLogRole', is('ApiLogRole', 'create')),
    allAlarms: define('HasAllAlarms', is('AlarmSet', 'all')),
    tracing: define('HasTracing', isOn('Tracing')),
    warm,
    shifts: define('ShiftsTraffic', Fn.conditionNot(is('TrafficShift', 'off'))),
    pinsCommonRules: define('PinsCommonRules', isGiven('CommonRulesVersion')),
    pinsBadInputs: define('PinsBadInputs', isGiven('BadInputsVersion')),
    scaling: define('ScalesWarmInstances', Fn.conditionAnd(warm, isNotZero('ProvisionedConcurrencyMax'))),
    protect: define('HasProtect', isOn('Protect')),
    secondRegion: define('HasSecondRegion', isGiven('SecondRegion')),
    pinsHookCode: define('PinsHookCode', isGiven('HookCodeVersion')),
    pinsAuthorizerCode: define('PinsAuthorizerCode', isGiven('AuthorizerCodeVersion')),
    pinsReceiptsCode: define('PinsReceiptsCode', isGiven('ReceiptsCodeVersion')),
    notify: define('HasNotify', isOn('Notify')),
    eventBridge: define('HasReceiptsFromEventBridge', isOn('ReceiptsFromEventBridge')),
  }
}
