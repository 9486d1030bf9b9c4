import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { OLDEST_NODE } from '../../tools/build/bundle-package.ts'
import { repository } from '../../tools/build/package-plugins.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'
import { type Program, startHookline } from '../world/processes.ts'

const run = promisify(execFile)

/** The package after `npm install` in an empty folder, with one version of Node. Ends with `using`. */
export type Installed = Disposable & {
  readonly folder: string
  /** Of the package itself. */
  readonly path: (...names: readonly string[]) => string
  readonly start: (args: readonly string[], env?: Readonly<Record<string, string>>) => Program
  /** A program other than the commands, by its name in `dist/`. */
  readonly startOther: (name: string, args: readonly string[]) => Program
  /** A command line as typed, including `npx`. */
  readonly type: (
    command: string,
    args: readonly string[],
  ) => Promise<{ readonly stdout: string; readonly stderr: string }>
}

export const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
/** The archive that `npm run build` made. */
const ARCHIVE = join(repository, 'dist', `hookline-${version}.tgz`)

export async function installPackage(node: string): Promise<Installed> {
  if (!existsSync(ARCHIVE)) throw new Error(`${ARCHIVE} is missing: npm run build makes it`)
  const folder: TemporaryFolder = temporaryFolder()
  const { PATH = '', HOME = '' } = process.env
  // npm sometimes asks its registry for a newer npm, and would wait for the answer.
  const quiet = { npm_config_update_notifier: 'false' }
  const environment = { PATH: [dirname(node), PATH].join(delimiter), HOME, ...quiet }
  const type: Installed['type'] = (command, args) =>
    run(command, [...args], { cwd: folder.path, env: environment, timeout: 120_000 })
  // Offline: a package that needs another one cannot be installed.
  await type('npm', ['install', '--offline', '--no-audit', '--no-fund', ARCHIVE])
  const path: Installed['path'] = (...names) => join(folder.path, 'node_modules', 'hookline', ...names)
  return {
    folder: folder.path,
    path,
    start: (args, env = {}) =>
      startHookline(args, {
        node,
        program: path('dist', 'hookline.js'),
        cwd: folder.path,
        env: { PORT: '0', ...env },
      }),
    startOther: (name, args) =>
      startHookline(args, { node, program: path('dist', `${name}.js`), cwd: folder.path }),
    type,
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  }
}

/** The oldest Node that the package runs on, from npm; kept in `node_modules/.cache`. */
export async function oldestNode(): Promise<string> {
  const platform = `node-${process.platform}-${process.arch}`
  const folder = join(repository, 'node_modules', '.cache', `node-${OLDEST_NODE}.0`)
  const node = join(folder, 'node_modules', platform, 'bin', 'node')
  if (!existsSync(node)) {
    await run('npm', [
      ...['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund'],
      `${platform}@${OLDEST_NODE}.0`,
    ])
  }
  return node
}
