import { statSync } from 'node:fs'

/**
 * What is wrong with the folder of the store where others than its owner may enter it; undefined where nothing is. The
 * files in it are the owner's alone whoever made the folder, and the folder is left as it is: it may be a mount.
 */
export function dataFolderProblem(dataFolder: string): string | undefined {
  const mode = statSync(dataFolder, { throwIfNoEntry: false })?.mode ?? 0
  if (process.platform === 'win32' || (mode & 0o077) === 0) return undefined
  const octal = (mode & 0o777).toString(8)
  return `${dataFolder} is open to others than its owner (mode ${octal}). Run: chmod 700 ${dataFolder}`
}
