import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('./main.ts', import.meta.url))

test('it tells its parent its address, and exits with it', async () => {
  const program = start('--port', '0')
  const [ready] = await once(program, 'message')
  assert.deepEqual(Object.keys(ready), ['ready', 'issuer', 'audience', 'clientId', 'scope'])
  const response = await fetch(`${ready.issuer}/v1/keys`)
  assert.equal(response.status, 200)

  program.disconnect()
  assert.deepEqual(await once(program, 'exit'), [0, null])
})

test('it prints its issuer in one line, and exits on a signal', async () => {
  const program = start('--port', '0')
  const [ready] = await once(program, 'message')
  program.kill('SIGTERM')
  const output = program.stdout && (await text(program.stdout))
  assert.equal(output?.trim().split('\n').length, 1)
  assert.ok(output?.includes(`issuer ${ready.issuer},`))
})

test('a port in use is reported in one line', async () => {
  const first = start('--port', '0')
  const [ready] = await once(first, 'message')
  const { port } = new URL(ready.ready)
  assert.deepEqual(await outcome(start('--port', port)), {
    code: 1,
    complaint: `Port ${port} is already in use; choose another one with --port.\n`,
  })
  first.kill()
  await once(first, 'exit')
})

test('invalid arguments are reported in one line', async () => {
  for (const args of [['--port', 'web'], ['--hook-url', 'localhost'], ['--nonsense']]) {
    const { code, complaint } = await outcome(start(...args))
    assert.equal(code, 1)
    assert.equal(complaint.trim().split('\n').length, 1)
  }
})

test('it helps', async () => {
  const { code, complaint } = await outcome(start('--help'))
  assert.deepEqual([code, complaint], [0, ''])
})

function start(...args: string[]): ChildProcess {
  return fork(PROGRAM, args, { silent: true, execArgv: [] })
}

async function outcome(program: ChildProcess) {
  const complaint = program.stderr ? text(program.stderr) : Promise.resolve('')
  const [code] = await once(program, 'exit')
  return { code, complaint: await complaint }
}
