import { build, type Metafile } from 'esbuild'
import { builtinsWithoutFacade, largeJsonAsText } from '../../infra/build/bundle-plugins.ts'
import { quietSqlite, repository, sourcesInPackage, tablesInMemory, withoutHttp2 } from './package-plugins.ts'
import { programs } from './programs.ts'

/** The oldest Node that the package runs on: the first one with `node:sqlite` without a flag. */
export const OLDEST_NODE = '22.13'

/**
 * Bundles every program with all its libraries into `folder`, the `dist/` of a package; code that several of them use only
 * once. Other programs than those of the package, such as its tests, are given as file by name.
 */
export async function bundlePackage(
  folder: string,
  entries: Readonly<Record<string, string>> = programs,
): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: repository,
    entryPoints: Object.entries(entries).map(([out, source]) => ({ in: source, out })),
    outdir: folder,
    chunkNames: 'chunk-[hash]',
    bundle: true,
    splitting: true,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: `node${OLDEST_NODE}`,
    // `module` files of packages that have both import each other's CommonJS and break.
    mainFields: ['main', 'module'],
    minifySyntax: true,
    minifyWhitespace: true,
    // oidc-provider and others choose by the name of a class.
    keepNames: true,
    charset: 'utf8',
    inject: ['tools/build/node-22.ts'],
    legalComments: 'none', // all licences are in one file: licences.ts
    plugins: [
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
