import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unzipSync } from 'fflate'
import type { Resource } from '../template/stack.ts'

/**
 * Unpacks a function's archive: the file in the folder with the last part of the template's S3Key as its name. Throws,
 * as CloudFormation would, if it does not exist.
 */
export function unpackArchive({ logicalId, properties }: Resource, archives: string, target: string): void {
  const { S3Bucket, S3Key, ZipFile } = Object(properties.Code) as Readonly<Record<string, unknown>>
  if (typeof ZipFile === 'string') {
    writeFileSync(join(target, 'index.js'), ZipFile)
    return
  }
  if (typeof S3Bucket !== 'string' || S3Bucket === '' || typeof S3Key !== 'string') {
    throw new Error(`${logicalId} names no archive: S3Bucket is ${S3Bucket}, S3Key is ${S3Key}`)
  }
  const archive = join(archives, basename(S3Key))
  if (!existsSync(archive)) {
    throw new Error(`${logicalId} runs ${S3Key}, but there is no ${archive}. Bundle the functions first.`)
  }
  for (const [name, content] of Object.entries(unzipSync(readFileSync(archive)))) {
    if (name.endsWith('/')) continue
    mkdirSync(dirname(join(target, name)), { recursive: true })
    writeFileSync(join(target, name), content)
  }
}

/** The runtime loop as plain JavaScript, so that a function's process starts without a compiler: written to `file`, or as it is. */
export async function runtimeLoop(file: string): Promise<string> {
  const loop = fileURLToPath(new URL('./runtime-loop.ts', import.meta.url))
  if (!loop.endsWith('.ts')) return loop
  await writeFile(file, withoutTypes(await readFile(loop, 'utf8')))
  return file
}

/** Without Node's warning, on each first use, that this is experimental. */
function withoutTypes(source: string): string {
  const { emitWarning } = process
  process.emitWarning = () => undefined
  try {
    return stripTypeScriptTypes(source)
  } finally {
    process.emitWarning = emitWarning
  }
}
