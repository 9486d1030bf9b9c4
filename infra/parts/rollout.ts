import type { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch'
import { CfnApplication, CfnDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy'
import { CfnRole } from 'aws-cdk-lib/aws-iam'
import type { CfnAlias, CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { arn, type Base, only } from '../base.ts'
import { allow } from './function.ts'
import { withAlias } from './live-alias.ts'

/**
 * With TrafficShift, a new version of the hook first gets a share of the requests. If one of the alarms goes off,
 * CodeDeploy returns all requests to the previous version and CloudFormation rolls the change back.
 */
export function defineRollout(
  base: Base,
  hook: CfnFunction,
  live: CfnAlias,
  alarms: readonly CfnAlarm[],
): void {
  const { stack, parameters, when } = base
  const nameIfCreated = ({ ref, cfnOptions: { condition } }: CfnAlarm) =>
    condition === undefined ? { name: ref } : only(condition, { Name: ref })
  const role = new CfnRole(stack, 'RolloutRole', {
    description: 'Permissions of CodeDeploy during a rollout of the hook',
    assumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'codedeploy.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    },
    policies: [
      {
        policyName: 'own',
        policyDocument: {
          Version: '2012-10-17',
          Statement: [
            allow(
              ['lambda:GetAlias', 'lambda:UpdateAlias', 'lambda:GetProvisionedConcurrencyConfig'],
              [hook.attrArn, withAlias(base, alias => `${hook.attrArn}:${alias}`)],
            ),
            allow(['cloudwatch:DescribeAlarms'], [arn('cloudwatch', 'alarm:*')]),
          ],
        },
      },
    ],
  })
  const application = new CfnApplication(stack, 'Rollout', { computePlatform: 'Lambda' })
  const group = new CfnDeploymentGroup(stack, 'RolloutOfHook', {
    applicationName: application.ref,
    serviceRoleArn: role.attrArn,
    deploymentConfigName: `CodeDeployDefault.${parameters.TrafficShift.valueAsString}`,
    deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
    alarmConfiguration: { enabled: true, alarms: alarms.map(nameIfCreated) },
    autoRollbackConfiguration: {
      enabled: true,
      events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
    },
  })
  for (const part of [role, application, group]) part.cfnOptions.condition = when.shifts
  live.addOverride(
    'UpdatePolicy',
    only(when.shifts, {
      CodeDeployLambdaAliasUpdate: { ApplicationName: application.ref, DeploymentGroupName: group.ref },
    }),
  )
}
