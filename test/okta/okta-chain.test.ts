import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import { parseEnv } from 'node:util'
import { startEndUserMessaging } from '../../simulators/aws/end-user-messaging/server.ts'
import type { CarrierMessage } from '../support/carrier-message.ts'
import { findLeaks, type Place } from '../support/leaks.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startProgram } from '../world/child-program.ts'
import { CREDENTIALS, HASH_KEY_OF_TESTS, ROUTES_OF_TESTS } from '../world/hook-bench.ts'
import { settingUp, shapeOf } from '../world/okta-setting-up.ts'
import { type Ended, runHookline, startHookline } from '../world/program.ts'

/** The commands themselves in processes of their own, over Okta's SDK. */
describe('hookline okta, the whole chain', { timeout: 120_000 }, () => {
  test('prepare, serve, activate, preview, a code, teardown: the org is as before, and no credential is anywhere', async () => {
    await using setting = await settingUp()
    using folder = temporaryFolder()
    await using stack = new AsyncDisposableStack()
    const carrier = stack.adopt(await startEndUserMessaging({ port: 0 }), one => one.close())
    const { org, okta } = setting
    const before = org.export()
    const places: Place[] = []
    const tokenFile = join(folder.path, 'token')
    const envFile = join(folder.path, 'hook.env')
    writeFileSync(tokenFile, `${org.apiToken}\n`)
    writeFileSync(envFile, 'LOG_LEVEL=info\nHOOKLINE_OKTA_SCOPE=old\n')
    const settings = { HOOKLINE_DATA_DIR: join(folder.path, 'data'), HOOKLINE_HASH_KEY: HASH_KEY_OF_TESTS }
    const hookline = async (
      args: readonly string[],
      env: Readonly<Record<string, string>> = {},
    ): Promise<Ended> => {
      const ended = await runHookline(args, {
        env: { ...settings, HOME: folder.path, ...env },
        cwd: folder.path,
      })
      for (const name of ['stdout', 'stderr'] as const)
        places.push({ name: `${name} of ${args.slice(0, 2).join(' ')}`, bytes: Buffer.from(ended[name]) })
      assert.deepEqual([ended.code, ended.stderr], [0, ''], ended.stdout)
      return ended
    }
    const token = { OKTA_API_TOKEN: org.apiToken }
    const inOrg = ['--org', okta.url]

    await hookline(['okta', 'prepare', ...inOrg, '--token-file', tokenFile, '--write-env', envFile, '--yes'])
    const written = parseEnv(readFileSync(envFile, 'utf8'))
    assert.equal(written.LOG_LEVEL, 'info')
    assert.equal(written.HOOKLINE_OKTA_SCOPE, 'telephony.send')

    await hookline(['routes', 'import', ROUTES_OF_TESTS])
    const hook = stack.use(
      await startProgram('src/main/hookline.ts', ['serve'], {
        stdout: join(folder.path, 'serve.out'),
        stderr: join(folder.path, 'serve.err'),
        env: {
          ...CREDENTIALS,
          ...settings,
          ...(written as Record<string, string>),
          PORT: '0',
          AWS_REGION: 'us-east-1',
          AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: carrier.url,
        },
      }),
    )
    const front = stack.use(await startFront(`${hook.ready.ready}/mfa`))
    const { url } = front
    const activated = await hookline(['okta', 'activate', ...inOrg, '--url', url, '--yes'], token)
    assert.match(activated.stdout, /✓ checked/)
    const previewed = await hookline(['okta', 'preview', ...inOrg, '--json', '--locale', 'en'], token)
    const tried = JSON.parse(previewed.stdout) as readonly {
      readonly isGood: boolean
      readonly read: object
    }[]
    assert.equal(tried.length, 8)
    assert.ok(
      tried.every(({ isGood }) => isGood),
      previewed.stdout,
    )

    const sent = [
      'send',
      '--okta',
      okta.url,
      '--carrier',
      carrier.url,
      '--to',
      '+12065550111',
      '--code',
      '740815',
    ]
    assert.match((await hookline(sent)).stdout, /740815/)
    const messages = (await (await fetch(`${carrier.url}/messages`)).json()) as readonly CarrierMessage[]
    assert.equal(messages.length, 10) // the check, eight previews, and the code

    // An answer that is too slow for Okta's three seconds: execute calls once more, and nothing is sent twice.
    const withheld = front.withholdNext()
    const one = ['--channel', 'sms', '--purpose', 'mfa-verification', '--to', '+12065550112', '--json']
    const slow = await hookline(['okta', 'preview', ...inOrg, ...one], token)
    assert.equal(JSON.parse(slow.stdout)[0].isGood, true, slow.stdout)
    assert.equal(withheld(), true)
    const after = (await (await fetch(`${carrier.url}/messages`)).json()) as readonly CarrierMessage[]
    assert.equal(after.length, messages.length + 1)

    await hookline(['okta', 'teardown', ...inOrg, '--yes'], token)
    assert.equal(org.export(), before)

    const files = readdirSync(folder.path, { recursive: true, withFileTypes: true })
      .filter(file => file.isFile() && file.name !== 'token')
      .map(file => join(file.parentPath, file.name))
    const all = [...places, ...files.map(name => ({ name, bytes: readFileSync(name) }))]
    assert.deepEqual(findLeaks([{ name: 'the API token', value: org.apiToken }], all), [])
  })

  test('killed at any moment, and run again: as if it had not been', async () => {
    await using whole = await settingUp()
    await whole.run(`setup --url ${whole.hook.url}`)
    for (const last of ['hook key', 'access policy', 'telephony hook']) {
      await using setting = await settingUp()
      const args = ['okta', 'setup', '--org', setting.okta.url, '--url', setting.hook.url, '--yes']
      const env = { OKTA_API_TOKEN: setting.org.apiToken }
      await using program = startHookline(args, { env })
      await program.prints(new RegExp(`✓ created +${last}`))
      setting.org.setFault({ kind: 'slow', times: 1_000, ms: 600_000 }) // whatever it asks now
      assert.deepEqual(findLeaks([{ name: 'the API token', value: setting.org.apiToken }], processList()), [])
      program.signal('SIGKILL')
      await program.ended
      setting.org.setFault({ kind: 'none' })
      const again = await runHookline(args, { env })
      assert.deepEqual([again.code, again.stderr], [0, ''])
      assert.equal(shapeOf(setting), shapeOf(whole))
    }
  })
})

