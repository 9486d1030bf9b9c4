import { createHash } from 'node:crypto'
import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling'
import { CfnAlias, type CfnFunction, CfnVersion } from 'aws-cdk-lib/aws-lambda'
import { type Base, eitherText, only } from '../base.ts'

/**
 * What the gateway calls: an alias of the newest version of the hook, never `$LATEST`. A version is an
 * unchangeable copy, so exactly what a deploy published runs, also with warm instances and traffic shifts.
 *
 * With `OneFunction` the alias has another name: the API without an authorizer must not call a hook that expects one, nor the
 * other way round. While a deploy changes from one to the other, each API still calls its own version.
 */
export function defineLiveAlias(base: Base, hook: CfnFunction): CfnAlias {
  const { stack, parameters, when } = base
  // A changed function changes the ID, and a changed revision the description. In both cases CloudFormation replaces the
  // version, which publishes the next one. Lambda refuses that if the function did not change, which is why release and
  // revision are part of the function (hook.ts).
  const version = new CfnVersion(stack, `HookVersion${hashOf(stack.resolve(definitionOf(hook)))}`, {
    functionName: hook.ref,
    description: parameters.SettingsRevision.valueAsString,
  })
  const live = new CfnAlias(stack, 'HookAlias', {
    functionName: hook.ref,
    name: withAlias(base, name => name),
    functionVersion: version.attrVersion,
    provisionedConcurrencyConfig: only(when.warm, {
      ProvisionedConcurrentExecutions: parameters.ProvisionedConcurrency.valueAsString,
    }),
  })
  scaleWarmInstances(base, hook, live)
  return live
}

/** A text with the name of the alias. */
export function withAlias({ when }: Base, textWith: (alias: string) => string): string {
  return eitherText(when.oneFunction, textWith('live-one'), textWith('live'))
}

function scaleWarmInstances(base: Base, hook: CfnFunction, live: CfnAlias): void {
  const { stack, parameters, when } = base
  const target = new CfnScalableTarget(stack, 'WarmInstances', {
    serviceNamespace: 'lambda',
    scalableDimension: 'lambda:function:ProvisionedConcurrency',
    resourceId: withAlias(base, alias => `function:${hook.ref}:${alias}`),
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

/** Everything of a function that a version copies. */
function definitionOf(hook: CfnFunction): readonly unknown[] {
  const { code, runtime, handler, architectures, memorySize, timeout, role, environment } = hook
  return [
    ...[code, runtime, handler, architectures, memorySize, timeout, role, environment],
    ...[hook.description, hook.loggingConfig, hook.tracingConfig, hook.deadLetterConfig],
  ]
}

/** A hash of letters and digits, for an ID. */
function hashOf(definition: unknown): string {
  return createHash('sha256').update(JSON.stringify(definition)).digest('hex').slice(0, 16)
}
