import { parameterValues, readParameters } from './parameters.ts'
import { createResolver, type Evaluated } from './resolver.ts'
import type { Template } from './template.ts'

type Input = Readonly<Record<string, string>>

/**
 * A template after its conditions are applied: resources, outputs and values whose condition is false are removed.
 * References are unchanged.
 * @internal
 */
export function decide(template: Template, input: Input): Pick<Template, 'Resources' | 'Outputs'> {
  const { condition } = resolverOf(template, input)
  const chosen = <Part extends { readonly Condition?: string }>(parts: Readonly<Record<string, Part>>) =>
    Object.fromEntries(
      Object.entries(parts)
        .filter(([, { Condition }]) => Condition === undefined || condition(Condition))
        .map(([id, part]) => [id, decideValue(part, condition) as Part]),
    )
  return { Resources: chosen(template.Resources), Outputs: chosen(template.Outputs) }
}

/**
 * The names of the rules that reject these values.
 * @internal
 */
export function brokenRules(template: Template, input: Input): readonly string[] {
  return resolverOf(template, input)
    .brokenRules()
    .map(({ name }) => name)
}

/** For conditions and rules only, which are the same in every stack. */
function resolverOf(template: Template, input: Input): Evaluated {
  const { texts } = readParameters(template.Parameters, input)
  const place = { name: 'any', region: 'us-east-1', account: '123456789012' }
  return createResolver(template, parameterValues(template.Parameters, texts), place)
}

const NOTHING = Symbol('AWS::NoValue')

function decideValue(value: unknown, holds: (condition: string) => boolean): unknown {
  if (Array.isArray(value))
    return value.map(part => decideValue(part, holds)).filter(part => part !== NOTHING)
  if (typeof value !== 'object' || value === null) return value
  const { Ref: ref, 'Fn::If': choice } = value as Readonly<Record<string, unknown>>
  if (ref === 'AWS::NoValue') return NOTHING
  if (Array.isArray(choice)) return decideValue(holds(String(choice[0])) ? choice[1] : choice[2], holds)
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, part]) => [name, decideValue(part, holds)] as const)
      .filter(([, part]) => part !== NOTHING),
  )
}