/** An address in front of the hook that can swallow one answer. */
async function startFront(target: string) {
  let isWithholding = false
  const server = createServer(async (request, response) => {
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers
    const isSwallowed = isWithholding && headers.authorization !== undefined
    if (isSwallowed) isWithholding = false
    const body = await buffer(request)
    const answered = await fetch(target, { method: 'POST', headers: headers as Record<string, string>, body })
    const answer = Buffer.from(await answered.arrayBuffer())
    if (isSwallowed) return
    response.writeHead(answered.status, { 'content-type': 'application/json' }).end(answer)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mfa`,
    /** Swallows the next answer to Okta; what it returns tells whether that happened. */
    withholdNext: () => {
      isWithholding = true
      return () => !isWithholding
    },
    [Symbol.asyncDispose]: (): Promise<void> => {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}

/** What everybody on this machine can see of the arguments of programs; nothing where there is no such list. */
function processList(): readonly Place[] {
  const ids = readdirSync('/proc', { withFileTypes: true }).filter(({ name }) => /^\d+$/.test(name))
  return ids.flatMap(({ name }) => {
    try {
      return [{ name: `process ${name}`, bytes: readFileSync(`/proc/${name}/cmdline`) }]
    } catch {
      return [] // it has ended meanwhile
    }
  })
}
