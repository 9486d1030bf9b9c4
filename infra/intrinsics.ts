import { Aws, type CfnCondition, Fn, type IResolvable, Token } from 'aws-cdk-lib'

/** One of two values, decided when the stack is deployed. */
export function either(condition: CfnCondition, yes: unknown, no: unknown): IResolvable {
  return Fn.conditionIf(condition.logicalId, yes, no)
}

/** The value, or nothing at all. */
export function only(condition: CfnCondition, value: unknown): IResolvable {
  return either(condition, value, Aws.NO_VALUE)
}

export function eitherText(condition: CfnCondition, yes: string, no: string): string {
  return Token.asString(either(condition, yes, no))
}

export function onlyText(condition: CfnCondition, value: string): string {
  return Token.asString(only(condition, value))
}

/** An ARN of this account and region, or of another region; in whatever partition the stack lives. */
export function arn(service: string, resource: string, region: string = Aws.REGION): string {
  return `arn:${Aws.PARTITION}:${service}:${region}:${Aws.ACCOUNT_ID}:${resource}`
}
