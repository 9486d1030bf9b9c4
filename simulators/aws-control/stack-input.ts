import { evaluate, holds, type Scope } from './evaluate.ts'
import { ACCOUNT, type Faults } from './faults.ts'
import type { Answer } from './http.ts'
import { type Input, list, queryError, text } from './query.ts'
import type { Buckets } from './s3.ts'
import type { Change, ChangeSet, Stack } from './stack.ts'
import { PREVIOUS, type Resource, readTemplate, type Template } from './template.ts'

/** Why CloudFormation takes no change set now, in its words. */
export function whyNoChange(name: string, stack: Stack | undefined, type: string): string | undefined {
  if (stack === undefined) return type === 'CREATE' ? undefined : `Stack [${name}] does not exist`
  const { status, id } = stack
  if (status === 'REVIEW_IN_PROGRESS')
    return type === 'CREATE' ? undefined : `Stack:${id} is in ${status} state and can not be updated.`
  if (type === 'CREATE')
    return `Stack [${name}] already exists and cannot be created again with the changeSet`
  return CHANGEABLE.has(status) ? undefined : `Stack:${id} is in ${status} state and can not be updated.`
}

/** The template that `TemplateURL` names, as S3's own address or the stand-in's. */
export function templateAt(input: Input, buckets: Buckets): Template {
  const { hostname, pathname } = new URL(text(input, 'TemplateURL') ?? 'https://none.s3.amazonaws.com/')
  const [, host] = /^(.+)\.s3[.-][\w.-]*amazonaws\.com$/.exec(hostname) ?? []
  const path = decodeURIComponent(pathname.slice(1))
  const [bucket = '', ...rest] = host === undefined ? path.split('/') : [host, path]
  const object = buckets.get(bucket)?.objects.get(rest.join('/'))
  if (object === undefined) throw new Error('S3 error: The specified key does not exist.')
  return readTemplate(object.body.toString('utf8'))
}

export function givenParameters(input: Input): ReadonlyMap<string, string> {
  return new Map(
    list(input, 'Parameters').map(one => {
      const { ParameterKey, ParameterValue, UsePreviousValue } = one as Readonly<Record<string, string>>
      return [ParameterKey ?? '', UsePreviousValue === 'true' ? PREVIOUS : (ParameterValue ?? '')]
    }),
  )
}

export function openStack(name: string, region: string, now: () => Date): Stack {
  return {
    id: `arn:aws:cloudformation:${region}:${ACCOUNT}:stack/${name}/${now().getTime()}`,
    name,
    region,
    createdAt: now().toISOString(),
    status: 'REVIEW_IN_PROGRESS',
    reason: 'User Initiated',
    parameters: new Map(),
    template: undefined,
    outputs: [],
    resources: new Map(),
    events: [],
    pending: [],
    changeSets: new Map(),
  }
}

export function scopeOf(stack: Stack, template: Template, parameters: ReadonlyMap<string, string>): Scope {
  return {
    template,
    parameters,
    resources: new Map([...stack.resources].map(([name, { physicalId }]) => [name, physicalId])),
    pseudo: {
      'AWS::Region': stack.region,
      'AWS::AccountId': ACCOUNT,
      'AWS::Partition': 'aws',
      'AWS::StackName': stack.name,
      'AWS::StackId': stack.id,
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::NoValue': '',
    },
  }
}

export function outputsOf(stack: Stack, { template, parameters }: ChangeSet): Stack['outputs'] {
  const scope = scopeOf(stack, template, parameters)
  return Object.entries(template.Outputs)
    .filter(([, { Condition }]) => holds(Condition, scope))
    .map(([OutputKey, { Value }]) => ({ OutputKey, OutputValue: evaluate(Value, scope) }))
}

/** A function whose archive is not in the bucket cannot be made. */
export function missingCode({ Properties }: Resource, scope: Scope, buckets: Buckets): string | undefined {
  const code = Properties?.Code as { readonly S3Bucket?: unknown; readonly S3Key?: unknown } | undefined
  if (code?.S3Key === undefined) return undefined
  const object = buckets.get(evaluate(code.S3Bucket, scope))?.objects.get(evaluate(code.S3Key, scope))
  return object === undefined
    ? 'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.'
    : undefined
}

export function parameterList(parameters: ReadonlyMap<string, string>) {
  return [...parameters].map(([name, value]) => ({ ParameterKey: name, ParameterValue: value }))
}

export function invalid(message: string): Answer {
  return queryError(400, 'ValidationError', message)
}

export function noChangeSet(input: Input): Answer {
  return queryError(404, 'ChangeSetNotFound', `ChangeSet [${text(input, 'ChangeSetName')}] does not exist`)
}

/** Why a change set cannot be executed, in CloudFormation's words. */
export function whyFailed(changes: readonly Change[], { invalid: wrong = {} }: Faults): string | undefined {
  if (changes.length === 0) return NO_CHANGES
  return Object.keys(wrong).length === 0 ? undefined : EARLY_VALIDATION
}

const EARLY_VALIDATION =
  'The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.'
const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set."

const CHANGEABLE = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'IMPORT_COMPLETE',
])
