import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { exitCodes } from '../../src/cli/terminal/problem.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { runHookline } from '../world/run-hookline.ts'

const LIMIT = { timeout: 60_000 }

const { stdout: completions } = await runHookline(['completion', 'bash'])
/** Every command and subcommand, as completion knows them. */
const commands = [...completions.matchAll(/^\s*'hookline ([a-z]+(?:[ -][a-z]+)*)'\) /gm)].map(
  ([, words = '']) => words.split(' '),
)

describe('the command line', LIMIT, () => {
  test('a command whose reader has enough ends without an error, as in `hookline … | head`', async () => {
    const child = startCompletion('pipe')
    child.stdout?.destroy()
    assert.deepEqual(await endOf(child), { code: 0, errors: '' })
  })

  test('a command whose output cannot be written says why, and ends with exit code 1', {
    skip: !existsSync('/dev/full') && 'only Linux has /dev/full',
  }, async () => {
    const full = openSync('/dev/full', 'w')
    const child = startCompletion(full)
    closeSync(full)
    const { code, errors } = await endOf(child)
    assert.equal(code, exitCodes.internalError)
    assert.match(errors, /^Standard output cannot be written: ENOSPC.*\. What it has is incomplete\.\n$/)
  })

  for (const command of commands) {
    test(`${command.join(' ')} --help explains it and changes nothing`, async () => {
      using folder = temporaryFolder()
      const env = { HOOKLINE_DATA_DIR: folder.path }
      const { code, stdout, stderr } = await runHookline([...command, '--help'], { env })
      assert.deepEqual([code, stderr], [0, ''])
      assert.ok(stdout.startsWith(`Usage: hookline ${command.join(' ')}`), stdout)
      assert.deepEqual(readdirSync(folder.path), [])
    })
  }

  test('--help lists every command and every exit code', async () => {
    const { code, stdout } = await runHookline(['--help'])
    assert.equal(code, 0)
    for (const [name = ''] of commands) assert.match(stdout, new RegExp(`^ {2}${name}\\b`, 'm'))
    const [, codes = ''] = stdout.split('Exit codes:')
    assert.deepEqual(
      [...codes.matchAll(/^ {2}(\d+)/gm)].map(([, number]) => Number(number)),
      Object.values(exitCodes),
    )
  })

  const wrong: readonly (readonly [args: readonly string[], says: RegExp])[] = [
    [['teleport'], /unknown command 'teleport'/],
    [['rotues'], /Did you mean routes\?/],
    [['routes', 'imprt'], /Did you mean import\?/],
    [['coverage', '--contries', 'DE'], /Did you mean --countries\?/],
    [['completion', 'tcsh'], /Allowed choices are bash, zsh, fish/],
    [['send', '--colour', 'red', '--to', '+447400123456'], /unknown option '--colour'/],
    [['explain'], /required option '--to <number>' not specified/],
    [['explain', '--to'], /argument missing/],
    [['routes', 'import'], /missing required argument 'file'/],
    [['deliveries', 'all'], /too many arguments/],
    [['stats', '--by', 'number'], /Allowed choices are country, channel/],
  ]
  for (const [args, says] of wrong) {
    test(`hookline ${args.join(' ')}: exit code 2, with what is allowed`, async () => {
      const { code, stdout, stderr } = await runHookline(args)
      assert.deepEqual([code, stdout], [2, ''])
      assert.match(stderr, says)
      assert.match(stderr, /--help/)
    })
  }

  test('--version prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    const { code, stdout } = await runHookline(['--version'])
    assert.deepEqual([code, stdout], [0, `${version}\n`])
  })

  test('completion has every command of the real program, whatever the settings', async () => {
    const { code, stdout, stderr } = await runHookline(['completion', 'bash'], {
      env: { HOOKLINE_PORT: 'x' },
    })
    assert.deepEqual([code, stderr], [0, ''])
    for (const command of commands) assert.match(stdout, new RegExp(`'hookline ${command.join(' ')}'`))
    assert.match(stdout, /'hookline coverage --countries'\) list='all AD AE/)
    assert.match(stdout, /'hookline templates preview --locale'\) list='cs da de/)
  })

  test('nothing is coloured, so NO_COLOR changes nothing', async () => {
    const [plain, asked] = await Promise.all([
      runHookline(['--help'], { env: { NO_COLOR: '1' } }),
      runHookline(['--help'], { env: { FORCE_COLOR: '1' } }),
    ])
    assert.equal(plain.stdout, asked.stdout)
    assert.equal(plain.stdout.includes('\u001b'), false)
  })

  test('without a command it lists the commands', async () => {
    const { code, stderr } = await runHookline([])
    assert.equal(code, 2)
    assert.match(stderr, /Usage: hookline/)
  })
})

