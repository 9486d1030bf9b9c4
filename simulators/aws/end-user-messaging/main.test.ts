import assert from 'node:assert/strict'
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startBench } from '../../../test/stand-ins/carrier-bench.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))

test('tells its parent when it is ready, and exits when the parent disconnects', async () => {
  const { child, url } = await forkMain()
  assert.equal((await fetch(`${url}/messages`)).status, 200)
  const exit = once(child, 'exit')
  child.disconnect()
  assert.deepEqual(await exit, [0, null])
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`exits on ${signal}, even while a page listens`, async () => {
    const { child, url } = await forkMain()
    const page = await fetch(`${url}/messages/stream`)
    assert.equal(page.status, 200)
    const exit = once(child, 'exit')
    child.kill(signal)
    assert.deepEqual(await exit, [0, null])
    await page.text().catch(() => {})
  })
}

test('prints one line with its URL', async () => {
  const child = spawn(process.execPath, [MAIN, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  assert.match(String(line), /^AWS End User Messaging \(a stand-in\): http:\/\/127\.0\.0\.1:\d+\n$/)
  child.kill()
  await once(child, 'exit')
})

test('says that a port is in use, and what to do', async () => {
  await using bench = await startBench()
  const { port } = new URL(bench.standIn.url)
  assert.deepEqual(await run('--port', port), {
    status: 1,
    stdout: '',
    stderr: `Port ${port} is in use: stop the program that uses it, or choose another --port\n`,
  })
})

test('prints help, and explains wrong options', async () => {
  assert.match((await run('--help')).stdout, /Usage:.*--port/s)
  const bad = await run('--port', 'http')
  assert.deepEqual(
    [bad.status, bad.stderr],
    [1, '--port is "http"; expected a whole number from 0 to 65535\n'],
  )
  assert.match((await run('--events-url', 'ftp://x')).stderr, /^events: url is "ftp:\/\/x"; expected an http/)
  assert.match((await run('--colour')).stderr, /^Unknown option '--colour'/)
})

test('closes at once, with requests in progress', { timeout: 120_000 }, async () => {
  const bench = await startBench()
  for (const rule of [
    { kind: 'hang', when: 'before', times: 1 },
    { kind: 'latency', ms: 600_000 },
  ]) {
    await bench.call('/faults', 'POST', rule)
  }
  const cut = (call: Promise<unknown>) =>
    call.then(
      () => 'answered',
      () => 'cut off',
    )
  const input = JSON.stringify({ DestinationPhoneNumber: '+14155550142', MessageBody: 'Hello' })
  const calls = [cut(bench.post(input)), cut(bench.post(input))]
  const page = await fetch(`${bench.standIn.url}/messages/stream`)
  calls.push(cut(page.text()))
  await bench.standIn.close() // and not after ten minutes
  await bench.standIn.close()
  assert.deepEqual(await Promise.all(calls), ['cut off', 'cut off', 'cut off'])
})

async function forkMain(): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(MAIN, ['--port', '0'], { silent: true, execArgv: [] })
  const [message] = (await once(child, 'message')) as [{ ready: string }]
  return { child, url: message.ready }
}

async function run(...args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [status] = (await ended) as [number]
  return { status, stdout, stderr }
}
