import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build, type Metafile } from 'esbuild'
import { builtinsWithoutFacade, largeJsonAsText } from '../../infra/build/bundle-plugins.ts'
import {
  CREDENTIALS,
  onlyServe,
  quietSqlite,
  repository,
  sourcesInPackage,
  tablesInMemory,
  withoutHttp2,
} from './package-plugins.ts'
import { bundledAlone, programs } from './programs.ts'

/** The oldest Node that the package runs on: the first one with `node:sqlite` without a flag. */
export const OLDEST_NODE = '22.13'

/**
 * Bundles every program with all its libraries into `folder`, the `dist/` of a package. Pass other programs, such as tests of
 * the package, as file by name.
 *
 * The programs share their code, in more than two hundred files. To find and load a hundred of them took a server a third of
 * its start, so `hookline serve` without a console is also bundled alone.
 */
export async function bundlePackage(
  folder: string,
  entries: Readonly<Record<string, string>> = programs,
): Promise<readonly Metafile[]> {
  const { hookline, ...others } = entries
  const names = Object.keys(others)
  const pick = (isPicked: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(others).filter(([name]) => isPicked(name)))
  const bundles = names
    .filter(name => bundledAlone.includes(name))
    .map(name =>
      bundle(
        folder,
        pick(other => other === name),
      ),
    )
  const shared = pick(name => !bundledAlone.includes(name))
  if (hookline === undefined) return Promise.all([...bundles, bundle(folder, shared, { splitting: true })])
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'hookline.js'), HOOKLINE)
  return Promise.all([
    ...bundles,
    bundle(folder, { ...shared, commands: hookline, 'aws-credentials': CREDENTIALS }, { splitting: true }),
    bundle(folder, { serve: hookline }, { plugins: [onlyServe] }),
  ])
}

const HOOKLINE = `#!/usr/bin/env node
const isServer = process.argv[2] === 'serve' && !process.env.HOOKLINE_CONSOLE_PORT
await import(isServer ? './serve.js' : './commands.js')
`

async function bundle(
  folder: string,
  entries: Readonly<Record<string, string>>,
  { splitting = false, plugins = [] }: Pick<BuildOptions, 'splitting' | 'plugins'> = {},
): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: repository,
    entryPoints: Object.entries(entries).map(([out, source]) => ({ in: source, out })),
    outdir: folder,
    chunkNames: 'chunk-[hash]',
    bundle: true,
    splitting,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: `node${OLDEST_NODE}`,
    // In packages with both formats, `module` files import CommonJS files of each other, which fails.
    mainFields: ['main', 'module'],
    minifySyntax: true,
    minifyWhitespace: true,
    // oidc-provider and others use the names of classes.
    keepNames: true,
    charset: 'utf8',
    inject: ['tools/build/node-22.ts'],
    legalComments: 'none', // licences.ts writes all licences into one file
    plugins: [
      ...plugins,
      sourcesInPackage(repository),
      quietSqlite,
      withoutHttp2,
      tablesInMemory,
      builtinsWithoutFacade,
      largeJsonAsText,
    ],
    logLevel: 'error',
  })
  return metafile
}
