import { constants, existsSync, mkdirSync } from 'node:fs'
import { chmod, open, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { messageOf } from '../../core/values/printable.ts'
import type { Context } from './context.ts'
import { Problem } from './problem.ts'

/** A file's text, at most 16 MB, or a problem that names the file. */
export async function readTextFile(path: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size > SIZE_MAX) throw new Error(`it has ${size} bytes; expected at most ${SIZE_MAX}`)
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new Problem('usage', `${path} cannot be read: ${messageOf(error)}`)
  }
}

/**
 * Writes a file that only its owner can read, even if it existed with wider rights. Rejects with a problem that names it,
 * also for a pipe that nobody reads, which would wait without an end. With `wx`, it rejects if the file exists.
 */
export async function writeOwnFile(
  path: string,
  data: string | Uint8Array,
  flag: 'w' | 'wx' = 'w',
): Promise<void> {
  try {
    await using reader = await readerOf(path)
    await writeFile(path, data, { flag, mode: OWNER_ONLY })
    if (reader === undefined && (await stat(path)).isFile()) await chmod(path, OWNER_ONLY) // not /dev/stdout
  } catch (error) {
    throw new Problem('usage', `${path} cannot be written: ${messageOf(error)}`)
  }
}

/** Keeps the pipe open until its file is written, so that its reader sees one writer. Undefined if it is no pipe. */
async function readerOf(path: string) {
  const existing = await stat(path).catch(() => undefined)
  if (existing?.isFIFO() !== true) return undefined
  return open(path, constants.O_WRONLY | constants.O_NONBLOCK).catch(() => {
    throw new Error('it is a pipe that no program reads')
  })
}

/**
 * Makes a folder that only its owner can enter, and those above it. Throws a problem that names it. Node's own way
 * (`recursive`) never returns where the folder above exists and yet none can be made in it: under /proc, or where a link
 * leads to nothing, such as a disk that is not mounted.
 */
export function makeFolder(path: string): void {
  try {
    makeFolders(path)
  } catch (error) {
    throw new Problem('usage', `The folder ${path} cannot be made: ${messageOf(error)}`)
  }
}

function makeFolders(path: string): void {
  if (existsSync(path)) return
  if (dirname(path) !== path) makeFolders(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if (existsSync(path)) return // another process has just made it
    throw (error as NodeJS.ErrnoException).code === 'EEXIST'
      ? new Error(`${path} is a link to nothing`, { cause: error })
      : error
  }
}

/** Prints JSON that `import` reads, or writes it to a file. `what`: what is exported, with its count. */
export async function exportJson(
  { print }: Pick<Context, 'print'>,
  file: string | undefined,
  value: unknown,
  what: string,
): Promise<void> {
  const json = JSON.stringify(value, undefined, 2)
  if (file === undefined) return print(json)
  await writeOwnFile(file, `${json}\n`)
  print(`${what} written to ${file}.`)
}

/** What an import did, in three lists. */
export type ImportReport = {
  readonly taken: readonly string[]
  readonly changed: readonly string[]
  readonly warnings: readonly string[]
}

export function describeImport({ taken, changed, warnings }: ImportReport): string {
  const part = (title: string, lines: readonly string[]): string =>
    lines.length === 0 ? '' : `${title}\n${lines.map(line => `  ${line}`).join('\n')}\n`
  return [part('Imported:', taken), part('Changed:', changed), part('Worth checking:', warnings)]
    .filter(Boolean)
    .join('\n')
    .trimEnd()
}

const OWNER_ONLY = 0o600
const SIZE_MAX = 16 * 1024 * 1024

/** A JSON file, read by `read`; what is wrong with it is a problem that names the file. */
export async function readJsonWith<T extends object>(
  path: string,
  read: (input: unknown) => T | { readonly problem: string },
): Promise<T> {
  const result = read(parsed(await readTextFile(path), path))
  if ('problem' in result) throw new Problem('usage', `${path}: ${result.problem}`)
  return result
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Problem('usage', `${path} is not JSON: ${messageOf(error)}`)
  }
}
