import { type Followed, howToFollow } from './follow-stack.ts'
import { labelOfType } from './resource-labels.ts'

/** Why a deployment failed, how things are now, and what to do. */
export function describeFailure({ stack, cause }: Followed, region: string, isFirst: boolean): string {
  const why =
    cause === undefined
      ? (stack.reason ?? stack.status)
      : `${labelOfType(cause.type)} ${cause.resource}: ${cause.reason ?? cause.status}`
  const remedy = REMEDIES.find(([pattern]) => pattern.test(why))?.[1] ?? 'Read the reason above.'
  return [
    `✗ Not deployed. ${why}`,
    `What to do: ${remedy}`,
    stateNow(stack.status, isFirst),
    howToFollow(region, stack.id),
  ].join('\n')
}

function stateNow(status: string, isFirst: boolean): string {
  if (status.endsWith('ROLLBACK_FAILED'))
    return `CloudFormation could not take everything back (${status}). The page below names what is left.`
  return isFirst
    ? 'CloudFormation took back what it had made; nothing is left that costs. Run hookline deploy again: it offers to delete the rest of the stack.'
    : 'CloudFormation went back to the version before; the hook went on answering. Run hookline deploy again when the reason is gone.'
}

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /A version for this Lambda function exists/,
    'Lambda publishes no second version of a function that did not change. Run hookline deploy again: it gives the function another revision. In a pipeline of your own, give another SettingsRevision with every change.',
  ],
  [
    /Invalid alias configuration for Provisioned Concurrency|Alias with weights can not be used/i,
    'the alias still shares its requests between two versions, because instances of the newer one did not start. Give all to one: aws lambda update-alias --function-name <the hook> --name live --routing-config AdditionalVersionWeights={}; see the log of the hook for why they did not start; then deploy again.',
  ],
  [
    /CodeDeploy|DEPLOYMENT_STOP_ON_ALARM/i,
    'an alarm rose, or the new version failed, while it got its first share of the requests. The version before answers everything again. See which alarm it was in CloudWatch, and the log of the hook.',
  ],
  [
    /managed ?rule ?group|ExpiredManagedRuleGroupVersion/i,
    "AWS no longer takes this version of its rules. Deploy with --set CommonRulesVersion= --set BadInputsVersion= for AWS's default versions, or with ones that are listed by: aws wafv2 list-available-managed-rule-group-versions --scope REGIONAL --vendor-name AWS --name AWSManagedRulesCommonRuleSet",
  ],
  [
    /already exists|AlreadyExists/,
    'something in the account has this name. Choose another name with --set (such as --set LambdaAPITriggerFunctionName=my-hook), or delete what has it.',
  ],
  [
    /not authorized|AccessDenied|Access denied/i,
    'the credentials lack a right that the reason names. Ask whoever manages the account, or use another profile.',
  ],
  [
    /CloudWatch Logs role ARN/,
    'API Gateway has no role to write logs in this account yet. Run hookline deploy once more; the role may have been made a moment too late.',
  ],
  [
    /UnreservedConcurrentExecution|concurren/i,
    'the account has too little concurrency for Lambda. Deploy with --set ProvisionedConcurrency=0, or ask AWS for a higher quota (Service Quotas, Lambda, concurrent executions).',
  ],
  [
    /NoSuchKey|NoSuchVersion|GetObject/,
    'the code is not in the bucket. Run hookline deploy again: it uploads it.',
  ],
  [
    /limit|quota|exceeded/i,
    'a quota of the account is reached. Ask AWS for a higher one (Service Quotas), or delete what is not needed.',
  ],
]
