import { CfnParameter, type Stack } from 'aws-cdk-lib'
import type { ParameterGroup, ParameterPlan } from './parameter-plan.ts'
import { accountGroups } from './parameters-of-the-account.ts'
import { hookGroups } from './parameters-of-the-hook.ts'

export type Parameters = Readonly<Record<ParameterName, CfnParameter>>
export type ParameterName =
  | NameIn<(typeof hookGroups)[number]['parameters']>
  | NameIn<(typeof accountGroups)[number]['parameters']>
type NameIn<Group> = Group extends unknown ? keyof Group & string : never

/** Every parameter, in groups and with labels, as the CloudFormation console shows them. */
export function defineParameters(stack: Stack): Parameters {
  const groups: readonly ParameterGroup[] = [...hookGroups, ...accountGroups]
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
