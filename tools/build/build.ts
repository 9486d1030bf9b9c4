import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Metafile } from 'esbuild'
import { bundlePackage, OLDEST_NODE } from './bundle-package.ts'
import { bundledPackages } from './bundled-packages.ts'
import { licencePage } from './licences.ts'
import { repository } from './package-plugins.ts'
import { filesBesideSources, filesForPeople } from './programs.ts'
import { billOfMaterials } from './sbom.ts'

/**
 * `npm run build`: makes the package as it is installed, in `dist/package/`, and its archive,
 * `dist/hookline-<version>.tgz`. It needs no other package. Throws if the archive is larger than 4 MB, or contains a
 * library under a licence that is not allowed.
 */
const PACKED_MAX = 4_000_000
const FUNCTIONS = ['authorizer', 'hook', 'one-function', 'receipts', 'events', 'figures', 'canary']
const target = join(repository, 'dist', 'package')
const own = JSON.parse(read('package.json')) as {
  readonly name: string
  readonly version: string
  readonly description: string
}

rmSync(target, { recursive: true, force: true })
execFileSync(process.execPath, [join(repository, 'infra/build/template.ts')], { stdio: 'ignore' })
const bundled = [
  ...(await bundlePackage(join(target, 'dist'))),
  ...FUNCTIONS.map(name => JSON.parse(read(`dist/functions/${name}/metafile.json`)) as Metafile),
]
for (const path of [...filesForPeople, ...Object.values(filesBesideSources).flat()]) {
  mkdirSync(dirname(join(target, path)), { recursive: true })
  cpSync(join(repository, path), join(target, path), { recursive: true })
}
const packages = bundledPackages(bundled, OLDEST_NODE)
write('package.json', `${JSON.stringify(packageOf(own), null, 2)}\n`)
write('THIRD-PARTY-LICENCES.txt', licencePage(packages, read('LICENSE')))
write('sbom.cdx.json', `${JSON.stringify(billOfMaterials(own, packages), null, 2)}\n`)

const archive = pack()
const bytes = statSync(archive).size
print(`${packages.length} libraries bundled, each under a licence of the list`)
print(`dist/hookline-${own.version}.tgz  ${(bytes / 1_000_000).toFixed(2)} MB packed`)
if (bytes > PACKED_MAX) throw new Error(`The package is larger than ${PACKED_MAX / 1_000_000} MB.`)

/** The package.json for npm: a command, the oldest Node, and no dependencies. */
function packageOf({ name, version, description }: typeof own): object {
  return {
    name,
    version,
    description,
    license: 'Apache-2.0',
    type: 'module',
    bin: { hookline: 'dist/hookline.js' },
    engines: { node: `>=${OLDEST_NODE}` },
    files: ['dist', 'docs', 'messages', 'simulators', 'src', 'CHANGELOG.md', '*.txt', '*.json'],
  }
}

function pack(): string {
  const options = ['pack', target, '--pack-destination', join(repository, 'dist'), '--silent']
  execFileSync('npm', options, { cwd: repository, stdio: ['ignore', 'ignore', 'inherit'] })
  return join(repository, 'dist', `${own.name}-${own.version}.tgz`)
}

function read(path: string): string {
  return readFileSync(join(repository, path), 'utf8')
}

function write(path: string, text: string): void {
  writeFileSync(join(target, path), text)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
