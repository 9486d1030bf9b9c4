import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { parseEnv } from 'node:util'
import { filesBesideSources } from '../../tools/build/programs.ts'
import { OKTA } from '../journeys/deploying.ts'
import { FREE_PORTS, printedAddresses } from '../world/processes.ts'
import { complaintsOf } from '../world/run-hookline.ts'
import { type Installed, installPackage, oldestNode, version } from './installed.ts'

/** The package in an empty folder, with the Node of development and with the oldest that it is made for. */
const NODES = [
  ['the Node of development', async () => process.execPath],
  ['the oldest Node', oldestNode],
] as const

for (const [name, findNode] of NODES) {
  describe(`the installed package with ${name}`, { timeout: 300_000 }, () => {
    let installed: Installed
    before(async () => {
      installed = await installPackage(await findNode())
    })
    after(() => installed[Symbol.dispose]())

    /** Runs a command to its end, which must print no warning, not even one of Node. */
    async function hookline(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
      await using program = installed.start(args, env)
      const ended = await program.ended
      assert.deepEqual([ended.code, complaintsOf(ended)], [0, ''], `${args.join(' ')}\n${ended.stdout}`)
      return ended.stdout
    }

    test('start --once shows both codes, enters one and ends: tokens, the store, receipts, events and speech work', async t => {
      const began = performance.now()
      const { stdout, stderr } = await installed.type('npx', ['hookline', 'start', '--once', ...FREE_PORTS])
      t.diagnostic(`npx hookline start --once: ${Math.round(performance.now() - began)} ms`)
      assert.equal(stderr, '')
      assert.match(stdout, /✓ delivered: SMS[\s\S]+ is your Okta sign-in code/)
      assert.match(stdout, /✓ delivered: voice call[\s\S]+Su código/)
      assert.match(stdout, /✓ answered: the code to \+14254147755 was entered \d+ s after the request/)
    })

    test('start --aws --once runs the functions of this release on Node 24, as on AWS, and says so on another', async t => {
      const startedAt = performance.now()
      await using program = installed.start(['start', '--aws', '--once', ...FREE_PORTS])
      const { code, stdout, stderr } = await program.ended
      if (name === 'the oldest Node') {
        assert.deepEqual([code, stdout], [2, ''])
        assert.match(
          stderr,
          /^The functions run on Node 24, as on AWS, and this is Node 22\.\d+\.\d+\. [^\n]+\n$/,
        )
        return
      }
      t.diagnostic(`hookline start --aws --once: ${Math.round(performance.now() - startedAt)} ms`)
      assert.deepEqual([code, stderr], [0, ''])
      assert.match(stdout, /✓ delivered: SMS[\s\S]+✓ delivered: voice call/)
    })

    test('every command is loaded and has its help', async () => {
      assert.equal(await hookline(['--version']), `${version}\n`)
      const help = await hookline(['--help'])
      const commands = [...help.matchAll(/^ {2}([a-z]+) .*\S/gm)].map(([, command = '']) => command)
      assert.ok(commands.length >= 12, help)
      for (const command of commands.filter(one => one !== 'done' && one !== 'help')) {
        const text = await hookline([command, '--help'])
        assert.match(text, new RegExp(`^Usage: hookline ${command}`))
        for (const [, sub = ''] of text.split('\nCommands:')[1]?.matchAll(/^ {2}([a-z-]+)/gm) ?? []) {
          assert.match(await hookline([command, sub, '--help']), /^Usage: hookline /)
        }
      }
    })

    test('an empty org is set up, checked, used and taken down by the commands that start prints', async () => {
      const args = ['start', '--empty-org', ...FREE_PORTS, '--aws-port', '0']
      await using program = installed.start(args)
      const [text] = await program.prints(/In a second terminal[\s\S]+Ctrl-C ends everything/)
      const [, file = ''] = /^ {2}set -a; \. (\S+); set \+a$/m.exec(text) ?? []
      const env = parseEnv(readFileSync(join(installed.folder, file), 'utf8')) as Record<string, string>
      const commands = text.match(/(?<=^ {2}npx hookline ).+$/gm) ?? []
      assert.deepEqual(
        commands.map(command => command.match(/^(?:okta )?\w+/)?.[0]),
        ['okta setup', 'doctor', 'okta preview', 'send', 'okta teardown'],
      )
      for (const command of commands) {
        const asks = /^okta (setup|teardown) /.test(command)
        await hookline([...command.split(' '), ...(asks ? ['--yes'] : [])], env)
      }
      const { carrier } = await printedAddresses(program)
      const page = await fetch(`${carrier}/`)
      assert.deepEqual([page.status, /<title>/.test(await page.text())], [200, true])
    })

    for (const workers of ['1', '2']) {
      test(`serve with HOOKLINE_WORKERS=${workers} answers without any stand-in, and ends at a signal`, async () => {
        await using program = installed.start(['serve'], {
          HOOKLINE_OKTA_ISSUER: 'http://127.0.0.1:1/oauth2/default',
          HOOKLINE_OKTA_AUDIENCE: 'https://hook.example',
          HOOKLINE_OKTA_CLIENT_ID: '0oa1',
          HOOKLINE_OKTA_SCOPE: 'telephony.send',
          HOOKLINE_HASH_KEY: 'k'.repeat(43),
          HOOKLINE_DATA_DIR: join(installed.folder, 'served'),
          AWS_REGION: 'us-east-1',
          HOOKLINE_WORKERS: workers,
          HOOKLINE_METRICS_PORT: '0',
        })
        const [, address = '', metrics = ''] = await program.prints(
          /"url":"(http:\/\/127\.0\.0\.1:\d+)\/mfa","metrics":"([^"]+)"/,
        )
        assert.equal((await fetch(`${address}/healthz`)).status, 200)
        assert.match(await (await fetch(metrics)).text(), /^hookline_steps_total\{/m)
        program.interrupt()
        const ended = await program.ended
        assert.deepEqual([ended.code, ended.stderr], [0, ''])
      })
    }

    test('templates preview writes a page that stands without its sources', async () => {
      await hookline(['templates', 'preview', '--all', '--out', 'preview'])
      const page = readFileSync(join(installed.folder, 'preview', 'index.html'), 'utf8')
      assert.match(page, /<style>[\s\S]+<script>/)
    })

    test('deploy --dry-run shows what the release of this package would make, without CDK and bundler', async t => {
      await using aws = installed.startOther('aws-stand-in', ['--port', '0'])
      const [, url = ''] = await aws.prints(/(http:\/\/127\.0\.0\.1:\d+)/)
      const services = [
        'CLOUDFORMATION',
        'S3',
        'STS',
        'PINPOINT_SMS_VOICE_V2',
        'IAM',
        'API_GATEWAY',
        'LAMBDA',
      ]
      const env = {
        ...Object.fromEntries(services.map(service => [`AWS_ENDPOINT_URL_${service}`, url])),
        OKTA_IP_RANGES_URL: `${url}/okta-ranges`,
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'stand-in',
        AWS_SECRET_ACCESS_KEY: 'stand-in',
      }
      const began = performance.now()
      const text = await hookline(['deploy', '--dry-run', ...OKTA], env)
      t.diagnostic(`hookline deploy --dry-run: ${Math.round(performance.now() - began)} ms`)
      const { release } = JSON.parse(readFileSync(installed.path('dist', 'release.json'), 'utf8'))
      assert.match(text, new RegExp(release))
      assert.match(text, /^new +function \(Lambda\) /m)
    })

    test('has every file that its code reads at its own place, and every page that messages name', () => {
      for (const path of Object.values(filesBesideSources).flat()) assert.ok(readSize(path), path)
      for (const page of ['settings', 'okta', 'errors', 'languages']) assert.ok(readSize(`docs/${page}.md`))
      function readSize(path: string): boolean {
        return path.endsWith('page')
          ? readSize(`${path}/index.html`)
          : readFileSync(installed.path(path)).length > 0
      }
    })
  })
}
