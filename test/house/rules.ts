import { posix } from 'node:path'
import { type Import, readSource, type Source } from './read-source.ts'

/** Source files by path (`src/core/plan/plan.ts`), with their text. */
export type Files = Readonly<Record<string, string>>

/** The imports that a folder may have. The reasons are in `docs/architecture.md`, "Who may import whom". */
type Rule = {
  /** Folders, in addition to its own. */
  readonly folders: readonly string[]
  readonly packages: readonly string[]
  /** Modules of Node; `*` is all except `node:sqlite`, which belongs to an adapter. */
  readonly node: readonly string[]
  readonly what: string
  readonly instead: string
  /** The names that its code must not use, and what to do instead. */
  readonly neverNames?: { readonly names: readonly string[]; readonly instead: string }
}

const PURE = {
  names: [
    ...['process', 'console', 'performance', 'globalThis', 'fetch', 'crypto', 'queueMicrotask'],
    ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'],
    ...['Date.now', 'new Date()', 'Math.random', 'AbortSignal.timeout'],
  ],
  instead: 'time, randomness, output and settings are arguments (core/deliver/ports.ts)',
}
const NO_ENVIRONMENT = {
  names: ['process.env'],
  instead: 'main reads the environment and hands it in as an argument',
}

const RULES: Readonly<Record<string, Rule>> = {
  'src/core': {
    folders: [],
    packages: ['libphonenumber-js', 'intl-messageformat', 'fast-xml-parser'],
    node: [],
    what: 'core imports only core and the phone-metadata, ICU and XML-parsing libraries',
    instead: 'describe what core needs as a port in core/deliver/ports.ts, and let main hand it in',
    neverNames: PURE,
  },
  'src/advice': {
    folders: ['src/core'],
    packages: ['diff', 'fast-xml-parser', 'libphonenumber-js'],
    node: [],
    what: 'advice imports only core, advice and the libraries for phone metadata, XML and differences of texts',
    instead: 'advice is pure as well: take what it needs as an argument',
    neverNames: PURE,
  },
  'src/okta': {
    folders: ['src/core'],
    packages: ['zod'],
    node: ['node:crypto'],
    what: 'okta imports only core and the schema library',
    instead: "okta knows only Okta's wire formats: move the rest to http or core",
    neverNames: NO_ENVIRONMENT,
  },
  'src/adapters/aws': {
    ...adapter(['@aws-sdk/*', '@smithy/*', 'undici'], ['*']),
    // Reads an AWS account as input of advice.
    folders: ['src/core', 'src/advice'],
  },
  'src/adapters/dynamodb': adapter(['@aws-sdk/client-dynamodb'], ['*']),
  'src/adapters/cloudformation': adapter(['@aws-sdk/*', '@smithy/*'], ['*']),
  'src/adapters/sqlite': adapter([], ['*', 'node:sqlite']),
  'src/adapters/cloudwatch': adapter([], []),
  'src/adapters/memory': adapter([], ['*']),
  'src/adapters/node': adapter([], ['*']),
  'src/adapters/okta': adapter(['jose'], ['*']),
  'src/adapters/prometheus': adapter(['prom-client'], []),
  'src/http': {
    folders: ['src/core', 'src/advice', 'src/okta'],
    packages: ['hono'],
    node: ['node:http', 'node:stream'],
    what: "http imports only core, advice, okta, the router and the types of Node's server",
    instead: 'take it as a part that main hands in (HookParts)',
    neverNames: NO_ENVIRONMENT,
  },
  'src/console': {
    folders: ['src/core', 'src/advice', 'src/okta', 'src/config'],
    packages: ['hono'],
    node: ['node:crypto'],
    what: 'console imports only core, advice, okta, config, the router and node:crypto',
    instead:
      'take it as a part that main hands in (ConsoleParts), or move what the commands share to advice or core',
    neverNames: {
      ...NO_ENVIRONMENT,
      names: [...NO_ENVIRONMENT.names, 'Date.now', 'new Date()', 'Math.random'],
    },
  },
  'src/config': {
    folders: ['src/core'],
    packages: [],
    node: [],
    what: 'config imports only core: functions start with it',
    instead: 'settings are read from an argument; what uses them belongs elsewhere',
    neverNames: NO_ENVIRONMENT,
  },
  'src/cli': {
    folders: ['src/core', 'src/advice', 'src/okta', 'src/config'],
    packages: ['commander', 'string-width'],
    node: ['*'],
    what: 'cli imports only core, okta, config and the libraries of a command line',
    instead: 'main hands adapters in: add it to Context (cli/terminal/context.ts)',
    neverNames: NO_ENVIRONMENT,
  },
  'src/main': {
    folders: ['src', 'messages'],
    packages: ['*'],
    node: ['*'],
    what: 'main imports only src and messages',
    instead: 'stand-ins are programs of their own: start them as child processes (main/demo/child.ts)',
  },
  'simulators/okta': standIn(['jose', 'oidc-provider', 'hono', '@hono/node-server']),
  'simulators/aws': standIn([
    ...['@aws-sdk/client-dynamodb', 'dynalite', 'fast-xml-parser', 'fflate'],
    ...['libphonenumber-js', 'saxes', 'selfsigned', 'yaml'],
  ]),
  'test/stand-ins': {
    folders: ['simulators'],
    packages: ['*'],
    node: ['*'],
    what: 'shared code of stand-in tests imports only stand-ins',
    instead: 'put code that knows the product into test/world or test/fixtures',
  },
  bench: {
    folders: [
      'src/core',
      'src/advice',
      'src/okta',
      'src/adapters',
      'src/http',
      'src/config',
      'simulators',
      'infra',
      'test/world/processes.ts',
    ],
    packages: ['*'],
    node: ['*'],
    what: 'bench imports anything but main and cli; its programs bench/run-*.ts import main as well',
    instead: 'put what needs main into a program of its own, bench/run-*.ts',
  },
  infra: {
    folders: ['src/config'],
    packages: [
      ...['@gfx/zopfli', 'aws-cdk-lib', 'constructs', 'cdk-nag', 'esbuild', 'fflate', 'oxc-parser', 'yaml'],
    ],
    node: ['*'],
    what: 'infra imports only the CDK, bundler, parser and packer, and the setting names of config',
    instead: 'the stack describes the deployment; it runs nothing of core or adapters',
  },
  tools: {
    folders: ['src', 'messages', 'infra'],
    packages: ['*'],
    node: ['*'],
    what: 'tools import anything but stand-ins and tests',
    instead: 'a tool works on the product as it is; start a stand-in as a program of its own',
  },
}

