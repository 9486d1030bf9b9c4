import { CfnLogGroup } from 'aws-cdk-lib/aws-logs'
import type { Base } from '../base.ts'
import { onlyText } from '../intrinsics.ts'
import type { OwnKey } from './key.ts'

/** Logs are kept as long as the deployment says, and go with the stack. */
export function defineLogGroup(
  { stack, parameters, when }: Base,
  key: OwnKey,
  id: string,
  logGroupName?: string,
): CfnLogGroup {
  return new CfnLogGroup(stack, id, {
    retentionInDays: parameters.LogRetentionDays.valueAsNumber,
    kmsKeyId: onlyText(when.ownKey, key.arn),
    ...(logGroupName !== undefined && { logGroupName }),
  })
}
