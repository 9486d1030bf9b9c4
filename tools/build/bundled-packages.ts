import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Metafile } from 'esbuild'
import { repository } from './package-plugins.ts'

/** A library whose code is in a bundle. */
export type BundledPackage = {
  readonly name: string
  readonly version: string
  /** An SPDX identifier. */
  readonly licence: string
  readonly author: string
  /** The Node that its package.json requires; empty if it requires none. */
  readonly engine: string
  /** The full text of its licence files and notices; empty if it has none. */
  readonly texts: readonly string[]
  /** SHA-512 of its archive in hexadecimal digits, from the lock file. */
  readonly sha512: string
}

/** Licences that require only their text and a notice. */
const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT']

/**
 * Every library with code in the outputs, by name and version, according to the bundler. `npm sbom` would omit
 * development dependencies, which include most libraries of the stand-ins. Throws for a licence that is not on the
 * list, and for a library that requires a later Node.
 */
export function bundledPackages(
  metafiles: readonly Metafile[],
  oldestNode: string,
): readonly BundledPackage[] {
  const lock = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8')) as Lock
  const inputs = metafiles
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap(output => Object.entries(output.inputs))
  const folders = new Set(
    inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).flatMap(([path]) => folderOf(path)),
  )
  const found = new Map([...folders].map(folder => readPackage(folder, lock)).map(one => [purl(one), one]))
  const refused = [...found.values()].filter(({ licence }) => !ALLOWED.includes(licence))
  if (refused.length > 0) {
    const lines = refused.map(one => `${one.name} ${one.version}: ${one.licence}`)
    throw new Error(
      `Licences that are not on the list of tools/build/bundled-packages.ts:\n${lines.join('\n')}`,
    )
  }
  const tooNew = [...found.values()].filter(({ engine }) => !takesNode(engine, oldestNode))
  if (tooNew.length > 0) {
    const lines = tooNew.map(one => `${one.name} ${one.version}: ${one.engine}`)
    throw new Error(
      `The package is for Node ${oldestNode}, and these require a later one:\n${lines.join('\n')}`,
    )
  }
  return [...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, found]) => found)
}

/** https://github.com/package-url/purl-spec: the `@` of a scope is escaped. */
export function purl({ name, version }: Pick<BundledPackage, 'name' | 'version'>): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`
}

/** `>=20.18.1`, `^16 || ^18 || >=20`. Refuses a range of any other form. @internal */
export function takesNode(range: string, version: string): boolean {
  if (range === '' || range === '*') return true
  const wanted = numbersOf(version)
  return range.split('||').some(one => {
    const [, kind, from = ''] = /^\s*(>=|\^)\s*v?(\d+(?:\.(?:\d+|x))*)\s*$/.exec(one) ?? []
    const least = numbersOf(from)
    if (kind === undefined || (kind === '^' && least[0] !== wanted[0])) return false
    const at = least.findIndex((number, index) => number !== (wanted[index] ?? 0))
    return at === -1 || (least[at] ?? 0) < (wanted[at] ?? 0)
  })
}

function numbersOf(version: string): readonly number[] {
  return version.split('.').map(part => Number(part) || 0)
}

/** The folder `node_modules/a/node_modules/@b/c` of a path inside it. */
function folderOf(path: string): readonly string[] {
  const [found] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []
  return found === undefined ? [] : [found]
}

function readPackage(folder: string, lock: Lock): BundledPackage {
  const path = join(repository, folder)
  const { name, version, license, author, engines } = JSON.parse(
    readFileSync(join(path, 'package.json'), 'utf8'),
  ) as {
    readonly name: string
    readonly version: string
    readonly license?: string | { readonly type?: string } // the second is npm's old form
    readonly author?: string | { readonly name?: string }
    readonly engines?: { readonly node?: string }
  }
  const integrity = lock.packages[folder]?.integrity ?? ''
  if (!integrity.startsWith('sha512-')) throw new Error(`package-lock.json has no SHA-512 of ${folder}`)
  return {
    name,
    version,
    licence: (typeof license === 'string' ? license : license?.type) ?? 'unknown',
    author: (typeof author === 'string' ? author : author?.name) ?? '',
    engine: engines?.node ?? '',
    texts: readdirSync(path)
      .filter(file => /^(?:licen[cs]e|copying|notice)/i.test(file))
      .sort()
      .map(file => readFileSync(join(path, file), 'utf8').trim()),
    sha512: Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex'),
  }
}

type Lock = { readonly packages: Readonly<Record<string, { readonly integrity?: string } | undefined>> }