function adapter(packages: readonly string[], node: readonly string[]): Rule {
  return {
    folders: ['src/core'],
    packages,
    node,
    what: 'an adapter imports only core and its own SDK',
    instead: 'adapters meet in main; what two of them share is a port or belongs to core',
    neverNames: NO_ENVIRONMENT,
  }
}

function standIn(packages: readonly string[]): Rule {
  return {
    folders: [],
    packages,
    node: ['*'],
    what: 'a stand-in imports nothing of src, no other stand-in, and only libraries of its own',
    instead:
      "write the wire format again, because a stand-in that shares the product's code proves nothing; add a library that it needs to its rule",
  }
}

/** Every breach of the house rules, with the file, the import, the rule and what to do. */
export function violations(files: Files): readonly string[] {
  const sources = new Map(Object.entries(files).map(([file, text]) => [file, readSource(file, text)]))
  return [...[...sources].flatMap(([file, source]) => inFile(file, source, files)), ...cycles(sources)]
}

function inFile(file: string, { imports, names }: Source, files: Files): readonly string[] {
  if (/^src\/.*\bindex\.ts$/.test(file)) {
    return [`${file} is a barrel: src has no index.ts. Import the file that you need.`]
  }
  const folder = folderOf(file)
  const rule = folder === undefined ? undefined : RULES[folder]
  if (folder === undefined || rule === undefined) {
    return [`${file} is in a folder without a rule. Add one to test/house/rules.ts.`]
  }
  const broken = imports.flatMap(imported => {
    const why = isTest(file)
      ? whyNotInTest(file, imported, folder)
      : whyNot(file, imported, folder, rule, files)
    return why === undefined ? [] : [`${file} imports ${imported.specifier ?? 'a computed name'}: ${why}.`]
  })
  const named = isTest(file) ? undefined : rule.neverNames?.names.find(name => names.has(name))
  return named === undefined
    ? broken
    : [
        ...broken,
        `${file} names ${named}: ${folder} is not allowed to. Do this instead: ${rule.neverNames?.instead}.`,
      ]
}

