import { type Followed, howToFollow } from './follow-stack.ts'
import { inWordsType } from './resource-words.ts'

/** Why a deployment failed, how things are now, and what to do. */
export function describeFailure({ stack, cause }: Followed, region: string, isFirst: boolean): string {
  const why =
    cause === undefined
      ? (stack.reason ?? stack.status)
      : `${inWordsType(cause.type)} ${cause.resource}: ${cause.reason ?? cause.status}`
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
  [/NoSuchKey|GetObject/, 'the code is not in the bucket. Run hookline deploy again: it uploads it.'],
  [
    /limit|quota|exceeded/i,
    'a quota of the account is reached. Ask AWS for a higher one (Service Quotas), or delete what is not needed.',
  ],
]
