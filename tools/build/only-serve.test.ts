import { test } from 'node:test'
import { build } from 'esbuild'
import { onlyServe, repository } from './package-plugins.ts'

test('the package knows of each import() of a server whether the server uses it', async () => {
  await build({
    absWorkingDir: repository,
    entryPoints: ['src/main/hookline.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    plugins: [onlyServe],
    logLevel: 'silent',
  })
})