function whyNot(
  file: string,
  { specifier }: Import,
  folder: string,
  rule: Rule,
  files: Files,
): string | undefined {
  const broken = `${rule.what}. Do this instead: ${rule.instead}`
  // Lambda's runtime loads a function by a name in its settings.
  if (specifier === undefined && folder === 'simulators/aws') return undefined
  if (specifier === undefined)
    return 'an import must have a literal name, so that this test can read it. Write it out'
  if (/^(?:[#~/]|@\/)|^\w+:(?<!^node:)/.test(specifier)) {
    return 'there are no path aliases, a path shows distance. Write the relative path'
  }
  if (specifier.startsWith('node:')) {
    const isAllowed =
      rule.node.includes(specifier) || (rule.node.includes('*') && specifier !== 'node:sqlite')
    return isAllowed ? undefined : broken
  }
  if (!specifier.startsWith('.')) {
    const isAllowed = rule.packages.some(name =>
      name.endsWith('*') ? specifier.startsWith(name.slice(0, -1)) : isWithin(specifier, name),
    )
    return isAllowed ? undefined : broken
  }
  const target = resolve(file, specifier)
  if (isTest(target)) return 'a test must not be imported. Put shared code into its own file'
  // A rule may allow a single file of a folder that has no rule.
  if (rule.folders.includes(target)) return undefined
  if (!target.endsWith('.json') && !(target in files)) return 'there is no such file. Name it with its ending'
  if (isWithin(target, folder)) return whyNotInRoom(file, target)
  if (/^bench\/run-[^/]+\.ts$/.test(file) && isWithin(target, 'src/main')) return undefined
  if (isWithin(target, 'src/main') && folder !== 'tools')
    return `main must not be imported. Do this instead: ${rule.instead}`
  return rule.folders.some(allowed => isWithin(target, allowed)) ? undefined : broken
}

/** The rooms of core, from the front door down. */
const CORE_ROOMS = ['deliver', 'records', 'plan', 'policy', 'message', 'values']

/**
 * A room of core imports itself and the rooms below it, so that a reader opens each file once, from top to bottom.
 */
function whyNotInRoom(file: string, target: string): string | undefined {
  if (!isWithin(file, 'src/core')) return undefined
  const [from = '', to = ''] = [file, target].map(path => path.split('/')[2])
  const [above, below] = [CORE_ROOMS.indexOf(from), CORE_ROOMS.indexOf(to)]
  if (above < 0) return `core has the rooms ${CORE_ROOMS.join(', ')}: move ${file} into one of them`
  return above <= below
    ? undefined
    : `core reads downwards (${CORE_ROOMS.join(' -> ')}), and ${to} is above ${from}. Do this instead: move the shared code into ${from} or below`
}

/** Tests may import anything, but a stand-in's test covers only the wire format, and main is for journeys. */
function whyNotInTest(file: string, { specifier }: Import, folder: string): string | undefined {
  if (specifier === undefined || !specifier.startsWith('.')) return undefined
  const target = resolve(file, specifier)
  if (target.endsWith('.test.ts')) return 'a test must not be imported. Put shared code into its own file'
  const forStandIns = [folder, 'test/stand-ins', 'test/support/programs.ts']
  if (folder.startsWith('simulators/') && !forStandIns.some(place => isWithin(target, place)))
    return RULES[folder]?.what
  if (isWithin(target, 'src/main') && folder !== 'src/main' && folder !== 'tools') {
    return 'main must not be imported. A test of the whole program belongs in test/journeys'
  }
  return undefined
}

function cycles(sources: ReadonlyMap<string, Source>): readonly string[] {
  const done = new Set<string>()
  const found: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file)
    if (start >= 0) {
      const round = [...path.slice(start), file].join(' -> ')
      found.push(`${round}: files import each other in a circle. Move the shared code into a third file.`)
    }
    if (start >= 0 || done.has(file)) return
    for (const { specifier } of sources.get(file)?.imports ?? []) {
      if (specifier?.startsWith('.')) visit(resolve(file, specifier), [...path, file])
    }
    done.add(file)
  }
  for (const file of sources.keys()) visit(file, [])
  return found
}

function folderOf(file: string): string | undefined {
  return Object.keys(RULES).find(folder => isWithin(file, folder))
}

function isTest(file: string): boolean {
  return file.endsWith('.test.ts')
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

function resolve(file: string, specifier: string): string {
  return posix.join(posix.dirname(file), specifier)
}
