import { readFileSync } from 'node:fs'
import { dirname, join, posix, relative } from 'node:path'
import type { Plugin } from 'esbuild'
import { filesBesideSources, programs } from './programs.ts'

/**
 * Two constructs in our sources silently change their meaning in a bundle.
 *
 * `import.meta.url` would be the address of a chunk. Here it becomes the address that the source file would have in the
 * package, and the address of a source that is a program becomes that of the program in `dist/`. Any other use fails
 * the build.
 *
 * `import('name')` of a CommonJS package would resolve to an object with only `default`. Here it has all names, as in
 * Node.
 */
export function sourcesInPackage(root: string): Plugin {
  return {
    name: 'sources in the package',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^hookline:bundle$/ }, ({ path }) => ({ path, namespace: 'bundle' }))
      onLoad({ filter: /.*/, namespace: 'bundle' }, () => ({ contents: BUNDLE }))
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const file = relative(root, path).replaceAll('\\', '/')
        const text = readFileSync(path, 'utf8')
        if (!/^(?:src|simulators)\//.test(file) || !/\bimport(?:\.meta|\()/.test(text)) return undefined
        try {
          return { contents: placed(file, text), loader: 'ts', resolveDir: dirname(path) }
        } catch (error) {
          return { errors: [{ text: String(error) }] }
        }
      })
    },
  }
}

function placed(file: string, text: string): string {
  const withPrograms = text.replace(PROGRAM, (_, target: string) => {
    const path = posix.join(posix.dirname(file), target)
    const program = Object.entries(programs).find(([, source]) => source === path)?.[0]
    if (program !== undefined) return `new URL('dist/${program}.js', packageRoot)`
    if (SOURCES_ONLY.includes(path)) return `new URL('${path}', packageRoot)`
    throw new Error(`${file}: ${path} is no program of the package; add it to tools/build/programs.ts`)
  })
  if (withPrograms.includes('import.meta') && filesBesideSources[file] === undefined) {
    throw new Error(
      `${file} reads files next to it; name them in filesBesideSources of tools/build/programs.ts, so that the package has them`,
    )
  }
  const code = withPrograms
    .replaceAll('import.meta.url', `new URL('${file}', packageRoot).href`)
    .replace(/\bimport\('[^.'][^']*'\)/g, '$&.then(namesOf)')
  if (code.includes('import.meta'))
    throw new Error(`${file}: only import.meta.url means something in a bundle`)
  return `${code}\nimport { namesOf, packageRoot } from 'hookline:bundle'` // at the end, because the first line of a program is for the shell
}

/** All chunks and programs are directly in `dist/`. */
const BUNDLE = `
export const packageRoot = new URL('../', import.meta.url)
export const namesOf = module =>
  Object.keys(module).join() === 'default' && typeof module.default === 'object' ? module.default : module`

/** Programs that only a clone has. Code that starts one checks first whether it exists. */
const SOURCES_ONLY = ['infra/build/template.ts']
const PROGRAM = /new URL\(\s*'(\.{1,2}\/[^'`]+\.ts)',\s*import\.meta\.url,?\s*\)/g

/**
 * Node 22 warns once in each process and thread that SQLite is experimental; Node 24 does not. Only this warning is
 * suppressed, and only while the module is loaded.
 */
export const quietSqlite: Plugin = {
  name: 'SQLite without its warning',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^node:sqlite$/ }, ({ path }) => ({ path, namespace: 'sqlite' }))
    onLoad({ filter: /.*/, namespace: 'sqlite' }, () => ({
      contents: `
        const { emitWarning } = process
        process.emitWarning = (warning, ...about) => {
          if (about[0] !== 'ExperimentalWarning') emitWarning.call(process, warning, ...about)
        }
        try {
          module.exports = process.getBuiltinModule('node:sqlite')
        } finally {
          process.emitWarning = emitWarning
        }`,
    }))
  },
}

/**
 * Two HTTP libraries of a server also load HTTP/2, which Hookline does not use: a fifteenth of its start. They get
 * empty classes instead.
 */
export const withoutHttp2: Plugin = {
  name: 'without HTTP/2',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(?:node:)?http2$/ }, ({ path }) => ({ path, namespace: 'http2' }))
    onLoad({ filter: /.*/, namespace: 'http2' }, () => ({
      contents: `module.exports = { constants: {}, Http2ServerRequest: class {}, Http2ServerResponse: class {} }`,
    }))
  },
}

/**
 * For the bundle of `hookline serve` without a console: of what is loaded when it is used, it has what such a server uses.
 * Fails for an `import()` that is on neither list.
 */
export const onlyServe: Plugin = {
  name: 'only serve',
  setup: ({ onResolve }) => {
    onResolve({ filter: /./ }, ({ kind, path }) => {
      if (kind !== 'dynamic-import' || OF_SERVE.includes(path)) return undefined
      if (path === CREDENTIALS) return { path: './aws-credentials.js', external: true }
      if (NOT_OF_SERVE.test(path)) return { path: './not-in-this-bundle.js', external: true }
      return {
        errors: [{ text: `Does \`hookline serve\` use import('${path}')? Name it beside \`onlyServe\`.` }],
      }
    })
  },
}

/** Finds AWS credentials. A server whose environment has them does not load it. */
export const CREDENTIALS = '@aws-sdk/credential-provider-node'
const OF_SERVE = [
  './server/serve.ts',
  './service.ts',
  './serve-workers.ts',
  '../../adapters/sqlite/store.ts',
  '../lambda/open-table.ts',
  './keep-canary.ts',
  './shipped-templates.ts',
  '../message/icu-template.ts',
]
/** Other commands, the console, and the clients and pages of both. */
const NOT_OF_SERVE =
  /^(?:\.\/(?:demo|server|console|commands)\/|\.\.\/commands\/|\.\/open-console\.ts|\.\.\/cli\/|\.\.\/\.\.\/adapters\/dynamodb\/sdk-call\.ts)/

/**
 * dynalite, DynamoDB's stand-in: its modules are named without their ending, which the bundler does not find; and what it
 * would keep tables in on a disk has code for each machine. Here they are in memory, and that is left out.
 */
export const tablesInMemory: Plugin = {
  name: 'tables in memory',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^level$/ }, ({ path }) => ({ path, namespace: 'no disk' }))
    onLoad({ filter: /.*/, namespace: 'no disk' }, () => ({ contents: 'export const Level = undefined' }))
    onLoad({ filter: /dynalite\/index\.js$/ }, ({ path }) => {
      const contents = readFileSync(path, 'utf8').replace(
        /(require\('\.\/\w+\/' \+ action)\)/g,
        "$1 + '.js')",
      )
      if (contents.split("action + '.js')").length === 3) return { contents }
      return { errors: [{ text: `${path} loads its modules in another way than the build knows.` }] }
    })
  },
}

/** The root of the repository, with no slash at its end. */
export const repository = join(import.meta.dirname, '..', '..')
