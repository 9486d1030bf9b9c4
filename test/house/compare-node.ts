import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/**
 * `npm run node:compare`: compares the Node of this clone, which comes from npm, with the binary in nodejs.org's
 * archive, whose published SHA-256 is checked. Fails if they differ; if nodejs.org cannot be reached, it reports
 * clearly that nothing was compared.
 */
const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
const { version, binary } = ownNode()
const release = `node-v${version}-${name.slice('node-'.length)}`

const published = await download(`SHASUMS256.txt`).catch((error: unknown) => {
  const { message, cause } = error as Error
  process.stdout.write(
    `NOT COMPARED: nodejs.org cannot be reached (${cause instanceof Error ? cause.message : message}).\n`,
  )
  process.exit(0)
})
/** By SHASUMS256.txt, from Node's releasers. */
const digestOf = (file: string): string | undefined =>
  published
    .toString('utf8')
    .split('\n')
    .find(line => line.endsWith(`  ${file}`))
    ?.split(' ')[0]
const theirs =
  process.platform === 'win32' ? digestOf(`win-${process.arch}/node.exe`) : sha256(await binaryOfArchive())
const ours = sha256(binary)
if (theirs !== ours) throw new Error(`The ${name} ${version} of npm (${ours}) is not Node's own (${theirs}).`)
process.stdout.write(`${name} ${version} of npm is Node's own: SHA-256 ${ours}.\n`)

async function binaryOfArchive(): Promise<Buffer> {
  const archive = await download(`${release}.tar.gz`)
  if (sha256(archive) !== digestOf(`${release}.tar.gz`))
    throw new Error(`${release}.tar.gz is not what SHASUMS256.txt says.`)
  return fileIn(gunzipSync(archive), `${release}/bin/node`)
}

/** The package of this platform; without one, there is nothing to compare. */
function ownNode(): { readonly version: string; readonly binary: Buffer } {
  try {
    const file = createRequire(import.meta.url).resolve(`${name}/package.json`)
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }
    const path = join(dirname(file), 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    return { version, binary: readFileSync(path) }
  } catch (error) {
    process.stdout.write(
      `NOT COMPARED: there is no ${name} here (${(error as Error).message.split('\n')[0]}).\n`,
    )
    process.exit(0)
  }
}

async function download(file: string): Promise<Buffer> {
  const response = await fetch(`https://nodejs.org/dist/v${version}/${file}`, {
    signal: AbortSignal.timeout(60_000),
  })
  if (!response.ok) throw new Error(`${response.url} answered HTTP ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}

/**
 * A file in a tar archive (POSIX ustar): a header of 512 bytes, then the content, padded to a multiple of 512 bytes.
 */
function fileIn(tar: Buffer, path: string): Buffer {
  for (let at = 0; at + 512 <= tar.length; ) {
    const header = tar.subarray(at, at + 512)
    const field = (from: number, length: number): string =>
      header.toString('latin1', from, from + length).replace(/\0.*$/s, '')
    const size = Number.parseInt(field(124, 12), 8) || 0
    if (field(0, 100) === path) return tar.subarray(at + 512, at + 512 + size)
    at += 512 + Math.ceil(size / 512) * 512
  }
  throw new Error(`${path} is not in the archive`)
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
