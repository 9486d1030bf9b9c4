import { build, type Metafile } from 'esbuild'
import { builtinsWithoutFacade, largeJsonAsText } from '../../infra/build/bundle-plugins.ts'
import { quietSqlite, repository, sourcesInPackage, tablesInMemory, withoutHttp2 } from './package-plugins.ts'
import { programs } from './programs.ts'

/** The oldest Node that the package runs on: the first one with `node:sqlite` without a flag. */
export const OLDEST_NODE = '22.13'

/**
 * Bundles every program with all its libraries into `folder`, the `dist/` of a package. Shared code is included once.
 * Pass other programs, such as tests of the package, as file by name.
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
