import { chmod, stat, writeFile } from 'node:fs/promises'

/** Writes a file that only its owner can read, also where it was there and wider. With `wx` it rejects where it was there. */
export async function writeOwnFile(
  path: string,
  data: string | Uint8Array,
  flag: 'w' | 'wx' = 'w',
): Promise<void> {
  await writeFile(path, data, { flag, mode: OWNER_ONLY })
  if ((await stat(path)).isFile()) await chmod(path, OWNER_ONLY) // not a pipe or /dev/stdout
}

const OWNER_ONLY = 0o600
