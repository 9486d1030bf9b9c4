import { messageOf } from '../../core/values/printable.ts'
import { readTextFile } from '../terminal/files.ts'
import { Problem } from '../terminal/problem.ts'

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
