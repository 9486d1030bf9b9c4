import { holds, namedIn, type Scope } from './evaluate.ts'
import type { Change } from './stack.ts'
import type { Resource, Template } from './template.ts'

/** What a stack would have to do to become what is asked. */
export function changesBetween(before: Scope | undefined, after: Scope): readonly Change[] {
  const old = before === undefined ? {} : resourcesOf(before)
  const wanted = resourcesOf(after)
  const changed = new Set(
    [...after.parameters].flatMap(([name, value]) => (before?.parameters.get(name) === value ? [] : [name])),
  )
  const changes: Change[] = []
  for (const [resource, declared] of Object.entries(wanted)) {
    const was = old[resource]
    if (was === undefined) changes.push({ action: 'Add', resource, type: declared.Type })
    else if (isChanged(was, declared, after.template, changed)) {
      const replacement = isNamed(declared, after.template, changed) ? 'True' : 'False'
      changes.push({ action: 'Modify', resource, type: declared.Type, replacement })
    }
  }
  for (const [resource, { Type }] of Object.entries(old)) {
    if (!(resource in wanted)) changes.push({ action: 'Remove', resource, type: Type })
  }
  return changes
}

function resourcesOf(scope: Scope): Readonly<Record<string, Resource>> {
  const { Resources } = scope.template
  return Object.fromEntries(Object.entries(Resources).filter(([, { Condition }]) => holds(Condition, scope)))
}

function isChanged(was: Resource, is: Resource, template: Template, changed: ReadonlySet<string>): boolean {
  return (
    JSON.stringify(was.Properties) !== JSON.stringify(is.Properties) ||
    namedIn(is.Properties, template).some(name => changed.has(name))
  )
}

/** A resource with another name is another resource. */
function isNamed({ Properties = {} }: Resource, template: Template, changed: ReadonlySet<string>): boolean {
  return Object.entries(Properties).some(
    ([name, value]) => name.endsWith('Name') && namedIn(value, template).some(one => changed.has(one)),
  )
}
