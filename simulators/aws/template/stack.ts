import { parameterValues, readParameters } from './parameters.ts'
import { createResolver, type Evaluated } from './resolver.ts'
import { type Properties, type Template, type TemplateDocument, withSections } from './template.ts'

/** One resource, with every intrinsic function resolved. */
export type Resource = {
  readonly logicalId: string
  readonly type: string
  /** The result of `Ref`. */
  readonly ref: string
  readonly arn: string | undefined
  readonly properties: Properties
  readonly dependsOn: readonly string[]
}

/** A template as CloudFormation would resolve it. */
export type Stack = {
  readonly name: string
  readonly region: string
  readonly account: string
  /** The values of the parameters, as text. */
  readonly parameters: Readonly<Record<string, string>>
  readonly resources: readonly Resource[]
  readonly outputs: Readonly<Record<string, string>>
  /** The resources of one type, such as `AWS::Lambda::Function`. */
  readonly ofType: (type: string) => readonly Resource[]
  /** The resource with this ARN or this `Ref`. */
  readonly find: (type: string, reference: unknown) => Resource | undefined
}

export type StackOptions = {
  readonly parameters: Readonly<Record<string, string>>
  readonly name?: string
  readonly region?: string
}

/** A made-up account, used in every ARN of the harness. */
const ACCOUNT = '123456789012'

/**
 * Resolves parameters, rules, conditions and intrinsic functions as CloudFormation does, with stable names and ARNs
 * instead of AWS's. Throws if CloudFormation would refuse the template, and for anything that this reader does not
 * know.
 */
export function readStack(document: TemplateDocument, options: StackOptions): Stack {
  const { name = 'hookline', region = 'us-east-1' } = options
  const template = withSections(document)
  const { texts, problems } = readParameters(template.Parameters, options.parameters)
  if (problems.length > 0)
    throw new Error(`Parameters: ${problems.map(({ sentence }) => sentence).join('; ')}`)
  const parameters = parameterValues(template.Parameters, texts)
  const resolver = createResolver(template, parameters, { name, region, account: ACCOUNT })
  const [broken] = resolver.brokenRules()
  if (broken !== undefined) throw new Error(`Rules.${broken.name}: ${broken.description ?? 'not met'}`)

  const resources = Object.entries(template.Resources)
    .filter(([logicalId]) => resolver.isMade(logicalId))
    .map(([logicalId, { Type, DependsOn = [] }]): Resource => {
      const dependsOn = [DependsOn].flat()
      for (const other of dependsOn) {
        if (!(other in template.Resources))
          throw new Error(`${logicalId} depends on ${other}, which does not exist`)
      }
      const { ref, attributes } = resolver.identity(logicalId)
      const properties = resolver.properties(logicalId)
      return { logicalId, type: Type, ref, arn: attributes.Arn, properties, dependsOn }
    })
  return {
    name,
    region,
    account: ACCOUNT,
    parameters: texts,
    resources,
    outputs: outputsOf(template, resolver),
    ofType: type => resources.filter(resource => resource.type === type),
    find: (type, reference) =>
      resources.find(({ type: its, ref, arn }) => its === type && (ref === reference || arn === reference)),
  }
}

/** The outputs whose conditions are true. */
export function outputsOf(
  template: Template,
  resolver: Pick<Evaluated, 'condition' | 'value'>,
): Readonly<Record<string, string>> {
  const made = Object.entries(template.Outputs).filter(
    ([, { Condition }]) => Condition === undefined || resolver.condition(Condition),
  )
  return Object.fromEntries(
    made.map(([name, { Value }]) => [name, String(resolver.value(Value, `Outputs.${name}`))]),
  )
}
