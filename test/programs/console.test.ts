import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startProgram } from '../world/processes.ts'
import { startWorld } from '../world/world.ts'

const LIMIT = { timeout: 60_000 }
const HASH_KEY = '0123456789'.repeat(4)

/** Follows an address with a token, as a browser does. */
async function letIn(address: string): Promise<{ readonly status: number; readonly cookie: string }> {
  const answered = await fetch(address, { redirect: 'manual' })
  return { status: answered.status, cookie: answered.headers.get('set-cookie')?.split(';')[0] ?? '' }
}

async function page(origin: string, cookie: string): Promise<readonly [number, string]> {
  const answered = await fetch(`${origin}/`, { headers: { cookie } })
  return [answered.status, await answered.text()]
}

test('hookline console lets in the browser that has its address, and ends at a signal', LIMIT, async () => {
  using folder = temporaryFolder()
  const output = join(folder.path, 'output')
  await using program = await startProgram(
    'src/main/hookline.ts',
    ['console', '--port', '0', '--read-only'],
    {
      env: { HOOKLINE_DATA_DIR: join(folder.path, 'data'), HOOKLINE_HASH_KEY: HASH_KEY },
      stdout: output,
    },
  )
  const { ready: address } = program.ready
  assert.match(readFileSync(output, 'utf8'), /The console, read-only: open this address in a browser/)
  const { origin } = new URL(address)
  assert.equal((await page(origin, ''))[0], 403)
  const { status, cookie } = await letIn(address)
  assert.equal(status, 303)
  const [shown, text] = await page(origin, cookie)
  assert.equal(shown, 200)
  assert.match(text, /No code was asked for since midnight/)
  assert.equal((await letIn(address)).status, 403)
  const next = /A browser was let in\..*(http:\S+)/s.exec(readFileSync(output, 'utf8'))?.[1] ?? ''
  assert.equal((await letIn(next)).status, 303)
  program.signal('SIGTERM')
  assert.equal(await program.ended, 'exit code 0')
})

for (const workers of ['1', '2']) {
  test(
    `a server with ${workers} worker(s) has a console, whose address only the owner can read`,
    LIMIT,
    async () => {
      await using world = await startWorld({ hook: 'process' })
      const hook = await world.serve({ HOOKLINE_CONSOLE_PORT: '0', HOOKLINE_WORKERS: workers })
      const file = join(world.dataFolder, 'console-address')
      const address = readFileSync(file, 'utf8').trim()
      assert.equal(address, hook.ready.console)
      assert.equal(statSync(file).mode & 0o777, 0o600)
      const { cookie } = await letIn(address)
      assert.equal((await page(new URL(address).origin, cookie))[0], 200)
      assert.equal(
        (await fetch(new URL('/person', hook.ready.ready))).status,
        404,
        'not at the port of the hook',
      )
      assert.doesNotMatch(readFileSync(world.outputs.stdout, 'utf8'), /token=/)

      const order = {
        to: '+14155550123',
        code: '90817263',
        user: { userId: '00ushown', login: 'ada@example.com' },
      }
      await world.call(hook, {
        ...order,
        eventId: 'uS5871kJThSMU8qlA1LTcg',
        otpExpires: '2099-01-01T00:00:00.000Z',
      })
      const { origin } = new URL(address)
      const show = async (path: string) => (await fetch(`${origin}${path}`, { headers: { cookie } })).text()
      const list = await show('/deliveries')
      const paths = [...list.matchAll(/href="(\/(?:delivery|person\/number)\/[^"]+)"/g)].map(
        ([, path]) => path ?? '',
      )
      assert.equal(new Set(paths).size, 2)
      const pages = [list, await show('/'), await show('/deliveries.csv'), await show('/changes')]
      for (const path of [...paths, '/person/event/uS5871kJThSMU8qlA1LTcg']) pages.push(await show(path))
      for (const page of pages) assert.doesNotMatch(page, /90817263|4155550123|5550123|ada@example|00ushown/)
      assert.ok(pages.some(page => page.includes('…23')))
    },
  )
}
