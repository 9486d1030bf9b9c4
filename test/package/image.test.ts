import assert from 'node:assert/strict'
import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { canBuildImage } from '../../tools/build/can-build-image.ts'
import { repository } from '../../tools/build/package-plugins.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const run = promisify(execFile)
const isRequired = process.env.HOOKLINE_REQUIRE_BUILDAH === '1'
const skip =
  canBuildImage() || isRequired
    ? false
    : 'needs root, buildah, unshare and chroot; the image is not tested here'

type ImageConfig = {
  readonly User: string
  readonly Env: readonly string[]
  readonly Entrypoint: readonly string[]
  readonly Cmd: readonly string[]
  readonly Healthcheck: { readonly Test: readonly string[] }
  readonly Volumes: Readonly<Record<string, object>>
}

/**
 * The image of `Containerfile`, on a base with only this machine's Node and the Debian libraries that it needs. Its
 * content is started as its configuration says, in its own read-only root and as its own user.
 */
describe('the container image', { timeout: 300_000, skip }, () => {
  const folder = temporaryFolder()
  const storage = [
    '--root',
    join(folder.path, 'root'),
    '--runroot',
    join(folder.path, 'run'),
    '--storage-driver',
    'vfs',
  ]
  const buildah = async (...args: readonly string[]): Promise<string> =>
    (await run('buildah', [...storage, ...args], { maxBuffer: 32 * 1024 * 1024 })).stdout.trim()
  let config: ImageConfig
  let root: string

  before(async () => {
    const base = join(folder.path, 'base')
    for (const library of librariesOf(process.execPath)) copyInto(base, library, library)
    copyInto(base, process.execPath, '/usr/local/bin/node')
    writeFileSync(join(folder.path, 'Base'), 'FROM scratch\nCOPY . /\nENV PATH=/usr/local/bin\n')
    const build = ['build', '--isolation', 'chroot', '--format', 'docker', '--quiet']
    await buildah(...build, '-f', join(folder.path, 'Base'), '-t', 'localhost/base', base)
    await buildah(
      ...[...build, '--build-arg', 'BASE=localhost/base', '-t', 'localhost/hookline'],
      ...['-f', join(repository, 'Containerfile'), join(repository, 'dist', 'package')],
    )
    const inspected = JSON.parse(await buildah('inspect', '--type', 'image', 'localhost/hookline'))
    config = inspected.Docker.config
    root = await buildah('mount', await buildah('from', 'localhost/hookline'))
  })
  after(async () => {
    await buildah('rm', '--all').catch(() => undefined)
    folder[Symbol.dispose]()
  })

  test('is not run by root, keeps its data in a volume, and has a health check', () => {
    assert.equal(config.User, '10001:10001')
    assert.deepEqual(Object.keys(config.Volumes), ['/data'])
    assert.deepEqual(config.Healthcheck.Test.slice(-2), ['/opt/hookline/dist/hookline.js', 'healthz'])
  })

  test('answers its health check in a root that is read-only, and ends at a signal', async () => {
    const ofImage = Object.fromEntries(config.Env.map(line => line.split(/=(.*)/s).slice(0, 2)))
    const environment = { ...ofImage, ...SETTINGS, IMAGE_PATH: ofImage.PATH, PATH: process.env.PATH }
    // As a container engine does: the root is read-only, and only the volume is writable.
    const mounts =
      'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && mount -t tmpfs -o uid=10001,mode=700 data "$0/data"'
    const inside = (args: readonly string[]): [string, string[]] => [
      'unshare',
      [
        '-m',
        'sh',
        '-c',
        `${mounts} && chroot=$(command -v chroot) && PATH=$IMAGE_PATH exec $chroot --userspec=${config.User} "$0" "$@"`,
        root,
        ...args,
      ],
    ]
    const server = spawn(...inside([...config.Entrypoint, ...config.Cmd]), {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const complaints: string[] = []
    server.stderr.setEncoding('utf8').on('data', text => complaints.push(text))
    const ended = once(server, 'close')
    try {
      for await (const text of server.stdout.setEncoding('utf8')) if (text.includes('"listening"')) break
      const [, ...check] = config.Healthcheck.Test
      await run(...inside(check), { env: environment })
      const elsewhere = run(...inside(check), { env: { ...environment, PORT: '1' } })
      await assert.rejects(elsewhere, { code: 5, stderr: /127\.0\.0\.1:1\/healthz does not answer/ })
    } finally {
      server.kill('SIGTERM')
    }
    assert.deepEqual([await ended, complaints], [[0, null], []])
  })
})

const SETTINGS = {
  PORT: '18080',
  HOOKLINE_OKTA_ISSUER: 'https://example.okta.com/oauth2/default',
  HOOKLINE_OKTA_AUDIENCE: 'https://hook.example',
  HOOKLINE_OKTA_CLIENT_ID: '0oa1',
  HOOKLINE_OKTA_SCOPE: 'telephony.send',
  HOOKLINE_HASH_KEY: 'k'.repeat(43),
  AWS_REGION: 'us-east-1',
}

/** Of Debian: libc6, libstdc++6 and libgcc-s1, with the loader. */
function librariesOf(program: string): readonly string[] {
  const output = execFileSync('ldd', [program], { encoding: 'utf8' })
  return [...output.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path)
}

function copyInto(root: string, from: string, to: string): void {
  const target = join(root, to)
  mkdirSync(dirname(target), { recursive: true })
  copyFileSync(from, target)
}
