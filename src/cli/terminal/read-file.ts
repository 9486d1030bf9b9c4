import { readFile, stat } from 'node:fs/promises'
import { messageOf } from '../../core/values/message-of.ts'
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

/** What an import did, in three lists. */
export type ImportReport = {
  readonly taken: readonly string[]
  readonly changed: readonly string[]
  readonly looks: readonly string[]
}

export function describeImport({ taken, changed, looks }: ImportReport): string {
  const part = (title: string, lines: readonly string[]): string =>
    lines.length === 0 ? '' : `${title}\n${lines.map(line => `  ${line}`).join('\n')}\n`
  return [part('Taken:', taken), part('Changed:', changed), part('Deserves a look:', looks)]
    .filter(Boolean)
    .join('\n')
    .trimEnd()
}

const SIZE_MAX = 16 * 1024 * 1024
