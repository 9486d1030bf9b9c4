import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Whether this machine can build the image of Containerfile and start its content without a container engine. */
export function canBuildImage(): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const isInstalled = (program: string): boolean => folders.some(folder => existsSync(join(folder, program)))
  return process.getuid?.() === 0 && ['buildah', 'unshare', 'chroot'].every(isInstalled)
}
