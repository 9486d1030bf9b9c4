import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { structureOf } from '../../tools/screenshots.ts'
import { launchChromium, skipWithoutChromium } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import {
  FREE_PORTS,
  printedAddresses,
  type StartedDemo,
  startDemo,
  startHookline,
} from '../world/processes.ts'
import { runHookline } from '../world/run-hookline.ts'

const LIMIT = { timeout: 120_000 } // a program that hangs must not hang the tests

describe('start', LIMIT, () => {
  let start: StartedDemo
  before(async () => {
    start = await startDemo()
  })
  after(() => start?.[Symbol.asyncDispose]())

  test('shows a text and a call as delivered, and reports that it is healthy', async () => {
    await start.program.prints(/✓ delivered: SMS to \+14254147755 in en_US\nOkta accepts: /)
    await start.program.prints(/ {2}sms from \+12065550100: \d{6} is your Okta sign-in code/)
    await start.program.prints(/✓ delivered: voice call to \+34683783440 in es_MX\nOkta accepts: /)
    await start.program.prints(
      / {2}voice from pool-demo0ES: Hola\. Le llamamos de Okta\. Su código para iniciar sesión es:/,
    )
    assert.equal((await fetch(`${start.hook}/healthz`)).status, 200)
  })

  const skip = skipWithoutChromium('the phone page after start')
  test('shows the text as one bubble and the call as one card', { skip }, async () => {
    const browser = await launchChromium()
    try {
      const page = await browser.newPage()
      await page.goto(start.carrier)
      const [text, call] = [page.getByTestId('text-bubble'), page.getByTestId('call-card')]
      await Promise.all([text.first().waitFor(), call.first().waitFor()])
      assert.deepEqual([await text.count(), await call.count()], [1, 1])
      assert.match((await text.textContent()) ?? '', /\d{6} is your Okta sign-in code/)
      assert.match((await call.textContent()) ?? '', /\+34683783440/)
      await page
        .getByText(/Delivered/)
        .nth(1)
        .waitFor()
      const shown = readFileSync(
        fileURLToPath(new URL('../../docs/images/phone.txt', import.meta.url)),
        'utf8',
      )
      assert.equal(await structureOf(page), shown, 'The picture in the README is old: npm run screenshots')
    } finally {
      await browser.close()
    }
  })

  test('a code that is entered on the phone page answers its delivery, and is in the figures', {
    skip,
  }, async () => {
    const browser = await launchChromium()
    try {
      const page = await browser.newPage()
      await page.goto(start.carrier)
      await page.getByRole('button', { name: 'Enter the code' }).first().click()
      await page.getByText('Okta accepts the code.').waitFor()
      let printed = ''
      while (!/sms .* after \d+ s /.test(printed)) {
        printed = (await runHookline(['deliveries'], { env: start.env })).stdout
        assert.match(printed, / sms /)
      }
      const args = ['stats', '--since', 'hour', '--by', 'channel', '--json']
      const { stdout } = await runHookline(args, { env: start.env })
      const figures = stdout.split('\n').find(line => line.includes('"channel":"sms"'))
      const { answered, medianMs } = JSON.parse(figures ?? '{}')
      assert.equal(answered, 1)
      assert.ok(medianMs >= 1_000)
    } finally {
      await browser.close()
    }
  })
})

test('Ctrl-C ends every process with exit code 0, and the same folder starts again', LIMIT, async () => {
  using folder = temporaryFolder()
  const env = { PORT: '0', HOOKLINE_DATA_DIR: join(folder.path, 'data') }
  for (const round of ['first', 'second']) {
    await using program = startHookline(['start', ...FREE_PORTS], { env })
    await program.prints(/Ctrl-C ends everything/)
    const { hook } = await printedAddresses(program)
    program.interrupt()
    const { code, stderr } = await program.ended
    assert.deepEqual([round, code, stderr, program.hasProcesses()], [round, 0, '', false])
    await assert.rejects(fetch(`${hook}/healthz`))
  }
  // The second start found the data of the first.
  const { stdout } = await runHookline(['deliveries', '--json'], { env })
  assert.equal(stdout.trim().split('\n').length, 4)
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(
    `${signal} to start alone, while its first code is in progress, ends every process`,
    LIMIT,
    async () => {
      using folder = temporaryFolder()
      const env = { PORT: '0', HOOKLINE_DATA_DIR: folder.path }
      await using program = startHookline(['start', ...FREE_PORTS], { env })
      await program.prints(/Hookline runs on this machine/)
      program.signal(signal)
      const { code, stderr } = await program.ended
      assert.deepEqual([code, stderr, program.hasProcesses()], [0, '', false])
    },
  )
}

test(
  'each port in use is named, with the option that changes it, and no process is left',
  LIMIT,
  async () => {
    using folder = temporaryFolder()
    await using taken = await takePort()
    const { port } = taken
    const cases = [
      { PORT: port, ports: ['0', '0'], says: `PORT ${port} is in use.*PORT=8090` },
      { PORT: '0', ports: [port, '0'], says: `Port ${port} is already in use.*--okta-port` },
      { PORT: '0', ports: ['0', port], says: `Port ${port} is in use.*--carrier-port` },
    ]
    for (const { PORT, ports, says } of cases) {
      const [okta = '', carrier = ''] = ports
      const env = { PORT, HOOKLINE_DATA_DIR: folder.path }
      await using program = startHookline(['start', '--okta-port', okta, '--carrier-port', carrier], { env })
      const { code, stderr } = await program.ended
      assert.match(stderr, new RegExp(says, 's'))
      assert.deepEqual([code, program.hasProcesses(), / at .*\.ts:/.test(stderr)], [3, false, false])
    }
  },
)

test('a wrong setting is named before anything starts', LIMIT, async () => {
  using folder = temporaryFolder()
  const env = { PORT: 'http', HOOKLINE_DATA_DIR: folder.path }
  const { code, stdout, stderr } = await runHookline(['start'], { env })
  assert.deepEqual([code, stdout], [3, ''])
  assert.match(stderr, /PORT is "http"; expected a whole number/)
})

async function takePort(): Promise<AsyncDisposable & { readonly port: string }> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  return {
    port: String(address.port),
    [Symbol.asyncDispose]: () => new Promise<void>(resolve => server.close(() => resolve())),
  }
}

test(
  'start --attack holds an attack within its first thirty messages, and people get their codes',
  LIMIT,
  async () => {
    using folder = temporaryFolder()
    const env = { HOOKLINE_DATA_DIR: folder.path, PORT: '0' }
    const { code, stdout } = await runHookline(['start', '--attack', '--once', ...FREE_PORTS], { env })
    assert.equal(code, 0, stdout)
    const [, sent, entered, held] = /^attacker +150 +(\d+) +(\d+) +(\d+) +request \d+$/m.exec(stdout) ?? []
    assert.ok(Number(sent) > 0 && Number(sent) <= 30, stdout)
    assert.deepEqual([entered, Number(sent) + Number(held)], ['0', 150])
    assert.match(stdout, /^people +(\d+) +\1 +\1 +0 +never$/m)
    assert.match(stdout, /^At \$0\.050 a text: .* \$\d+\.\d\d were not paid\.$/m)
  },
)
