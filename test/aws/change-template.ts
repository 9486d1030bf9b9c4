import type {
  Properties,
  TemplateDocument,
  TemplateResource,
} from '../../simulators/aws/template/template.ts'

/**
 * The template with changed properties of one resource. Throws if there is no such resource, so that a planted fault
 * has an effect.
 */
export function withProperties(
  template: TemplateDocument,
  logicalId: string,
  change: (properties: Properties) => Properties,
): TemplateDocument {
  const resource = resourceOf(template, logicalId)
  const changed = { ...resource, Properties: change(resource.Properties ?? {}) }
  return { ...template, Resources: { ...template.Resources, [logicalId]: changed } }
}

/** The template without a resource that nothing refers to; dependencies on it are removed. */
export function withoutResource(template: TemplateDocument, logicalId: string): TemplateDocument {
  resourceOf(template, logicalId)
  const rest = Object.entries(template.Resources).filter(([id]) => id !== logicalId)
  const remaining = rest.map(([id, resource]): [string, TemplateResource] => {
    const dependsOn = [resource.DependsOn ?? []].flat().filter(other => other !== logicalId)
    return [id, { ...resource, DependsOn: dependsOn }]
  })
  return { ...template, Resources: Object.fromEntries(remaining) }
}

/** Removes an action from every statement of a role; throws if the role does not have it. */
export function withoutAction(template: TemplateDocument, roleId: string, action: string): TemplateDocument {
  return withStatements(template, roleId, statements => {
    if (!JSON.stringify(statements).includes(`"${action}"`)) throw new Error(`${roleId} has no ${action}`)
    return JSON.parse(JSON.stringify(statements), (name, value) =>
      name === 'Action' && Array.isArray(value) ? value.filter(one => one !== action) : value,
    )
  })
}

export function withAction(
  template: TemplateDocument,
  roleId: string,
  action: string,
  resource: unknown = '*',
): TemplateDocument {
  const statement = { Effect: 'Allow', Action: [action], Resource: resource }
  return withStatements(template, roleId, statements => [...statements, statement])
}

/** The logical ID of the only resource of a type that contains this text. */
export function logicalIdOf(template: TemplateDocument, type: string, containing = ''): string {
  const found = Object.entries(template.Resources).filter(
    ([id, { Type, Properties }]) => Type === type && (id + JSON.stringify(Properties)).includes(containing),
  )
  const [entry] = found
  if (entry === undefined || found.length > 1) {
    throw new Error(`${found.length} resources are a ${type} with ${containing}; expected one`)
  }
  return entry[0]
}

function withStatements(
  template: TemplateDocument,
  roleId: string,
  change: (statements: readonly object[]) => readonly object[],
): TemplateDocument {
  return withProperties(template, roleId, properties => {
    const policies = properties.Policies as readonly Policy[]
    return {
      ...properties,
      Policies: policies.map(policy => ({
        ...policy,
        PolicyDocument: {
          ...policy.PolicyDocument,
          Statement: change(policy.PolicyDocument.Statement),
        },
      })),
    }
  })
}

type Policy = { readonly PolicyDocument: { readonly Statement: readonly object[] } }

function resourceOf(template: TemplateDocument, logicalId: string): TemplateResource {
  const resource = template.Resources[logicalId]
  if (resource === undefined) throw new Error(`There is no resource ${logicalId}`)
  return resource
}