describe('the settings of serve', LIMIT, () => {
  test('all wrong settings are listed at once, before anything listens or is written', async () => {
    using folder = temporaryFolder()
    const secret = 'much-too-short'
    const { code, stdout, stderr } = await runHookline(['serve'], {
      env: {
        PORT: '99999',
        HOOKLINE_DATA_DIR: folder.path,
        HOOKLINE_OKTA_ISSUER: 'http://example.okta.com/oauth2/default',
        HOOKLINE_SECRETS: secret,
        HOOKLINE_DEFAULT_COUNTRY: 'Narnia',
        HOOKLINE_BUDGET_MS: '9000',
        HOOKLINE_OTKA_SCOPE: 'telephony.send',
      },
    })
    assert.deepEqual([code, stdout], [3, ''])
    for (const line of [
      /PORT is "99999"; expected a whole number from 0 to 65535/,
      /HOOKLINE_OKTA_ISSUER is "http:.*"; expected an https address/,
      /HOOKLINE_SECRETS is set, but not usable; expected one secret/,
      /HOOKLINE_DEFAULT_COUNTRY is "Narnia"; expected a country code/,
      /HOOKLINE_BUDGET_MS is "9000"; expected a whole number from 500 to 2500/,
      /HOOKLINE_OTKA_SCOPE is not a setting of Hookline/,
    ]) {
      assert.match(stderr, line)
    }
    assert.equal(stderr.includes(secret), false)
    assert.deepEqual(readdirSync(folder.path), [])
  })

  test('without any, it lists everything that serve needs', async () => {
    using folder = temporaryFolder()
    const { code, stdout, stderr } = await runHookline(['serve'], { cwd: folder.path })
    assert.deepEqual([code, stdout], [3, ''])
    for (const line of [
      /No authentication method is set/,
      /HOOKLINE_HASH_KEY is missing/,
      /AWS_REGION is missing/,
    ]) {
      assert.match(stderr, line)
    }
    assert.deepEqual(readdirSync(folder.path), [])
  })

  test('an incomplete credential is refused', async () => {
    using folder = temporaryFolder()
    const env = { HOOKLINE_SECRET_HEADER: 'X-Hook-Secret', HOOKLINE_OKTA_AUDIENCE: 'api://default' }
    const { code, stderr } = await runHookline(['serve'], { env, cwd: folder.path })
    assert.equal(code, 3)
    assert.match(stderr, /Missing HOOKLINE_OKTA_ISSUER, HOOKLINE_OKTA_CLIENT_ID, HOOKLINE_OKTA_SCOPE: /)
    assert.match(stderr, /Missing HOOKLINE_SECRETS: /)
  })
})

function startCompletion(stdout: 'pipe' | number): ChildProcess {
  const program = fileURLToPath(new URL('../../src/main/hookline.ts', import.meta.url))
  return spawn(process.execPath, [program, 'completion', 'bash'], { stdio: ['ignore', stdout, 'pipe'] })
}

async function endOf(child: ChildProcess): Promise<{ readonly code: number; readonly errors: string }> {
  const [errors = [], [code]] = await Promise.all([child.stderr?.toArray(), once(child, 'close')])
  return { code, errors: Buffer.concat(errors).toString() }
}
