import { execFileSync } from 'node:child_process'
import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The sources of another commit, in a folder of their own. */
export type OtherVersion = Disposable & { readonly folder: string; readonly commit: string }

/**
 * Checks a commit out into `folder`, which must not exist. It uses the packages of this repository if they are of the versions that it
 * asks for, else its own are installed.
 */
export function checkOut(commit: string, folder: string): OtherVersion {
  const short = git('rev-parse', '--short', '--verify', `${commit}^{commit}`).trim()
  git('worktree', 'add', '--detach', folder, short)
  const dispose = (): void => void git('worktree', 'remove', '--force', folder)
  try {
    if (hasPackagesOf(folder)) symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
    else npm(folder, 'ci', '--ignore-scripts', '--no-audit', '--no-fund')
    return { folder, commit: short, [Symbol.dispose]: dispose }
  } catch (error) {
    dispose()
    throw error
  }
}

function hasPackagesOf(folder: string): boolean {
  const { dependencies = {}, devDependencies = {} } = readPackage(folder)
  return Object.entries({ ...dependencies, ...devDependencies }).every(
    ([name, version]) => readPackage(join(ROOT, 'node_modules', name))?.version === version,
  )
}

type Package = {
  readonly version?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

function readPackage(folder: string): Package {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Package
  } catch {
    return {}
  }
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

function npm(cwd: string, ...args: readonly string[]): void {
  execFileSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))
