import { parametersIn, type Template, type TemplateResource } from '../template/template.ts'
import type { Change } from './stack.ts'
import type { Scope } from './stack-input.ts'

/** The changes that a stack needs to match a template. */
export function changesBetween(before: Scope | undefined, after: Scope): readonly Change[] {
  const old = before === undefined ? {} : resourcesOf(before)
  const declarations = resourcesOf(after)
  const changed = new Set(
    [...after.parameters].flatMap(([name, value]) => (before?.parameters.get(name) === value ? [] : [name])),
  )
  const changes: Change[] = []
  for (const [resource, declared] of Object.entries(declarations)) {
    const existing = old[resource]
    if (existing === undefined) changes.push({ action: 'Add', resource, type: declared.Type })
    else if (isChanged(existing, declared, after.template, changed)) {
      // A version is never changed: it is replaced.
      const isReplaced =
        declared.Type === 'AWS::Lambda::Version' || isNamed(declared, after.template, changed)
      const replacement = isReplaced ? 'True' : 'False'
      changes.push({ action: 'Modify', resource, type: declared.Type, replacement })
    }
  }
  changes.push(...dependents(declarations, changes))
  for (const [resource, { Type }] of Object.entries(old)) {
    if (!(resource in declarations)) changes.push({ action: 'Remove', resource, type: Type })
  }
  return changes
}

/** A resource that refers to a replaced one changes, too. */
function dependents(
  declarations: Readonly<Record<string, TemplateResource>>,
  changes: readonly Change[],
): readonly Change[] {
  const replaced = changes.flatMap(({ replacement, resource }) => (replacement === 'True' ? [resource] : []))
  const known = new Set(changes.map(({ resource }) => resource))
  return Object.entries(declarations)
    .filter(([resource, { Properties }]) => !known.has(resource) && refersTo(Properties, replaced))
    .map(([resource, { Type }]) => ({ action: 'Modify', resource, type: Type, replacement: 'False' }))
}

function refersTo(value: unknown, resources: readonly string[]): boolean {
  const text = JSON.stringify(value) ?? ''
  return resources.some(one => text.includes(`{"Ref":"${one}"}`) || text.includes(`{"Fn::GetAtt":["${one}",`))
}

function resourcesOf({ template, resolver }: Scope): Readonly<Record<string, TemplateResource>> {
  return Object.fromEntries(Object.entries(template.Resources).filter(([name]) => resolver.isMade(name)))
}

function isChanged(
  existing: TemplateResource,
  is: TemplateResource,
  template: Template,
  changed: ReadonlySet<string>,
): boolean {
  return (
    JSON.stringify(existing.Properties) !== JSON.stringify(is.Properties) ||
    parametersIn(is.Properties, template).some(name => changed.has(name))
  )
}

/** A resource with another name is another resource. */
function isNamed(
  { Properties = {} }: TemplateResource,
  template: Template,
  changed: ReadonlySet<string>,
): boolean {
  return Object.entries(Properties).some(
    ([name, value]) => name.endsWith('Name') && parametersIn(value, template).some(one => changed.has(one)),
  )
}
