import { CfnParameter, type Stack } from 'aws-cdk-lib'
import type { FunctionName, ResourceName } from '../../src/config/setting.ts'
import { allSettings, type SettingParameterName } from '../../src/config/setting-table.ts'
import { type ParameterGroup, type ParameterPlan, parameterGroups } from './groups.ts'

export type Parameters = Readonly<Record<ParameterName, CfnParameter>>
type ParameterName = SettingParameterName | NameIn<(typeof parameterGroups)[number]['parameters']>
type NameIn<Group> = Group extends unknown ? keyof Group & string : never

/** Defines every parameter, with its group and label in the CloudFormation console. */
export function defineParameters(stack: Stack): Parameters {
  const groups: readonly ParameterGroup[] = parameterGroups
  const plans = groups.flatMap(({ parameters }) => Object.entries(parameters))
  stack.templateOptions.metadata = {
    'AWS::CloudFormation::Interface': {
      ParameterGroups: groups.map(({ label, parameters }) => ({
        Label: { default: label },
        Parameters: Object.keys(parameters),
      })),
      ParameterLabels: Object.fromEntries(plans.map(([name, { label }]) => [name, { default: label }])),
    },
  }
  const defined = plans.map(([name, plan]) => [name, defineParameter(stack, name, plan)])
  return Object.fromEntries(defined) as Parameters // one for each name in the groups
}

function defineParameter(stack: Stack, name: string, plan: ParameterPlan): CfnParameter {
  return new CfnParameter(stack, name, {
    ...limitsOf(plan),
    ...(plan.value !== undefined && { default: plan.kind === 'choice' ? String(plan.value) : plan.value }),
    description: plan.description,
    constraintDescription: `expected ${plan.allowed}.`,
  })
}

function limitsOf(plan: ParameterPlan) {
  switch (plan.kind) {
    case 'text':
      return { type: 'String', allowedPattern: plan.pattern }
    case 'choice':
      return {
        type: typeof plan.value === 'number' ? 'Number' : 'String',
        allowedValues: plan.values.map(String),
      }
    case 'number':
      return { type: 'Number', minValue: plan.min, maxValue: plan.max }
  }
}

/** The settings of a function as environment variables, from parameters and the stack's resources. */
export function settingsOf(
  functionName: FunctionName,
  parameters: Parameters,
  resources: Readonly<Partial<Record<ResourceName, string>>>,
): Readonly<Record<string, string>> {
  const settings = allSettings.flatMap(({ name, deployed }): (readonly [string, string])[] => {
    if (deployed.kind === 'parameter')
      return deployed.functions.includes(functionName)
        ? [[name, parameters[deployed.parameter.name].valueAsString]]
        : []
    if (deployed.kind !== 'resource') return []
    const resource = deployed.resources[functionName]
    if (resource === undefined) return []
    const ref = resources[resource]
    if (ref === undefined) throw new Error(`The function ${functionName} needs the resource ${resource}`)
    return [[name, ref]]
  })
  return Object.fromEntries(settings)
}
