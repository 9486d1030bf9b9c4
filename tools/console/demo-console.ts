import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { keyedDigest } from '../../src/adapters/node/hash-key.ts'
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts'
import { Secret } from '../../src/core/values/secret.ts'
import { seedDemo } from '../../src/main/demo/demo-routes.ts'
import { seedDay } from './demo-day.ts'

export type DemoConsole = AsyncDisposable & {
  /** With a token that lets one browser in. */
  readonly address: string
  readonly dataFolder: string
}

/** `hookline console` as a program, over a store with the demo's day. `hours`: how much of it. Ends with `await using`. */
export async function startDemoConsole(options: {
  readonly count: number
  readonly hours: number
  readonly args?: readonly string[]
}): Promise<DemoConsole> {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-console-'))
  const dataFolder = join(folder, 'data')
  const store = await openSqliteStore(dataFolder, Date.now, {
    deliveriesMs: 30 * DAY_MS,
    receiptsMs: 4 * DAY_MS,
  })
  await seedDemo(store)
  await seedDay(store, Date.now(), { ...options, digest: keyedDigest(new Secret(HASH_KEY)) })
  await store.close()
  const args = ['src/main/hookline.ts', 'console', '--port', '0', ...(options.args ?? [])]
  const program = spawn(process.execPath, args, {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: {
      PATH: process.env.PATH,
      HOOKLINE_DATA_DIR: dataFolder,
      HOOKLINE_HASH_KEY: HASH_KEY,
      USER: 'casey',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(program, 'exit')
  const kill = (): void => void program.kill('SIGKILL')
  process.once('exit', kill)
  const close = async (): Promise<void> => {
    program.kill('SIGTERM')
    await ended
    process.off('exit', kill)
    rmSync(folder, { recursive: true, force: true })
  }
  const ready = await Promise.race([
    once(program, 'message').then(([message]) => (message as { readonly ready: string }).ready),
    ended.then(() => undefined),
  ])
  if (ready !== undefined) return { address: ready, dataFolder, [Symbol.asyncDispose]: close }
  await close()
  throw new Error('`hookline console` ended before it was ready')
}

const HASH_KEY = '0123456789'.repeat(4)
const DAY_MS = 86_400_000
