import { Aws, type CfnCondition, Fn, type IResolvable, type Stack, Token } from 'aws-cdk-lib'
import type { Parameters } from './parameters/parameters.ts'
import type { Conditions } from './parameters/rules.ts'

/** The input of parts that only need to know whether there is a key. */
export type KeyBase = { readonly stack: Stack; readonly when: Pick<Conditions, 'ownKey'> }

/** The input of every part of the stack. */
export type Base = {
  readonly stack: Stack
  readonly parameters: Parameters
  readonly when: Conditions
  /** Hash of the functions' archives, which is their folder in the bucket. */
  readonly release: string
  /** Of Hookline, such as `0.1.0`. */
  readonly version: string
}

/** One of two values, decided when the stack is deployed. */
export function either(condition: CfnCondition, yes: unknown, no: unknown): IResolvable {
  return Fn.conditionIf(condition.logicalId, yes, no)
}

/** The value, or no property. */
export function only(condition: CfnCondition, value: unknown): IResolvable {
  return either(condition, value, Aws.NO_VALUE)
}

export function eitherText(condition: CfnCondition, yes: string, no: string): string {
  return Token.asString(either(condition, yes, no))
}

export function onlyText(condition: CfnCondition, value: string): string {
  return Token.asString(only(condition, value))
}

/** An ARN of this account and region, or of another region; in the partition of the stack. */
export function arn(service: string, resource: string, region: string = Aws.REGION): string {
  return `arn:${Aws.PARTITION}:${service}:${region}:${Aws.ACCOUNT_ID}:${resource}`
}
