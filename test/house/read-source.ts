import { parseSync } from 'oxc-parser'

/** A module that a file imports or re-exports. */
export type Import = {
  /** As written; undefined when it is computed. */
  readonly specifier: string | undefined
  /** Whether the import is removed at run time. */
  readonly isTypeOnly: boolean
}

export type Source = {
  readonly imports: readonly Import[]
  /**
   * The names in its code: `fetch`, `process` and `process.env`, `new Date()`; of the keys of objects `skip: true`.
   */
  readonly names: ReadonlySet<string>
}

type Node = { readonly type: string; readonly [part: string]: unknown }

/** Every import of a TypeScript file, static, dynamic or of a type, and the names in its code. */
export function readSource(file: string, text: string): Source {
  const { program, module } = parse(file, text)
  const exported = module.staticExports.flatMap(({ entries }) =>
    entries.map(entry => ({ specifier: entry.moduleRequest?.value, isTypeOnly: entry.isType })),
  )
  const imports: Import[] = [
    ...module.staticImports.map(({ moduleRequest, entries }) => ({
      specifier: moduleRequest.value,
      isTypeOnly: entries.length > 0 && entries.every(({ isType }) => isType),
    })),
    ...exported.filter(({ specifier }) => specifier !== undefined),
  ]
  const names = new Set<string>()
  const visit = (node: Node): void => {
    if (node.type === 'ImportExpression') imports.push({ specifier: textOf(node.source), isTypeOnly: false })
    const { callee, object, property } = node as Record<string, Node | undefined>
    if (node.type === 'CallExpression' && callee?.name === 'require') {
      imports.push({ specifier: textOf((node.arguments as readonly Node[])[0]), isTypeOnly: false })
    }
    if (
      node.type === 'NewExpression' &&
      callee?.name === 'Date' &&
      (node.arguments as readonly Node[]).length === 0
    )
      names.add('new Date()')
    if (node.type === 'MemberExpression' && object?.type === 'Identifier') {
      names.add(`${object.name}`)
      if (property?.type === 'Identifier') names.add(`${object.name}.${property.name}`)
    }
    if (node.type === 'Identifier') names.add(String(node.name))
    if (node.type === 'Property' && (node.value as Node).value === true) {
      names.add(`${(node.key as Node).name}: true`)
    }
    for (const [part, value] of Object.entries(node)) {
      // The name of a member, a key or a type is not a use of a global.
      if (part === 'property' && node.computed === false) continue
      if (part === 'key' && node.computed === false && node.shorthand !== true) continue
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child)
    }
  }
  visit(program as unknown as Node)
  return { imports, names }
}

/** Every regular expression in a TypeScript file, with its first line. */
export function readRegularExpressions(
  text: string,
): readonly { readonly line: number; readonly pattern: RegExp }[] {
  const found: { readonly line: number; readonly pattern: RegExp }[] = []
  const visit = (node: Node): void => {
    const { regex, start } = node as {
      readonly regex?: { pattern: string; flags: string }
      readonly start?: number
    }
    if (node.type === 'Literal' && regex !== undefined) {
      const line = text.slice(0, start).split('\n').length
      found.push({ line, pattern: new RegExp(regex.pattern, regex.flags) })
    }
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child)
    }
  }
  visit(parse('file.ts', text).program as unknown as Node)
  return found
}

function parse(file: string, text: string): ReturnType<typeof parseSync> {
  const parsed = parseSync(file, text, { sourceType: 'module' })
  if (parsed.errors[0] !== undefined) throw new Error(`${file}: ${parsed.errors[0].message}`)
  return parsed
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function textOf(node: unknown): string | undefined {
  return isNode(node) && typeof node.value === 'string' ? node.value : undefined
}
