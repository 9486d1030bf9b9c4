import { createHash } from 'node:crypto'
import type { Properties, TemplateResource } from '../template/template.ts'
import type { Change, Functions } from './stack.ts'
import type { Scope } from './stack-input.ts'

/** How Lambda applies the changes of one deployment, one by one. */
export type LambdaDraft = {
  /** Lambda's message if a resource cannot be created or changed. */
  readonly problemOf: (change: Change, declared: TemplateResource) => string | undefined
  /** The state after all changes have succeeded. */
  readonly functions: () => Functions
}

export function draftLambda(
  before: Functions,
  scope: Scope,
  archiveOf: (code: unknown) => Buffer | undefined,
): LambdaDraft {
  const functions = new Map(before)
  const judge: Readonly<Record<string, (resource: string, properties: Properties) => string | undefined>> = {
    'AWS::Lambda::Function': (resource, properties) => {
      functions.set(resource, {
        published: undefined,
        ...functions.get(resource),
        name: String(properties.FunctionName ?? scope.physicalId(resource)),
        codeSha256: createHash('sha256')
          .update(archiveOf(properties.Code) ?? '')
          .digest('base64'),
        definition: JSON.stringify(properties),
      })
      return undefined
    },
    'AWS::Lambda::Version': (_, { FunctionName }) => {
      const found = [...functions].find(([resource]) => scope.physicalId(resource) === FunctionName)
      if (found === undefined) return `Function not found: ${FunctionName}`
      const [resource, state] = found
      const { definition, published } = state
      if (published?.definition === definition)
        return `A version for this Lambda function exists ( ${published.number} ). Modify the function to create a new version.`
      functions.set(resource, {
        ...state,
        published: { definition, number: (published?.number ?? 0) + 1 },
      })
      return undefined
    },
    'AWS::Lambda::Alias': (
      _,
      { FunctionVersion, ProvisionedConcurrencyConfig, RoutingConfig, UpdatePolicy },
    ) => {
      const isWeighted = RoutingConfig !== undefined || UpdatePolicy !== undefined
      if (FunctionVersion === '$LATEST' && ProvisionedConcurrencyConfig !== undefined)
        return 'Provisioned Concurrency Configs cannot be applied to unpublished function versions.'
      if (FunctionVersion === '$LATEST' && isWeighted)
        return '$LATEST is not supported for an alias pointing to more than 1 version'
      return isWeighted && ProvisionedConcurrencyConfig !== undefined
        ? 'Alias with weights can not be used with Provisioned Concurrency'
        : undefined
    },
  }
  return {
    problemOf: ({ resource, type }, declared) => {
      const { Properties = {}, UpdatePolicy } = declared
      const properties = scope.resolver.value({ ...Properties, UpdatePolicy }, resource) as Properties
      return judge[type]?.(resource, properties)
    },
    functions: () => functions,
  }
}
