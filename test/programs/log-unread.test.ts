import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CREDENTIALS } from '../fixtures/aws-credentials.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { HASH_KEY_OF_TESTS, type ServedHook, startServe } from '../world/world.ts'

const PIPE_BYTES = 64 * 1024
const LIMIT = { timeout: 60_000 }

for (const [server, workers] of [
  ['serve', '1'],
  ['serve with two workers', '2'],
] as const) {
  test(`${server} keeps answering after the reader of its log has exited`, LIMIT, async () => {
    await using served = await startUnread(workers)
    served.hook.closeOutput()
    for (let request = 1; request <= 5; request += 1) await askUnauthenticated(served)
    served.hook.signal('SIGTERM')
    assert.equal(await served.hook.ended, 'exit code 0')
  })

  test(
    `${server} keeps answering while the reader of its log hangs, and exits on SIGTERM`,
    LIMIT,
    async () => {
      await using served = await startUnread(workers)
      for (let sent = 0; sent < PIPE_BYTES / 100; sent += 20) {
        await Promise.all(Array.from({ length: 20 }, () => askUnauthenticated(served)))
      }
      served.hook.signal('SIGTERM')
      assert.equal(await served.hook.ended, 'exit code 0')
    },
  )
}

type Unread = AsyncDisposable & { readonly hook: ServedHook }

async function startUnread(workers: string): Promise<Unread> {
  await using parts = new AsyncDisposableStack()
  const folder = parts.use(temporaryFolder()).path
  const hook = parts.use(
    await startServe({
      stdout: 'unread',
      env: {
        ...CREDENTIALS,
        PORT: '0',
        HOOKLINE_WORKERS: workers,
        HOOKLINE_DATA_DIR: folder,
        HOOKLINE_HASH_KEY: HASH_KEY_OF_TESTS,
        HOOKLINE_SECRET_HEADER: 'x-hook-secret',
        HOOKLINE_SECRETS: 'a-secret-of-tests-longer-than-32-characters',
        AWS_REGION: 'us-east-1',
      },
    }),
  )
  const running = parts.move()
  return { hook, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

/** Each is a log line of more than a hundred bytes. */
async function askUnauthenticated({ hook }: Unread): Promise<void> {
  const { status } = await fetch(hook.hookUrl, { method: 'POST', body: '{}' })
  assert.equal(status, 401)
}
