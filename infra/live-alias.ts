import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling'
import { CfnAlias, type CfnFunction, CfnVersion } from 'aws-cdk-lib/aws-lambda'
import type { Base } from './base.ts'
import { eitherText, only } from './intrinsics.ts'

/**
 * What the gateway calls: the alias `live`. It stands for the function as it is now, so that every change of a
 * parameter takes effect. Instances that are kept warm need a published version: there the alias stands for the
 * newest one, and a deploy moves it.
 */
export function defineLiveAlias(base: Base, hook: CfnFunction): CfnAlias {
  const { stack, parameters, when, release } = base
  // A version is a copy that never changes. Another release gives it another ID, another revision another
  // description; CloudFormation replaces it in both cases, which publishes the next one.
  const version = new CfnVersion(stack, `HookVersion${idOf(release)}`, {
    functionName: hook.ref,
    description: `${release} ${parameters.SettingsRevision.valueAsString}`,
  })
  version.cfnOptions.condition = when.warm
  const live = new CfnAlias(stack, 'HookAlias', {
    functionName: hook.ref,
    name: 'live',
    functionVersion: eitherText(when.warm, version.attrVersion, '$LATEST'),
    provisionedConcurrencyConfig: only(when.warm, {
      ProvisionedConcurrentExecutions: parameters.ProvisionedConcurrency.valueAsString,
    }),
  })
  scaleWarmInstances(base, hook, live)
  return live
}

function scaleWarmInstances({ stack, parameters, when }: Base, hook: CfnFunction, live: CfnAlias): void {
  const target = new CfnScalableTarget(stack, 'WarmInstances', {
    serviceNamespace: 'lambda',
    scalableDimension: 'lambda:function:ProvisionedConcurrency',
    resourceId: `function:${hook.ref}:live`,
    minCapacity: parameters.ProvisionedConcurrency.valueAsNumber,
    maxCapacity: parameters.ProvisionedConcurrencyMax.valueAsNumber,
  })
  target.addResourceDependency(live)
  const policy = new CfnScalingPolicy(stack, 'WarmInstancesScaling', {
    policyName: 'warm-instances',
    policyType: 'TargetTrackingScaling',
    scalingTargetId: target.ref,
    targetTrackingScalingPolicyConfiguration: {
      targetValue: 0.7,
      predefinedMetricSpecification: {
        predefinedMetricType: 'LambdaProvisionedConcurrencyUtilization',
      },
    },
  })
  target.cfnOptions.condition = when.scaling
  policy.cfnOptions.condition = when.scaling
}

/** IDs are letters and digits. */
function idOf(release: string): string {
  return release.replaceAll(/[^A-Za-z0-9]/g, '')
}
