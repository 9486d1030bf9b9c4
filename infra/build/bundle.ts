import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { Zip, ZipPassThrough } from 'fflate'
import { builtinsWithoutFacade, onlyWhatRuns } from './bundle-plugins.ts'

type Bundle = {
  readonly name: FunctionName
  readonly bytes: number
  readonly zip: Uint8Array
  /** Every source file, as a path from the root of the repository, and Node's modules as `builtin:node:http`. */
  readonly inputs: readonly string[]
  /** Those that run when the function starts: the others come with an `import()`. */
  readonly atStart: readonly string[]
}
type FunctionName = (typeof functionNames)[number]

const functionNames = [
  'authorizer',
  'hook',
  'one-function',
  'receipts',
  'events',
  'figures',
  'canary',
] as const

/** The archives of the functions, and the name of the release: a hash of their content. */
export type Release = { readonly release: string; readonly bundles: readonly Bundle[] }

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Bundles each function and what it uses into one file. The same sources give the same bytes. */
export async function bundle(): Promise<Release> {
  const bundles = await Promise.all(functionNames.map(bundleFunction))
  const hash = createHash('sha256')
  for (const { name, zip } of bundles) hash.update(name).update(zip)
  return { release: hash.digest('hex').slice(0, 16), bundles }
}

/** A hash of the code in the archives, without making them, which takes seconds. @internal */
export async function hashOfCode(): Promise<string> {
  const hash = createHash('sha256')
  for (const { code } of await Promise.all(functionNames.map(bundleCode))) hash.update(code)
  return hash.digest('hex')
}

/** Writes the archive of a function, the source map for its stack traces, and the list of its content. */
async function bundleFunction(name: FunctionName): Promise<Bundle> {
  const { code, map, metafile } = await bundleCode(name)
  const zip = await archive('index.mjs', code)
  mkdirSync(`${ROOT}dist/functions/${name}`, { recursive: true })
  writeFileSync(`${ROOT}dist/functions/${name}/index.mjs`, code)
  writeFileSync(`${ROOT}dist/functions/${name}/index.mjs.map`, map)
  writeFileSync(`${ROOT}dist/functions/${name}/metafile.json`, JSON.stringify(metafile))
  writeFileSync(`${ROOT}dist/functions/${name}.zip`, zip)
  const inputs = Object.values(metafile.outputs).flatMap(output => Object.keys(output.inputs))
  const reached = new Set([entryOf(name)])
  for (const input of reached) {
    for (const { path, kind } of metafile.inputs[input]?.imports ?? [])
      if (kind !== 'dynamic-import') reached.add(path)
  }
  const atStart = inputs.filter(input => reached.has(input))
  return { name, bytes: code.length, zip, inputs: [...new Set(inputs)], atStart }
}

async function bundleCode(name: FunctionName) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entryOf(name)],
    outfile: `dist/functions/${name}/index.mjs`,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'none',
    charset: 'utf8',
    plugins: [builtinsWithoutFacade, onlyWhatRuns],
    logLevel: 'silent',
    metafile: true,
  })
  const [map, code] = outputFiles.toSorted((one, other) =>
    one.path.endsWith('.map') ? -1 : other.path.endsWith('.map') ? 1 : 0,
  )
  if (map === undefined || code === undefined) throw new Error(`${name}: esbuild returned no bundle`)
  return { code: code.contents, map: map.contents, metafile }
}

function entryOf(name: FunctionName): string {
  return `src/main/lambda/lambda-${name}.ts`
}

/**
 * An archive of one file, by a compressor that takes seconds and saves 8 % of what others leave. The same input gives the
 * same bytes on every machine, which Node's own does not promise.
 */
async function archive(name: string, content: Uint8Array): Promise<Uint8Array> {
  const { deflateAsync } = await importQuietly(() => import('@gfx/zopfli'))
  const compressed = new Uint8Array(await deflateAsync(content, { numiterations: 15 }))
  const chunks: Uint8Array[] = []
  const zip = new Zip((error, chunk) => {
    if (error) throw error
    chunks.push(chunk)
  })
  const file = new (class extends ZipPassThrough {
    override compression = DEFLATE
    override mtime = FIXED_TIME
    protected override process(_: Uint8Array, isLast: boolean): void {
      this.ondata(null, compressed, isLast)
    }
  })(name)
  zip.add(file)
  file.push(content, true)
  zip.end()
  return Buffer.concat(chunks)
}

/** Without the listeners that the module adds to the process: they would print its own code with every error. */
async function importQuietly<T>(load: () => Promise<T>): Promise<T> {
  const events = ['uncaughtException', 'unhandledRejection'] as const
  const before = events.map(event => process.listeners(event as 'exit'))
  const loaded = await load()
  for (const [index, event] of events.entries())
    for (const listener of process.listeners(event as 'exit'))
      if (!before[index]?.includes(listener)) process.removeListener(event, listener)
  return loaded
}

const DEFLATE = 8 // of ZIP

/** Time of the files in an archive, fixed so that equal sources give equal archives. */
const FIXED_TIME = '2020-01-01T00:00:00Z'
