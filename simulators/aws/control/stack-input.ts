import { parameterValues, readParameters } from '../template/parameters.ts'
import { createResolver, type Evaluated } from '../template/resolver.ts'
import { outputsOf } from '../template/stack.ts'
import { parseTemplate, type Template, type TemplateResource } from '../template/template.ts'
import { ACCOUNT, type Faults } from './faults.ts'
import type { Answer } from './http.ts'
import { type Input, list, queryError, text } from './query.ts'
import { type Buckets, findVersion } from './s3.ts'
import { type Change, type ChangeSet, physicalIdOf, type Stack } from './stack.ts'

/** CloudFormation's message if it refuses a change set in this state. */
export function whyNoChange(name: string, stack: Stack | undefined, type: string): string | undefined {
  if (stack === undefined) return type === 'CREATE' ? undefined : `Stack [${name}] does not exist`
  const { status, id } = stack
  if (status === 'REVIEW_IN_PROGRESS')
    return type === 'CREATE' ? undefined : `Stack:${id} is in ${status} state and can not be updated.`
  if (type === 'CREATE')
    return `Stack [${name}] already exists and cannot be created again with the changeSet`
  return CHANGEABLE.has(status) ? undefined : `Stack:${id} is in ${status} state and can not be updated.`
}

/** The template in the request, or at `TemplateURL`, which is an address of S3 or of the stand-in. */
export function templateAt(input: Input, buckets: Buckets): Template {
  const body = text(input, 'TemplateBody')
  if (body !== undefined && Buffer.byteLength(body) > TEMPLATE_BODY_MAX)
    throw new Error(
      "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200",
    )
  if (body !== undefined) return parseTemplate(body)
  const { hostname, pathname } = new URL(text(input, 'TemplateURL') ?? 'https://none.s3.amazonaws.com/')
  const [, host] = /^(.+)\.s3[.-][\w.-]*amazonaws\.com$/.exec(hostname) ?? []
  const path = decodeURIComponent(pathname.slice(1))
  const [bucket = '', ...rest] = host === undefined ? path.split('/') : [host, path]
  const found = buckets.get(bucket)
  const object = found === undefined ? undefined : findVersion(found, rest.join('/'))
  if (object?.body === undefined) throw new Error('S3 error: The specified key does not exist.')
  return parseTemplate(object.body.toString('utf8'))
}

/** The values of a template's parameters, or AWS's message about those in the request. */
export function parametersOf(
  input: Input,
  { Parameters }: Template,
  previous: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> | { readonly problem: string } {
  const requested = new Map(
    list(input, 'Parameters').map(one => {
      const { ParameterKey, ParameterValue, UsePreviousValue } = one as Readonly<Record<string, string>>
      // CloudFormation stores parameters as ASCII: other characters become question marks.
      const value = (ParameterValue ?? '').replaceAll(/[^ -~\s]/gu, '?')
      return [ParameterKey ?? '', UsePreviousValue === 'true' ? previous.get(ParameterKey ?? '') : value]
    }),
  )
  const unset = [...requested].filter(([name, value]) => value === undefined && name in Parameters)
  if (unset.length > 0) return { problem: `Parameters: [${unset.map(([name]) => name)}] must have values` }
  const { texts, problems } = readParameters(
    Parameters,
    Object.fromEntries(requested) as Record<string, string>,
  )
  const names = (kind: string) => problems.filter(one => one.kind === kind).map(({ name }) => name)
  const [unknown, missing] = [names('unknown'), names('missing')]
  if (unknown.length > 0) return { problem: `Parameters: [${unknown}] do not exist in the template` }
  const [broken] = problems.filter(({ kind }) => kind === 'constraint')
  if (broken !== undefined)
    return {
      problem: `Parameter '${broken.name}' failed to satisfy constraint: ${broken.constraint ?? 'it is not one of those allowed'}`,
    }
  return missing.length > 0
    ? { problem: `Parameters: [${missing}] must have values` }
    : new Map(Object.entries(texts))
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
    functions: new Map(),
    events: [],
    pending: [],
    changeSets: new Map(),
  }
}

/** A template with the values of its parameters, in the stack that it is for. */
export type Scope = {
  readonly template: Template
  readonly parameters: ReadonlyMap<string, string>
  readonly resolver: Evaluated
  readonly physicalId: (logicalId: string) => string
}

export function scopeOf(
  { name, region, id, resources }: Stack,
  template: Template,
  parameters: ReadonlyMap<string, string>,
): Scope {
  const physicalId = (logicalId: string): string =>
    resources.get(logicalId)?.physicalId ?? physicalIdOf(name, logicalId)
  const values = parameterValues(template.Parameters, Object.fromEntries(parameters))
  const place = { name, region, account: ACCOUNT, stackId: id }
  const resolver = createResolver(template, values, place, (_type, logicalId) => {
    const ref = physicalId(logicalId)
    const Arn = `arn:aws:stand-in:${region}:${ACCOUNT}:${ref}`
    return { ref, attributes: { Arn }, otherAttribute: attribute => `${ref}.${attribute}` }
  })
  return { template, parameters, resolver, physicalId }
}

export function outputListOf(stack: Stack, { template, parameters }: ChangeSet): Stack['outputs'] {
  const { resolver } = scopeOf(stack, template, parameters)
  return Object.entries(outputsOf(template, resolver)).map(([OutputKey, OutputValue]) => ({
    OutputKey,
    OutputValue,
  }))
}

/** A function cannot be created if its archive, or the version of it, is not in the bucket. */
export function missingCode(
  { Properties }: TemplateResource,
  { resolver }: Scope,
  buckets: Buckets,
): string | undefined {
  const code = resolver.value(Properties?.Code, 'Code') as Code | undefined
  if (code?.S3Key === undefined || archiveOf(code, buckets) !== undefined) return undefined
  const name = code.S3ObjectVersion === undefined ? 'NoSuchKey' : 'NoSuchVersion'
  return `Error occurred while GetObject. S3 Error Code: ${name}. S3 Error Message: The specified ${name === 'NoSuchKey' ? 'key' : 'version'} does not exist.`
}

type Code = Readonly<Record<string, string>>

/** The archive of a function, with its values resolved. */
export function archiveOf(code: unknown, buckets: Buckets): Buffer | undefined {
  const { S3Bucket = '', S3Key = '', S3ObjectVersion } = Object(code) as Code
  const bucket = buckets.get(S3Bucket)
  return bucket === undefined ? undefined : findVersion(bucket, S3Key, S3ObjectVersion)?.body
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

/** CloudFormation's message if a change set cannot be executed. */
export function whyFailed(changes: readonly Change[], { invalid: wrong = {} }: Faults): string | undefined {
  if (changes.length === 0) return NO_CHANGES
  return Object.keys(wrong).length === 0 ? undefined : EARLY_VALIDATION
}

const TEMPLATE_BODY_MAX = 51_200
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
