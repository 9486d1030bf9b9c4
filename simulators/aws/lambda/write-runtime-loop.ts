import { readFile, writeFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'

/** The runtime loop as plain JavaScript: a function's process starts without a compiler. */
export async function writeRuntimeLoop(file: string): Promise<void> {
  const source = await readFile(new URL('./runtime-loop.ts', import.meta.url), 'utf8')
  await writeFile(file, stripTypeScriptTypes(source))
}
